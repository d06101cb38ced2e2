"""What ECS refuses of a task definition's containers, volumes and storage on Fargate."""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.ecs.fargate import CLIENT, REGISTER, containers, fargate
from local_cloud.control.rules import Verdict, refuses

SERVICE = "ecs"
PREFLIGHT = "cdk-preflight 1.9.1, "
LEAST_STORAGE, MOST_STORAGE = 21, 200
ENVIRONMENT_FILES = 10
NOT_IN_AWSVPC = {
    "hostname": "hostname is not supported on container when networkMode=awsvpc",
    "extraHosts": "Extra hosts are not supported on container when networkMode=awsvpc",
    "dnsServers": "DNS servers are not supported on container when networkMode=awsvpc",
    "disableNetworking": "Disable Networking is not supported on container when networkMode=awsvpc",
    "links": "Links are not supported when networkMode=awsvpc",
}


@refuses(
    "ecs-awsvpc-container",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source=PREFLIGHT + "ecs-awsvpc-hostname, -awsvpc-extra-hosts, -fargate-links, -dns-servers and -disable-networking",
)
def awsvpc_container(call: Call) -> Verdict:
    if call.get("networkMode") != "awsvpc":
        return None
    faults = [words for each in containers(call) for name, words in NOT_IN_AWSVPC.items() if each.get(name)]
    return {"fault": faults[0]} if faults else None


@refuses(
    "ecs-ephemeral-storage",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="EphemeralStorage size should be at {bound}",
    source=PREFLIGHT + "ecs-ephemeral-storage-range",
)
def ephemeral_storage(call: Call) -> Verdict:
    size = (call.get("ephemeralStorage") or {}).get("sizeInGiB")
    if size is None or LEAST_STORAGE <= size <= MOST_STORAGE:
        return None
    return {"bound": f"least {LEAST_STORAGE}" if size < LEAST_STORAGE else f"most {MOST_STORAGE}"}


@refuses(
    "ecs-ulimit",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Soft limit exceeds hard limit for ulimit {name}",
    source=PREFLIGHT + "ecs-ulimit-soft-over-hard",
)
def ulimit(call: Call) -> Verdict:
    sent = [each for container in containers(call) for each in container.get("ulimits") or []]
    return next(({"name": each.get("name")} for each in sent if each["softLimit"] > each["hardLimit"]), None)


@refuses(
    "ecs-fargate-volume",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="Fargate compatible task definitions do not support {what}",
    source=PREFLIGHT + "ecs-fargate-host-source-path and -docker-volume",
)
def fargate_volume(call: Call) -> Verdict:
    for each in call.get("volumes") or [] if fargate(call) else []:
        if (each.get("host") or {}).get("sourcePath"):
            return {"what": "sourcePath"}
        if each.get("dockerVolumeConfiguration"):
            return {"what": "dockerVolumeConfiguration"}
    return None


@refuses(
    "ecs-environment-file",
    SERVICE,
    REGISTER,
    code=CLIENT,
    message="{fault}",
    source=PREFLIGHT + "ecs-environment-files-type and -environment-files-max",
)
def environment_file(call: Call) -> Verdict:
    for container in containers(call):
        files: list[dict[str, Any]] = container.get("environmentFiles") or []
        if len(files) > ENVIRONMENT_FILES:
            return {"fault": "The maximum number of environment files was exceeded. Specify ten or less and try again."}
        if any(not each.get("value", "").startswith("arn:") for each in files):
            return {"fault": "Invalid arn syntax"}
    return None
