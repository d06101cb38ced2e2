"""How a rolling deployment of a service stands, told from its tasks: pure functions on plain data.

A deployment is what DescribeServices lists under ``deployments``. It is COMPLETED once its healthy tasks
reach the desired count and no older task is left (ECS guide, 'deployment state'); the circuit breaker
trips after half the desired count of failed tasks, at least 3 and at most 200 (ECS guide, 'How the Amazon
ECS deployment circuit breaker detects failures').
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Record = dict[str, Any]
PENDING = ("PROVISIONING", "PENDING", "ACTIVATING")
FAILED_CODES = ("TaskFailedToStart", "EssentialContainerExited")


def tasks_of(deployment: Record, tasks: list[Record]) -> list[Record]:
    """The tasks a deployment started; by its id where the task says it, else by its task definition."""
    return [task for task in tasks if _belongs(task, deployment)]


def _belongs(task: Record, deployment: Record) -> bool:
    if task.get("startedBy"):
        return bool(task["startedBy"] == deployment["id"])
    return bool(task.get("taskDefinitionArn") == deployment["taskDefinition"])


def count(tasks: list[Record], *statuses: str) -> int:
    """How many tasks have one of the statuses."""
    return sum(task.get("lastStatus") in statuses for task in tasks)


def failed(tasks: list[Record]) -> int:
    """How many tasks stopped by failing: to start, to keep running, or its health checks."""
    return sum(
        task.get("lastStatus") == "STOPPED"
        and (task.get("stopCode") in FAILED_CODES or "failed" in (task.get("stoppedReason") or ""))
        for task in tasks
    )


def threshold(desired: int) -> int:
    """The number of failed tasks at which the circuit breaker trips."""
    return min(200, max(3, -(-desired // 2)))


def settle(service: Record, tasks: list[Record], healthy: Callable[[Record], bool], now: Any) -> None:
    """Bring the service's deployments up to date with its tasks; changes ``service`` in place.

    ``service`` has ``desiredCount``, ``breaker`` (enable, rollback) and ``deployments``, newest first.
    """
    for deployment in service["deployments"]:
        own = tasks_of(deployment, tasks)
        deployment["runningCount"] = count(own, "RUNNING")
        deployment["pendingCount"] = count(own, *PENDING)
        deployment["failedTasks"] = failed(own) if deployment["rolloutState"] != "COMPLETED" else 0
    primary, older = service["deployments"][0], service["deployments"][1:]
    primary["desiredCount"] = service["desiredCount"]
    for deployment in older:
        # Old tasks may go as new ones come up, so that the service keeps its minimum healthy percent.
        deployment["desiredCount"] = max(0, service["desiredCount"] - primary["runningCount"])
    if primary["rolloutState"] == "IN_PROGRESS":
        _progress(service, primary, tasks, healthy, now)
    if primary["rolloutState"] == "COMPLETED":
        busy = [each for each in older if each["runningCount"] or each["pendingCount"]]
        service["deployments"] = [primary, *busy]


def _progress(
    service: Record, primary: Record, tasks: list[Record], healthy: Callable[[Record], bool], now: Any
) -> None:
    ready = [task for task in tasks_of(primary, tasks) if task.get("lastStatus") == "RUNNING"]
    leftover = sum(each["runningCount"] + each["pendingCount"] for each in service["deployments"][1:])
    enough = sum(healthy(task) for task in ready) >= service["desiredCount"]
    if enough and not leftover:
        _mark(primary, "COMPLETED", f"ECS deployment {primary['id']} completed.", now)
        service["lastGood"] = primary["taskDefinition"]
    elif service["breaker"].get("enable") and primary["failedTasks"] >= threshold(service["desiredCount"]):
        _trip(service, primary, now)


def _mark(deployment: Record, state: str, reason: str, now: Any) -> None:
    deployment.update({"rolloutState": state, "rolloutStateReason": reason, "updatedAt": now})


def _trip(service: Record, primary: Record, now: Any) -> None:
    _mark(primary, "FAILED", "ECS deployment circuit breaker: tasks failed to start.", now)
    good = service.get("lastGood")
    if service["breaker"].get("rollback") and good and good != primary["taskDefinition"]:
        service["rollBackTo"] = good


def begin(service: Record, deployment_id: str, fields: Record, now: Any) -> None:
    """Start a new deployment: it becomes PRIMARY, the others stay ACTIVE until their tasks are gone."""
    for older in service.setdefault("deployments", []):
        older["status"] = "ACTIVE"
    started = {
        "id": deployment_id,
        "status": "PRIMARY",
        "desiredCount": service["desiredCount"],
        "runningCount": 0,
        "pendingCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {deployment_id} in progress.",
        **fields,
    }
    service["deployments"] = [started, *service["deployments"]]
