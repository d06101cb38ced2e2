#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecs_cluster
version_added: 1.0.0
short_description: Manage an ECS cluster
description:
  - Creates, corrects and deletes a cluster, its capacity providers, Container Insights and tags.
  - A cluster that was deleted (INACTIVE) counts as absent and is created again.
  - Stands on the ECS API CreateCluster, PutClusterCapacityProviders, UpdateCluster, TagResource, DeleteCluster.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the cluster, 1 to 255 letters, digits, hyphens and underscores.
    type: str
    required: true
  capacity_providers:
    description: Exactly these capacity providers, for example V(FARGATE).
    type: list
    elements: str
  default_capacity_provider_strategy:
    description: Strategy of services and tasks that name none.
    type: list
    elements: dict
    suboptions:
      capacity_provider:
        description: A provider of O(capacity_providers).
        type: str
        required: true
      base:
        description: Tasks at least on this provider, 0 to 100000.
        type: int
        default: 0
      weight:
        description: Share of the other tasks, 0 to 1000.
        type: int
        default: 1
  container_insights:
    description: CloudWatch Container Insights.
    type: str
    choices: [disabled, enabled, enhanced]
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Cluster of the chat page
  private_rag.aws.ecs_cluster:
    name: ChatbotFrontendClusterProd
    capacity_providers: [FARGATE]
    default_capacity_provider_strategy:
      - capacity_provider: FARGATE
    container_insights: enabled
    deployment: chatbot-prod
"""

RETURN = r"""
cluster:
  description: The cluster; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: ChatbotFrontendClusterProd
    arn: arn:aws:ecs:ap-northeast-1:123456789012:cluster/ChatbotFrontendClusterProd
    capacity_providers: [FARGATE]
    default_capacity_provider_strategy: [{capacity_provider: FARGATE, base: 0, weight: 1}]
    container_insights: enabled
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {container_insights: {before: disabled, after: enabled}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import (
    MOST_TASKS,
    STRATEGY_SPEC,
    set_tags,
    strategy_of,
    strategy_request,
    tags_of,
    tags_request,
    wanted_strategy,
)
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, given_sets, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "capacity_providers": {"type": "list", "elements": "str"},
    "default_capacity_provider_strategy": STRATEGY_SPEC,
    "container_insights": {"type": "str", "choices": ["disabled", "enabled", "enhanced"]},
}
PROVIDERS = {"capacity_providers", "default_capacity_provider_strategy"}


class Cluster(Resource):
    kind = "ECS cluster"
    key = "cluster"
    computed = {"arn": "cluster arn"}

    def desired(self) -> State:
        state = {
            **given(self.params, "name", "container_insights"),
            **given_sets(self.params, "capacity_providers"),
            **self.tags(),
        }
        strategy = self.params["default_capacity_provider_strategy"]
        if strategy is not None:
            state["default_capacity_provider_strategy"] = wanted_strategy(strategy)
        return state

    def read(self) -> State | None:
        answer = self.client("ecs").describe_clusters(clusters=[self.params["name"]], include=["SETTINGS", "TAGS"])
        # A deleted cluster 'may remain discoverable' as INACTIVE: API_DeleteCluster.
        found = next((item for item in answer["clusters"] if item["status"] != "INACTIVE"), None)
        if found is None:
            return None
        settings = {item["name"]: item["value"] for item in found.get("settings", [])}
        return {
            "name": found["clusterName"],
            "arn": found["clusterArn"],
            "capacity_providers": sorted(found.get("capacityProviders", [])),
            "default_capacity_provider_strategy": strategy_of(found.get("defaultCapacityProviderStrategy")),
            "container_insights": settings.get("containerInsights", "disabled"),
            "tags": tags_of(found.get("tags")),
        }

    def create(self, desired: State) -> None:
        request: State = {}
        if "capacity_providers" in desired:
            request["capacityProviders"] = desired["capacity_providers"]
        if "default_capacity_provider_strategy" in desired:
            strategy = strategy_request(desired["default_capacity_provider_strategy"])
            request["defaultCapacityProviderStrategy"] = strategy
        if "container_insights" in desired:
            request["settings"] = self._settings(desired)
        self.client("ecs").create_cluster(clusterName=desired["name"], **request, **tags_request(desired.get("tags")))
        self._wait()

    def update(self, current: State, changes: Changes) -> None:
        ecs, wanted = self.client("ecs"), {**current, **wanted_values(changes)}
        if PROVIDERS & changes.keys():
            # Both lists are replaced by what is sent: API_PutClusterCapacityProviders.
            ecs.put_cluster_capacity_providers(
                cluster=current["name"],
                capacityProviders=wanted["capacity_providers"],
                defaultCapacityProviderStrategy=strategy_request(wanted["default_capacity_provider_strategy"]),
            )
            self._wait()
        if "container_insights" in changes:
            ecs.update_cluster(cluster=current["name"], settings=self._settings(wanted))
        if "tags" in changes:
            set_tags(ecs, current["arn"], changes["tags"])

    def delete(self, current: State) -> None:
        ecs, name = self.client("ecs"), current["name"]
        # With those that stopped within the hour, in no order: all are asked for, not only the first.
        stopping = pages(ecs, "list_tasks", "taskArns", cluster=name, desiredStatus="STOPPED")
        for first in range(0, len(stopping), MOST_TASKS):
            # The tasks of a deleted service hold the cluster until they have stopped: ClusterContainsTasksException.
            wait(ecs, "ecs_tasks_stopped", cluster=name, tasks=stopping[first : first + MOST_TASKS])
        ecs.delete_cluster(cluster=name)

    def _wait(self) -> None:
        wait(self.client("ecs"), "ecs_cluster_ready", clusters=[self.params["name"]], include=["ATTACHMENTS"])

    @staticmethod
    def _settings(fields: State) -> list[dict[str, str]]:
        return [{"name": "containerInsights", "value": fields["container_insights"]}]


def main() -> None:
    run(Cluster, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
