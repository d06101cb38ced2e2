"""What an account holds, as plain values that can be compared: `snapshot(client)`, `differences(before, after)`.

As a program, for the molecule scenario, which has no other way to count what is left:

    python -m tests.integration.system.account take ENDPOINT FILE
    python -m tests.integration.system.account compare ENDPOINT FILE [--besides SERVICE:KIND:NAME ...]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

REGION = "ap-northeast-1"
# What AWS counts or dates by itself while a system is used.
VOLATILE = {
    *{"LastAccessedDate", "LastUsedDate", "RoleLastUsed", "ResponseMetadata", "lastRecordedPullTime"},
    *{"storedBytes", "ItemCount", "TableSizeBytes"},
}
Client = Callable[[str], Any]
Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """Resources that one call lists. `names`: the fields that may hold a resource's name, the first that is there."""

    service: str
    operation: str
    items: str
    names: tuple[str, ...] = ()
    arguments: dict[str, Any] = field(default_factory=dict)


OF_ECS = {"ServiceNamespace": "ecs"}
KINDS = (
    Kind("ec2", "describe_vpcs", "Vpcs", ("VpcId",)),
    Kind("ec2", "describe_subnets", "Subnets", ("SubnetId",)),
    Kind("ec2", "describe_route_tables", "RouteTables", ("RouteTableId",)),
    Kind("ec2", "describe_security_groups", "SecurityGroups", ("GroupName",)),
    Kind("ec2", "describe_security_group_rules", "SecurityGroupRules", ("SecurityGroupRuleId",)),
    Kind("ec2", "describe_vpc_endpoints", "VpcEndpoints", ("VpcEndpointId",)),
    Kind("ec2", "describe_nat_gateways", "NatGateways", ("NatGatewayId",)),
    Kind("ec2", "describe_internet_gateways", "InternetGateways", ("InternetGatewayId",)),
    Kind("ec2", "describe_vpn_gateways", "VpnGateways", ("VpnGatewayId",)),
    Kind("ec2", "describe_network_interfaces", "NetworkInterfaces", ("NetworkInterfaceId",)),
    Kind("ec2", "describe_addresses", "Addresses", ("AllocationId",)),
    Kind("iam", "list_roles", "Roles", ("RoleName",)),
    Kind("iam", "list_policies", "Policies", ("PolicyName",), {"Scope": "Local"}),
    Kind("lambda", "list_functions", "Functions", ("FunctionName",)),
    Kind("dynamodb", "list_tables", "TableNames"),
    Kind("apigateway", "get_rest_apis", "items", ("name",)),
    Kind("logs", "describe_log_groups", "logGroups", ("logGroupName",)),
    Kind("ecr", "describe_repositories", "repositories", ("repositoryName",)),
    Kind("elbv2", "describe_load_balancers", "LoadBalancers", ("LoadBalancerName",)),
    Kind("elbv2", "describe_target_groups", "TargetGroups", ("TargetGroupName",)),
    Kind("ecs", "list_clusters", "clusterArns"),
    Kind("ecs", "list_task_definitions", "taskDefinitionArns"),
    Kind(
        "application-autoscaling",
        "describe_scalable_targets",
        "ScalableTargets",
        ("ResourceId",),
        {"ServiceNamespace": "ecs"},
    ),
    Kind(
        "application-autoscaling",
        "describe_scaling_policies",
        "ScalingPolicies",
        ("PolicyARN",),
        {"ServiceNamespace": "ecs"},
    ),
    Kind(
        "application-autoscaling",
        "describe_scheduled_actions",
        "ScheduledActions",
        ("ScheduledActionARN",),
        {"ServiceNamespace": "ecs"},
    ),
    Kind("cloudwatch", "describe_alarms", "MetricAlarms", ("AlarmName",)),
    Kind("secretsmanager", "list_secrets", "SecretList", ("Name",)),
)


def client(endpoint: str) -> Client:
    """Makes clients of a local cloud."""
    session: Any = boto3.Session("testing", "testing", region_name=REGION)
    return lambda service: session.client(service, endpoint_url=endpoint, config=Config(proxies={}))


def snapshot(make: Client, services: Container[str] | None = None, besides: Container[str] = ()) -> Snapshot:
    """Every resource under `service:kind:name`, without what changes by itself; only of some services, if named.

    `besides`: kinds, as `service:kind`, that are not asked for.
    """
    kinds = [kind for kind in KINDS if services is None or kind.service in services]
    kinds = [kind for kind in kinds if f"{kind.service}:{kind.items}" not in besides]
    return {name: value for kind in kinds for name, value in _listed(make(kind.service), kind)}


def differences(before: Snapshot, after: Snapshot, besides: Iterable[str] = ()) -> list[str]:
    """One line for each resource that came, went or changed, apart from those in `besides`."""
    lines = []
    for name in sorted((before.keys() | after.keys()) - set(besides)):
        if name not in before:
            lines.append(f"came: {name}")
        elif name not in after:
            lines.append(f"went: {name}")
        elif before[name] != after[name]:
            lines.append(f"changed: {name}: {before[name]} -> {after[name]}")
    return lines


def _listed(service: Any, kind: Kind) -> Iterable[tuple[str, Any]]:
    paginate = service.can_paginate(kind.operation)
    pages = (
        service.get_paginator(kind.operation).paginate(**kind.arguments)
        if paginate
        else [getattr(service, kind.operation)(**kind.arguments)]
    )
    for page in pages:
        for item in page[kind.items]:
            name = next((item[key] for key in kind.names), item)
            # A NAT gateway that was deleted is shown for an hour, a network interface never.
            if not (isinstance(item, dict) and item.get("State") == "deleted"):
                yield f"{kind.service}:{kind.items}:{name}", _plain(item)


def _plain(value: Any) -> Any:
    """Without volatile fields, lists in an order of their own, dates as text: as JSON gives it back."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in sorted(value.items()) if key not in VOLATILE}
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def main(words: list[str]) -> int:
    """0: taken, or nothing differs; 1: something does."""
    parser = argparse.ArgumentParser(description="Take or compare a snapshot of an account.")
    parser.add_argument("action", choices=["take", "compare"])
    parser.add_argument("endpoint")
    parser.add_argument("file", type=Path)
    parser.add_argument("--besides", action="append", default=[])
    options = parser.parse_args(words)
    now = snapshot(client(options.endpoint))
    if options.action == "take":
        options.file.write_text(json.dumps(now, indent=1), encoding="utf-8")
        return 0
    lines = differences(json.loads(options.file.read_text(encoding="utf-8")), now, options.besides)
    print("\n".join(lines) or "nothing differs")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
