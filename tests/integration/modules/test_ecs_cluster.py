"""ecs_cluster: every field, ownership, and a cluster that comes back."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended
from tests.integration.running import Runner

MODULE = "ecs_cluster"
CLUSTER: dict[str, Any] = {
    "name": "ChatbotFrontendClusterTest",
    "capacity_providers": ["FARGATE"],
    "default_capacity_provider_strategy": [{"capacity_provider": "FARGATE"}],
    "container_insights": "enabled",
    "deployment": DEPLOYMENT,
}


def test_drift(cloud: Cloud, run_module: Runner) -> None:
    arn = run_module.applied(MODULE, CLUSTER)["cluster"]["arn"]
    ecs, name = cloud.client("ecs"), CLUSTER["name"]
    ecs.put_cluster_capacity_providers(
        cluster=name,
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    ecs.update_cluster(cluster=name, settings=[{"name": "containerInsights", "value": "disabled"}])
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "by", "value": "hand"}])
    fields = {"capacity_providers", "default_capacity_provider_strategy", "container_insights", "tags"}
    drifted(run_module, MODULE, CLUSTER, fields)


def test_adopted_ended_and_made_again(cloud: Cloud, run_module: Runner) -> None:
    cloud.client("ecs").create_cluster(clusterName=CLUSTER["name"])
    adopted(run_module, MODULE, CLUSTER)
    ended(run_module, MODULE, CLUSTER)
    assert run_module.applied(MODULE, CLUSTER)["action"] == "create"
