#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: application_autoscaling_target
version_added: 1.0.0
short_description: Manage a scalable target of Application Auto Scaling
description:
  - Registers, corrects and deregisters a scalable target, its capacity limits, its suspended activities and its tags.
  - Never undoes what a scheduled action did to the minimum capacity, see O(scheduled_min_capacities).
  - Stands on the Application Auto Scaling API RegisterScalableTarget, DescribeScalableTargets, TagResource,
    DeleteScalingPolicy, DeregisterScalableTarget (which deletes policies and scheduled actions too).
author:
  - private_rag.aws contributors (@private-rag)
options:
  min_capacity:
    description: Least capacity, at least 0. Needed to register it.
    type: int
  max_capacity:
    description: Most capacity, at least O(min_capacity). Needed to register it.
    type: int
  scheduled_min_capacities:
    description:
      - The minimum capacities that scheduled actions set.
      - A current minimum between the least and the greatest of these and O(min_capacity) is the schedule's work and no
        difference.
    type: list
    elements: int
    default: []
  suspended_state:
    description: Scaling activities that are suspended. Only the keys given are managed.
    type: dict
    suboptions:
      dynamic_scaling_in_suspended:
        description: Scaling in by policies.
        type: bool
      dynamic_scaling_out_suspended:
        description: Scaling out by policies.
        type: bool
      scheduled_scaling_suspended:
        description: Scaling by schedules.
        type: bool
  policy_names:
    description: A scaling policy with any other name than these is removed. Left out, others are left alone.
    type: list
    elements: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - private_rag.aws.scalable_target
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The chat page runs 1 to 5 tasks, on weekdays at least 2
  private_rag.aws.application_autoscaling_target:
    resource_id: service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    min_capacity: 1
    max_capacity: 5
    scheduled_min_capacities: [1, 2]
    policy_names: [CpuUtilizationScaling]
    deployment: chatbot-prod
"""

RETURN = r"""
scalable_target:
  description: The scalable target; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    service_namespace: ecs
    resource_id: service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    scalable_dimension: ecs:service:DesiredCount
    arn: arn:aws:application-autoscaling:ap-northeast-1:123456789012:scalable-target/0ec5e6ca3f1d2b4c5d6e7f8091a2b3c4
    min_capacity: 2
    max_capacity: 5
    extra_policies: []
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
  sample: {max_capacity: {before: 10, after: 5}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._autoscaling import (
    TARGET_SPEC,
    target_fields,
    target_request,
)
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import below, flat, given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._retries import patiently
from ansible_collections.private_rag.aws.plugins.module_utils._tags import own_tags, tag_changes

SUSPENDED = {
    "dynamic_scaling_in_suspended": "DynamicScalingInSuspended",
    "dynamic_scaling_out_suspended": "DynamicScalingOutSuspended",
    "scheduled_scaling_suspended": "ScheduledScalingSuspended",
}
ARGUMENT_SPEC: dict[str, Any] = {
    **TARGET_SPEC,
    "min_capacity": {"type": "int"},
    "max_capacity": {"type": "int"},
    "scheduled_min_capacities": {"type": "list", "elements": "int", "default": []},
    "suspended_state": {"type": "dict", "options": {option: {"type": "bool"} for option in SUSPENDED}},
    "policy_names": {"type": "list", "elements": "str"},
}


class ScalableTarget(Resource):
    kind = "scalable target"
    key = "scalable_target"
    identity = ("resource_id",)
    computed = {"arn": "scalable target arn"}

    def desired(self) -> State:
        state = {
            **target_fields(self.params),
            **given(self.params, "min_capacity", "max_capacity"),
            **flat("suspended_state", self.params["suspended_state"]),
            **self.tags(),
        }
        if state.get("min_capacity", 0) > state.get("max_capacity", state.get("min_capacity", 0)):
            raise ReconcileError(f"{self.label}: min_capacity is greater than max_capacity")
        if self.params["policy_names"] is not None:
            state["extra_policies"] = []
        return state

    def read(self) -> State | None:
        client, target = self.client("application-autoscaling"), target_request(self.params)
        search = {**target, "ResourceIds": [target["ResourceId"]]}
        search.pop("ResourceId")
        found = next(iter(pages(client, "describe_scalable_targets", "ScalableTargets", **search)), None)
        if found is None:
            return None
        arn, suspended = found.get("ScalableTargetARN", ""), found.get("SuspendedState", {})
        return {
            **target_fields(self.params),
            "arn": arn,
            "min_capacity": found["MinCapacity"],
            "max_capacity": found["MaxCapacity"],
            **{f"suspended_state.{field}": suspended.get(key, False) for field, key in SUSPENDED.items()},
            "extra_policies": self._extra_policies(),
            "tags": own_tags(client.list_tags_for_resource(ResourceARN=arn)["Tags"]),
        }

    def create(self, desired: State) -> None:
        if not {"min_capacity", "max_capacity"} <= desired.keys():
            raise ReconcileError(f"{self.label} is not registered: min_capacity and max_capacity are needed")
        tags = {"Tags": desired["tags"]} if desired.get("tags") else {}
        register = self.client("application-autoscaling").register_scalable_target
        patiently("scalable_target_registrable", register)(
            **target_request(self.params), **limits_request(desired), **tags
        )

    def update(self, current: State, changes: Changes) -> None:
        client, target = self.client("application-autoscaling"), target_request(self.params)
        wanted = wanted_values(changes)
        # What is left out stays as it is, the schedule's minimum above all: API_RegisterScalableTarget.
        limits = limits_request(wanted)
        if limits:
            client.register_scalable_target(**target, **limits)
        for name in current["extra_policies"] if "extra_policies" in wanted else []:
            client.delete_scaling_policy(**target, PolicyName=name)
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                client.tag_resource(ResourceARN=current["arn"], Tags=to_set)
            if to_remove:
                client.untag_resource(ResourceARN=current["arn"], TagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("application-autoscaling").deregister_scalable_target(**target_request(self.params))

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        bounds = [desired.get("min_capacity", 0), *self.params["scheduled_min_capacities"]]
        if "min_capacity" in changes and min(bounds) <= current["min_capacity"] <= max(bounds):
            del changes["min_capacity"]
        return changes

    def _extra_policies(self) -> list[str]:
        wanted = self.params["policy_names"]
        if wanted is None:
            return []
        client, target = self.client("application-autoscaling"), target_request(self.params)
        found = pages(client, "describe_scaling_policies", "ScalingPolicies", **target)
        return sorted(policy["PolicyName"] for policy in found if policy["PolicyName"] not in wanted)


def limits_request(fields: State) -> State:
    """Limits and suspended activities as RegisterScalableTarget takes them."""
    request = {
        key: fields[field]
        for field, key in (("min_capacity", "MinCapacity"), ("max_capacity", "MaxCapacity"))
        if field in fields
    }
    suspended = {SUSPENDED[field]: value for field, value in below("suspended_state", fields).items()}
    return {**request, **({"SuspendedState": suspended} if suspended else {})}


def main() -> None:
    run(ScalableTarget, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
