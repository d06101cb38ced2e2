# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the ECS modules share: tags, capacity provider strategies, network, and why tasks stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs

STRATEGY_SPEC: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {
        "capacity_provider": {"type": "str", "required": True},
        "base": {"type": "int", "default": 0},
        "weight": {"type": "int", "default": 1},
    },
}
# DescribeTasks takes at most 100 tasks: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
MOST_TASKS = 100


def strategy_of(items: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """A capacity provider strategy as ECS tells it, in the option's form. Weight 0 and base 0 are ECS's defaults."""
    found = [
        {"capacity_provider": item["capacityProvider"], "base": item.get("base", 0), "weight": item.get("weight", 0)}
        for item in items or []
    ]
    return sorted(found, key=lambda item: str(item["capacity_provider"]))


def wanted_strategy(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The option's strategy in a stable order: its order means nothing to ECS."""
    return sorted((dict(item) for item in items), key=lambda item: str(item["capacity_provider"]))


def strategy_request(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The option's strategy as ECS takes it."""
    return [
        {"capacityProvider": item["capacity_provider"], "base": item["base"], "weight": item["weight"]}
        for item in items
    ]


def network_request(subnet_ids: list[str], security_group_ids: list[str], public_ip: bool) -> dict[str, Any]:
    """The C(networkConfiguration) of a service or task in awsvpc mode."""
    return {
        "awsvpcConfiguration": {
            "subnets": subnet_ids,
            "securityGroups": security_group_ids,
            "assignPublicIp": "ENABLED" if public_ip else "DISABLED",
        }
    }


def tags_of(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """ECS's tags (lower-case keys) as a dict."""
    return from_pairs(pairs, "key", "value")


def tags_request(tags: Mapping[str, str] | None) -> dict[str, Any]:
    """The C(tags) argument of ECS's Create, Register and Run calls; none where there are no tags."""
    return {"tags": to_pairs(tags, "key", "value")} if tags else {}


def set_tags(ecs: Any, arn: str, change: tuple[dict[str, str] | None, dict[str, str]]) -> None:
    """Bring the tags of an ECS resource from C(change[0]) to C(change[1])."""
    to_set, to_remove = tag_changes(change[0] or {}, change[1])
    if to_set:
        ecs.tag_resource(resourceArn=arn, tags=to_pairs(to_set, "key", "value"))
    if to_remove:
        ecs.untag_resource(resourceArn=arn, tagKeys=to_remove)


def why_stopped(task: Mapping[str, Any]) -> str:
    """Why a task stopped, in ECS's own words: the task's reason, then each container's reason or exit code."""
    reasons = [task.get("stoppedReason", "")]
    for container in task.get("containers", []):
        if container.get("reason"):
            reasons.append(f"{container.get('name')}: {container['reason']}")
        elif container.get("exitCode"):
            reasons.append(f"{container.get('name')}: exit code {container['exitCode']}")
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))


def stopped_reasons(ecs: Any, cluster: str, service: str, most: int = 3) -> list[str]:
    """Why the last tasks of a service stopped, the same reason once. ECS shows stopped tasks for an hour."""
    arns = ecs.list_tasks(cluster=cluster, serviceName=service, desiredStatus="STOPPED")["taskArns"]
    if not arns:
        return []
    tasks = ecs.describe_tasks(cluster=cluster, tasks=arns[:MOST_TASKS])["tasks"]
    tasks.sort(key=lambda task: str(task.get("stoppedAt") or task.get("createdAt") or ""), reverse=True)
    return list(dict.fromkeys(reason for reason in map(why_stopped, tasks) if reason))[:most]
