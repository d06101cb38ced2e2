"""ECS task definitions: the defaults AWS fills in, and when they were registered.

Defaults of PortMapping (API reference): protocol tcp; in awsvpc mode the host port is the container port.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from local_cloud.control.calls import Call, Proceed, Result, repairs

Record = dict[str, Any]


@repairs("ecs", "RegisterTaskDefinition")
def register_task_definition(call: Call, proceed: Proceed) -> Result:
    """Registered with the defaults, described with the tags that were sent."""
    for container in call.params.get("containerDefinitions") or []:
        _fill(container, call.get("networkMode"))
    result = proceed(call.params)
    arn = result["taskDefinition"]["taskDefinitionArn"]
    call.state.kept[arn] = {"registeredAt": datetime.now(UTC)}
    if call.get("tags"):
        result["tags"] = call.params["tags"]
    return _complete(call, result)


def _fill(container: Record, network_mode: str | None) -> None:
    for mapping in container.get("portMappings") or []:
        mapping.setdefault("protocol", "tcp")
        mapping.setdefault("hostPort", mapping.get("containerPort") if network_mode == "awsvpc" else 0)
    container.setdefault("systemControls", [])
    container.setdefault("portMappings", [])


def _complete(call: Call, result: Result) -> Result:
    shown = result["taskDefinition"]
    shown.update(call.state.kept.get(shown["taskDefinitionArn"], {}))
    return result


@repairs("ecs", "DescribeTaskDefinition", "DeregisterTaskDefinition")
def describe_task_definition(call: Call, proceed: Proceed) -> Result:
    """The complete description."""
    return _complete(call, proceed())
