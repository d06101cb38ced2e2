"""Reads the deployed load balancer, its target groups, and the tasks behind them from the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_cloud.data.account import Account
from local_cloud.data.elb.model import LoadBalancer, TargetGroup, rules, target_group

HTTP_PORT = 80


@dataclass(frozen=True)
class Target:
    """A task's address and port in a target group; `draining` while the task is being stopped."""

    address: str
    port: int
    draining: bool = False


@dataclass(frozen=True)
class Deployed:
    """What is there now; `balancer` is None before anything is deployed."""

    balancer: LoadBalancer | None
    groups: Mapping[str, TargetGroup]
    targets: Mapping[str, tuple[Target, ...]]


async def read_balancer(account: Account) -> tuple[LoadBalancer | None, dict[str, TargetGroup]]:
    """The application load balancer (the first by name where there are several) and all target groups."""
    found = await account.pages("elbv2", "describe_load_balancers", "LoadBalancers")
    applications = [b for b in found if b.get("Type", "application") == "application"]
    groups = await account.pages("elbv2", "describe_target_groups", "TargetGroups")
    known = {g["TargetGroupArn"]: target_group(g, await _group_attributes(account, g)) for g in groups}
    if not applications:
        return None, known
    return await _balancer(account, min(applications, key=lambda b: b["LoadBalancerName"])), known


async def _balancer(account: Account, described: Mapping[str, Any]) -> LoadBalancer:
    arn = described["LoadBalancerArn"]
    answer = await account.call("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)
    attributes = {a["Key"]: a["Value"] for a in answer["Attributes"]}
    listeners = await account.pages("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    plain = next((item for item in listeners if item["Port"] == HTTP_PORT), None)
    described_rules: list[Mapping[str, Any]] = []
    if plain:
        described_rules = await account.pages("elbv2", "describe_rules", "Rules", ListenerArn=plain["ListenerArn"])
        if not any(rule["Priority"] == "default" for rule in described_rules):
            described_rules.append({"Priority": "default", "Actions": plain["DefaultActions"]})
    return LoadBalancer(
        arn=arn,
        name=described["LoadBalancerName"],
        subnets=tuple(zone["SubnetId"] for zone in described["AvailabilityZones"]),
        group_ids=tuple(described.get("SecurityGroups") or ()),
        rules=rules(described_rules),
        idle_seconds=float(attributes.get("idle_timeout.timeout_seconds", "60")),
    )


async def _group_attributes(account: Account, described: Mapping[str, Any]) -> dict[str, str]:
    answer = await account.call("elbv2", "describe_target_group_attributes", TargetGroupArn=described["TargetGroupArn"])
    return {a["Key"]: a["Value"] for a in answer["Attributes"]}


async def read_targets(account: Account) -> dict[str, tuple[Target, ...]]:
    """Target group ARN -> the tasks that ECS registered there: those of the services that name the group."""
    targets: dict[str, list[Target]] = {}
    for cluster in await account.pages("ecs", "list_clusters", "clusterArns"):
        arns = await account.pages("ecs", "list_services", "serviceArns", cluster=cluster)
        if not arns:
            continue
        answer = await account.call("ecs", "describe_services", cluster=cluster, services=arns[:10])
        for service in answer["services"]:
            balancers = [b for b in service.get("loadBalancers") or [] if b.get("targetGroupArn")]
            tasks = await _tasks(account, cluster, service["serviceName"]) if balancers else []
            for balancer in balancers:
                found = targets.setdefault(balancer["targetGroupArn"], [])
                found += [t for task in tasks if (t := _target(task, balancer["containerPort"]))]
    return {arn: tuple(found) for arn, found in targets.items()}


async def _tasks(account: Account, cluster: str, service: str) -> list[dict[str, Any]]:
    arns = [
        arn
        for status in ("RUNNING", "STOPPED")
        for arn in await account.pages(
            "ecs", "list_tasks", "taskArns", cluster=cluster, serviceName=service, desiredStatus=status
        )
    ]
    described: list[dict[str, Any]] = []
    for start in range(0, len(arns), 100):
        answer = await account.call("ecs", "describe_tasks", cluster=cluster, tasks=arns[start : start + 100])
        described += answer["tasks"]
    return described


def _target(task: Mapping[str, Any], port: int) -> Target | None:
    if task.get("lastStatus") not in ("RUNNING", "DEACTIVATING"):
        return None
    details = [d for a in task.get("attachments") or [] for d in a.get("details") or []]
    address = next((d["value"] for d in details if d["name"] == "privateIPv4Address"), "")
    return Target(address, int(port), task["lastStatus"] != "RUNNING") if address else None
