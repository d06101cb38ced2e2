"""A registered task definition, with the overrides of one task, as plain values. Pure.

Field names and defaults: ECS API reference, RegisterTaskDefinition and RunTask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STOP_SECONDS = 30
"""`stopTimeout` of Fargate where none is registered."""


@dataclass(frozen=True)
class LogTarget:
    """Options of the `awslogs` driver."""

    group: str
    prefix: str
    create_group: bool = False


@dataclass(frozen=True)
class Container:
    """One container definition. `command`, `entry_point` are None where the image's own count."""

    name: str
    image: str
    essential: bool = True
    entry_point: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    working_directory: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    log: LogTarget | None = None
    stop_seconds: int = STOP_SECONDS


@dataclass(frozen=True)
class Definition:
    """What one task runs."""

    arn: str
    family: str
    cpu: str
    memory: str
    execution_role: str
    task_role: str
    containers: tuple[Container, ...]


def read(registered: Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Definition:
    """From DescribeTaskDefinition's `taskDefinition` and a task's `overrides`."""
    over = overrides or {}
    changes = {change["name"]: change for change in over.get("containerOverrides", [])}
    return Definition(
        arn=registered["taskDefinitionArn"],
        family=registered["family"],
        cpu=str(over.get("cpu") or registered.get("cpu", "")),
        memory=str(over.get("memory") or registered.get("memory", "")),
        execution_role=over.get("executionRoleArn") or registered.get("executionRoleArn") or "",
        task_role=over.get("taskRoleArn") or registered.get("taskRoleArn") or "",
        containers=tuple(_container(c, changes.get(c["name"], {})) for c in registered["containerDefinitions"]),
    )


def _container(registered: Mapping[str, Any], change: Mapping[str, Any]) -> Container:
    environment = _pairs(registered.get("environment"), "value") | _pairs(change.get("environment"), "value")
    return Container(
        name=registered["name"],
        image=registered["image"],
        essential=registered.get("essential", True),
        entry_point=_optional(registered.get("entryPoint")),
        command=_optional(change.get("command") or registered.get("command")),
        working_directory=registered.get("workingDirectory") or "",
        environment=environment,
        secrets=_pairs(registered.get("secrets"), "valueFrom"),
        ports=tuple(int(p["containerPort"]) for p in registered.get("portMappings") or []),
        log=_log(registered.get("logConfiguration") or {}),
        stop_seconds=int(registered.get("stopTimeout") or STOP_SECONDS),
    )


def _pairs(entries: Sequence[Mapping[str, str]] | None, value: str) -> dict[str, str]:
    return {entry["name"]: entry[value] for entry in entries or []}


def _optional(words: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(words) if words else None


def _log(configuration: Mapping[str, Any]) -> LogTarget | None:
    if configuration.get("logDriver") != "awslogs":
        return None
    options = configuration.get("options") or {}
    create = options.get("awslogs-create-group") == "true"
    return LogTarget(options.get("awslogs-group", ""), options.get("awslogs-stream-prefix", ""), create)
