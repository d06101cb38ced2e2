"""What ECS refuses of a task definition as a whole: what its containers say of each other and of the task."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.ecs.fargate import CLIENT, REGISTER, containers, fargate
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
PREFLIGHT = "cdk-preflight 1.9.1, "
Container = dict[str, Any]
FIRELENS = "awsfirelens"
RESTART = (60, 1800)
CAPABILITY = "SYS_PTRACE"
UNSUPPORTED = "Fargate compatible task definitions do not support {what}"


def _first(faults: Iterator[str]) -> Verdict:
    fault = next(faults, None)
    return {"fault": fault} if fault else None


def _number(text: str | None, unit: str) -> float:
    """``512``, ``1 GB``, ``.25 vCPU`` in MiB or CPU units; 0 where it is not given."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([A-Za-z]*)\s*", text or "")
    return float(match[1]) * (1024 if match[2].lower() == unit else 1) if match else 0


@refuses(
    "ecs-container-size",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source=PREFLIGHT
    + "ecs-container-memory-over-task, -reservation, -required and ecs-fargate-container-cpu-over-task",
)
def container_size(call: Call) -> Verdict:
    return _first(_size_faults(call))


def _size_faults(call: Call) -> Iterator[str]:
    memory, cpu = _number(call.get("memory"), "gb"), _number(call.get("cpu"), "vcpu")
    for each in containers(call):
        most, least = each.get("memory"), each.get("memoryReservation")
        if memory and max(most or 0, least or 0) > memory:
            yield f"The 'memory' setting for container '{each.get('name')}' is greater than for the task"
        if most and least and least > most:
            yield "'memory' must be greater than or equal to 'memoryReservation'"
        if not (memory or most or least):
            yield "At least one of 'memory' or 'memoryReservation' must be specified"
    if cpu and sum(each.get("cpu") or 0 for each in containers(call)) > cpu:
        yield "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value"


@refuses(
    "ecs-depends-on",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source=PREFLIGHT + "ecs-dependson-* and ecs-volumesfrom-source-container-missing",
)
def depends_on(call: Call) -> Verdict:
    return _first(_dependency_faults(call))


def _dependency_faults(call: Call) -> Iterator[str]:
    known = {each.get("name"): each for each in containers(call)}
    for each in containers(call):
        for dependency in each.get("dependsOn") or []:
            name, condition = dependency.get("containerName"), dependency.get("condition")
            if name not in known:
                yield f"Cannot depend on container {name} because it does not exist"
            elif condition == "HEALTHY" and not known[name].get("healthCheck"):
                yield "A dependency container with HEALTHY condition must have health check configured"
            elif condition in ("COMPLETE", "SUCCESS") and known[name].get("essential", True):
                yield "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        for source in each.get("volumesFrom") or []:
            if source.get("sourceContainer") not in known:
                yield f"Invalid 'volumesFrom' setting. Unknown container: '{source.get('sourceContainer')}'"


@refuses(
    "ecs-mount-point",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Unknown volume '{name}'.",
    source=PREFLIGHT + "ecs-mountpoint-source-volume-missing",
)
def mount_point(call: Call) -> Verdict:
    known = {each.get("name") for each in call.get("volumes") or []}
    sent = [each for container in containers(call) for each in container.get("mountPoints") or []]
    return next(({"name": each.get("sourceVolume")} for each in sent if each.get("sourceVolume") not in known), None)


@refuses(
    "ecs-firelens",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="When awsfirelens log driver is specified in log configuration, a firelens configuration object must be "
    "specified.",
    source=PREFLIGHT + "ecs-awsfirelens-without-router",
)
def firelens(call: Call) -> Verdict:
    drivers = [(each.get("logConfiguration") or {}).get("logDriver") for each in containers(call)]
    return FIRELENS in drivers and not any(each.get("firelensConfiguration") for each in containers(call))


def _linux(name: str) -> Callable[[Container], object]:
    return lambda container: (container.get("linuxParameters") or {}).get(name)


def _capability(container: Container) -> bool:
    added = ((container.get("linuxParameters") or {}).get("capabilities") or {}).get("add") or []
    return any(each != CAPABILITY for each in added)


ON_NO_FARGATE: dict[str, Callable[[Container], object]] = {
    "devices": _linux("devices"),
    "maxSwap": _linux("maxSwap"),
    "sharedMemorySize": _linux("sharedMemorySize"),
    "dockerSecurityOptions": lambda container: container.get("dockerSecurityOptions"),
    "capabilities other than SYS_PTRACE": _capability,
    "GPU resource requirements": lambda container: any(
        each.get("type") == "GPU" for each in container.get("resourceRequirements") or []
    ),
}


@refuses(
    "ecs-not-on-fargate",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source=PREFLIGHT
    + "ecs-fargate-* (devices, max-swap, shared-memory-size, docker-security-options, capabilities-add, "
    "gpu-resource, ipc-mode, pid-mode-host, placement-constraints)",
)
def not_on_fargate(call: Call) -> Verdict:
    return _first(_fargate_faults(call)) if fargate(call) else None


def _fargate_faults(call: Call) -> Iterator[str]:
    if call.get("pidMode") == "host":
        yield "Tasks using the Fargate launch type do not support pidMode 'host'"
    if call.get("ipcMode"):
        yield UNSUPPORTED.format(what="ipcMode")
    if call.get("placementConstraints"):
        yield UNSUPPORTED.format(what="constraints")
    for each in containers(call):
        yield from (UNSUPPORTED.format(what=what) for what, sent in ON_NO_FARGATE.items() if sent(each))


@refuses(
    "ecs-windows",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="No Fargate configuration exists for given values: {what}",
    source=PREFLIGHT + "ecs-windows-arm64 and ecs-fargate-windows-cpu-under-1vcpu",
)
def windows(call: Call) -> Verdict:
    platform = call.get("runtimePlatform") or {}
    if not (fargate(call) and (platform.get("operatingSystemFamily") or "").startswith("WINDOWS")):
        return None
    if platform.get("cpuArchitecture") == "ARM64":
        return {"what": "ARM64 on Windows"}
    return {"what": "less than 1 vCPU on Windows"} if _number(call.get("cpu"), "vcpu") < 1024 else None


@refuses(
    "ecs-port-name",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="port mapping name is already used",
    source=PREFLIGHT + "ecs-port-mapping-duplicate-name",
)
def port_name(call: Call) -> Verdict:
    mappings = [each for container in containers(call) for each in container.get("portMappings") or []]
    names = [each["name"] for each in mappings if each.get("name")]
    return len(set(names)) < len(names)


@refuses(
    "ecs-restart-policy",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="the 'restartAttemptPeriod' setting for container '{name}' must be between 60 and 1800",
    source=PREFLIGHT + "ecs-restart-policy-attempt-period-range",
)
def restart_policy(call: Call) -> Verdict:
    for each in containers(call):
        period = (each.get("restartPolicy") or {}).get("restartAttemptPeriod")
        if period is not None and not RESTART[0] <= period <= RESTART[1]:
            return {"name": each.get("name")}
    return None
