"""A rolling deployment's next step: how many tasks to start, which to stop. Pure.

Amazon ECS developer guide, 'Rolling update': never fewer than minimumHealthyPercent (rounded up) healthy tasks,
never more than maximumPercent (rounded down) tasks that run or start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TaskState:
    """One task of the service as it stands; `older` is a lower number for an older task."""

    id: str
    deployment: str
    healthy: bool
    stopping: bool = False
    older: int = 0


@dataclass(frozen=True)
class ServiceState:
    """What the service wants; `primary` is the id of its PRIMARY deployment."""

    desired: int
    primary: str
    primary_failed: bool = False
    minimum_percent: int = 100
    maximum_percent: int = 200


@dataclass(frozen=True)
class Step:
    """`start` tasks of the primary deployment, and stop these."""

    start: int
    stop: tuple[str, ...]


def next_step(service: ServiceState, tasks: Sequence[TaskState]) -> Step:
    """What to do now; asked again when it is done."""
    active = [task for task in tasks if not task.stopping]
    new = [task for task in active if task.deployment == service.primary]
    old = [task for task in active if task.deployment != service.primary]
    if service.primary_failed:
        # A tripped breaker without rollback starts nothing more and leaves what runs.
        return Step(0, ())
    most = service.desired * service.maximum_percent // 100
    room = max(0, most - len(tasks))
    start = min(max(0, service.desired - len(new)), room)
    return Step(start, (*_surplus(service, new), *_replaced(service, new, old)))


def _surplus(service: ServiceState, new: Sequence[TaskState]) -> list[str]:
    """Scaling in: those that are not healthy first, then the newest."""
    too_many = len(new) - service.desired
    ranked = sorted(new, key=lambda task: (task.healthy, -task.older))
    return [task.id for task in ranked[: max(0, too_many)]]


def _replaced(service: ServiceState, new: Sequence[TaskState], old: Sequence[TaskState]) -> list[str]:
    """Old tasks that are not needed to keep the minimum."""
    least = -(-service.desired * service.minimum_percent // 100)
    healthy = sum(task.healthy for task in new)
    stopped = [task.id for task in old if not task.healthy]
    waiting = sorted((task for task in old if task.healthy), key=lambda task: task.older)
    spare = max(0, healthy + len(waiting) - least)
    if healthy >= service.desired:
        spare = len(waiting)
    return stopped + [task.id for task in waiting[:spare]]


def spread(subnets: Sequence[str], used: Sequence[str]) -> str:
    """The subnet with the fewest tasks; the first of equals."""
    return min(subnets, key=used.count)
