"""ECS clusters: settings can be changed, and the counts are those of the reported tasks."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.repairs import ecs_rollout
from local_cloud.control.repairs.ecs_services import cluster_name

Record = dict[str, Any]


@repairs("ecs", "CreateCluster")
def create_cluster(call: Call, proceed: Proceed) -> Result:
    """An active cluster of that name is answered as it is; moto would replace it."""
    name = (call.get("clusterName") or "default").split("/")[-1]
    existing = backend("ecs", call.region).clusters.get(name)
    if existing is not None and existing.status == "ACTIVE":
        return {"cluster": _plain(existing)}
    return proceed()


@repairs("ecs", "UpdateClusterSettings")
def update_cluster_settings(call: Call, proceed: Proceed) -> Result:
    """Not in moto: replace the named settings, leave the others."""
    cluster = _required(call)
    _merge(cluster, call.params["settings"])
    return {"cluster": _plain(cluster)}


@repairs("ecs", "UpdateCluster")
def update_cluster(call: Call, proceed: Proceed) -> Result:
    """Settings are merged by name; the rest is moto's."""
    before = list(_required(call).settings)
    result = proceed()
    cluster = _required(call)
    cluster.settings = before
    _merge(cluster, call.get("settings") or [])
    result["cluster"]["settings"] = cluster.settings
    return result


def _required(call: Call) -> Any:
    name = cluster_name(call)
    cluster = backend("ecs", call.region).clusters.get(name)
    if cluster is None or cluster.status == "INACTIVE":
        raise AwsError("ClusterNotFoundException", "Cluster not found.")
    return cluster


def _merge(cluster: Any, settings: list[dict[str, str]]) -> None:
    merged = {each["name"]: each for each in [*cluster.settings, *settings]}
    cluster.settings = list(merged.values())


def _plain(cluster: Any) -> Record:
    return {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "settings": cluster.settings,
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        "tags": cluster.tags or [],
    }


@repairs("ecs", "DescribeClusters")
def describe_clusters(call: Call, proceed: Proceed) -> Result:
    """Live counts of tasks and services; a deleted cluster is described as INACTIVE.

    Lists are shown where they are empty too, as in the examples of ``aws ecs create-cluster`` in the AWS CLI reference.
    """
    result = proceed()
    for shown in result["clusters"]:
        _count(call, shown)
        for empty in ("capacityProviders", "defaultCapacityProviderStrategy"):
            shown.setdefault(empty, [])
    return result


def _count(call: Call, shown: Record) -> None:
    arn = shown["clusterArn"]
    tasks = [task for task in call.state.tasks.values() if task.get("clusterArn") == arn]
    shown["runningTasksCount"] = ecs_rollout.count(tasks, "RUNNING")
    shown["pendingTasksCount"] = ecs_rollout.count(tasks, *ecs_rollout.PENDING)
    shown["activeServicesCount"] = sum(
        service["cluster"] == arn and not service["deleted"] for service in call.state.services.values()
    )


@repairs("ecs", "ListClusters")
def list_clusters(call: Call, proceed: Proceed) -> Result:
    """ACTIVE clusters only (ListClusters does not return INACTIVE ones)."""
    result = proceed()
    clusters = backend("ecs", call.region).clusters
    arns = {cluster.arn for cluster in clusters.values() if cluster.status != "INACTIVE"}
    result["clusterArns"] = [arn for arn in result["clusterArns"] if arn in arns]
    return result
