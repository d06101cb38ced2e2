"""DescribeTargetHealth answers what the data plane's load balancer found."""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import Call, Proceed, Result, repairs
from local_cloud.control.state import State

Record = dict[str, Any]


@repairs("elbv2", "DescribeTargetHealth")
def describe_target_health(call: Call, proceed: Proceed) -> Result:
    """The reported targets of the group, with what moto knows where nothing was reported."""
    result = proceed()
    reported = call.state.target_health.get(call.params["TargetGroupArn"])
    if reported is None:
        return result
    asked = call.get("Targets") or []
    wanted = {(target["Id"], target.get("Port")) for target in asked}
    ids = {target["Id"] for target in asked if target.get("Port") is None}
    shown = [
        _description(target)
        for target in reported
        if not asked or target["id"] in ids or (target["id"], target["port"]) in wanted
    ]
    return {"TargetHealthDescriptions": shown}


def _description(target: Record) -> Record:
    health = {"State": target["state"]}
    for key in ("reason", "description"):
        if target.get(key):
            health[key.capitalize()] = target[key]
    described: Record = {
        "Target": {"Id": target["id"], "Port": target["port"]},
        "HealthCheckPort": str(target["port"]),
        "TargetHealth": health,
    }
    return described


def is_healthy(state: State, group_arn: str, task: Record) -> bool:
    """Whether the load balancer of the group finds the task healthy; False while nothing is reported."""
    reported = state.target_health.get(group_arn) or []
    addresses = addresses_of(task)
    return any(each["id"] in addresses and each["state"] == "healthy" for each in reported)


def addresses_of(task: Record) -> set[str]:
    """The private addresses of a task, from its attachments' details."""
    details = [detail for attachment in task.get("attachments") or [] for detail in attachment.get("details") or []]
    return {each["value"] for each in details if each.get("name") == "privateIPv4Address"}
