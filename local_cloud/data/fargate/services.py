"""The services that are deployed, read from the account, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_cloud.data.account import Account
from local_cloud.data.fargate.plan import ServiceState

DESCRIBED_AT_ONCE = 10
"""DescribeServices takes up to 10 names."""


@dataclass(frozen=True)
class Service:
    """One service; `settled` is False while a deployment is under way."""

    arn: str
    name: str
    cluster_arn: str
    state: ServiceState
    task_definition: str
    subnets: tuple[str, ...]
    group_ids: tuple[str, ...]
    target_groups: tuple[str, ...]
    grace_seconds: int
    settled: bool

    @property
    def group(self) -> str:
        """ECS's name for the tasks of this service."""
        return f"service:{self.name}"


async def read_all(account: Account) -> list[Service]:
    """Every service that is not deleted, of every cluster."""
    services = []
    for cluster in await account.pages("ecs", "list_clusters", "clusterArns"):
        arns = await account.pages("ecs", "list_services", "serviceArns", cluster=cluster)
        for start in range(0, len(arns), DESCRIBED_AT_ONCE):
            some = arns[start : start + DESCRIBED_AT_ONCE]
            answer = await account.call("ecs", "describe_services", cluster=cluster, services=some)
            services += [parse(s) for s in answer["services"] if s["status"] == "ACTIVE"]
    return services


def parse(described: Mapping[str, Any]) -> Service:
    """From DescribeServices. What counts for new tasks is the PRIMARY deployment's."""
    primary = next(d for d in described["deployments"] if d["status"] == "PRIMARY")
    rules = described.get("deploymentConfiguration") or {}
    network = (primary.get("networkConfiguration") or described.get("networkConfiguration") or {}).get(
        "awsvpcConfiguration", {}
    )
    failed = primary.get("rolloutState") == "FAILED"
    return Service(
        arn=described["serviceArn"],
        name=described["serviceName"],
        cluster_arn=described["clusterArn"],
        state=ServiceState(
            desired=described["desiredCount"],
            primary=primary["id"],
            primary_failed=failed,
            minimum_percent=rules.get("minimumHealthyPercent", 100),
            maximum_percent=rules.get("maximumPercent", 200),
        ),
        task_definition=primary["taskDefinition"],
        subnets=tuple(network.get("subnets", ())),
        group_ids=tuple(network.get("securityGroups", ())),
        target_groups=tuple(
            b["targetGroupArn"] for b in described.get("loadBalancers") or [] if b.get("targetGroupArn")
        ),
        grace_seconds=int(described.get("healthCheckGracePeriodSeconds") or 0),
        settled=len(described["deployments"]) == 1 and primary.get("rolloutState") != "IN_PROGRESS",
    )
