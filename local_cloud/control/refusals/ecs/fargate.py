"""What ECS refuses of task definitions for Fargate."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

REGISTER = "RegisterTaskDefinition"
CLIENT = "ClientException"
WORDS = "as quoted in public error reports"
MEMORY = "wording from memory"
GIB = 1024
# ECS guide, 'Task definition differences for Fargate, task CPU and memory': CPU units -> MiB.
FARGATE: dict[int, list[int]] = {
    256: [512, 1 * GIB, 2 * GIB],
    512: [each * GIB for each in range(1, 5)],
    1024: [each * GIB for each in range(2, 9)],
    2048: [each * GIB for each in range(4, 17)],
    4096: [each * GIB for each in range(8, 31)],
    8192: [each * GIB for each in range(16, 61, 4)],
    16384: [each * GIB for each in range(32, 121, 8)],
}
ECR_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/.+")


def fargate(call: Call) -> bool:
    return "FARGATE" in (call.get("requiresCompatibilities") or [])


def containers(call: Call) -> list[dict[str, Any]]:
    return call.get("containerDefinitions") or []


def _units(text: str | None, unit: str, factor: int) -> int:
    """``256``, ``.25 vCPU``, ``512``, ``1 GB`` as units or MiB; 0 where it is neither."""
    number, _space, suffix = (text or "").strip().partition(" ")
    try:
        return int(float(number) * factor) if suffix.lower() == unit else int(number)
    except ValueError:
        return 0


@refuses(
    "ecs-fargate-size",
    "ecs",
    REGISTER,
    code=CLIENT,
    message="No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
    "See the Amazon ECS documentation for the valid values.",
    source="ECS guide, 'Task CPU and memory'; " + WORDS,
)
def fargate_size(call: Call) -> Verdict:
    cpu, memory = _units(call.get("cpu"), "vcpu", 1024), _units(call.get("memory"), "gb", GIB)
    if not fargate(call) or memory in FARGATE.get(cpu, []):
        return None
    return {"cpu": call.get("cpu"), "memory": call.get("memory")}


@refuses(
    "ecs-fargate-network-mode",
    "ecs",
    REGISTER,
    code=CLIENT,
    message="Fargate only supports network mode \u2018awsvpc\u2019.",
    source="cdk-preflight 1.9.1, ecs-fargate-network-mode",
)
def fargate_network_mode(call: Call) -> Verdict:
    return fargate(call) and call.get("networkMode") != "awsvpc"


@refuses(
    "ecs-ecr-image-without-role",
    "ecs",
    REGISTER,
    code=CLIENT,
    message="Fargate requires task definition to have execution role ARN to support ECR images.",
    source="ECS guide, 'Task execution IAM role'; " + WORDS,
)
def ecr_image_without_role(call: Call) -> Verdict:
    images = any(ECR_IMAGE.match(each.get("image") or "") for each in containers(call))
    return fargate(call) and images and not call.get("executionRoleArn")


@refuses(
    "ecs-awslogs-without-role",
    "ecs",
    REGISTER,
    code=CLIENT,
    message="Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    source="cdk-preflight 1.9.1, ecs-fargate-execution-role-missing-awslogs",
)
def awslogs_without_role(call: Call) -> Verdict:
    drivers = [(each.get("logConfiguration") or {}).get("logDriver") for each in containers(call)]
    return fargate(call) and "awslogs" in drivers and not call.get("executionRoleArn")


@refuses(
    "ecs-secrets-without-role",
    "ecs",
    REGISTER,
    code=CLIENT,
    message="When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    source="cdk-preflight 1.9.1, ecs-secrets-without-execution-role",
)
def secrets_without_role(call: Call) -> Verdict:
    return any(each.get("secrets") for each in containers(call)) and not call.get("executionRoleArn")
