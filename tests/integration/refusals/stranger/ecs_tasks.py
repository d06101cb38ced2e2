"""Calls on ECS task definitions and tasks that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import (
    TASK_PARAMETERS,
    api,
    preflight,
)
from tests.integration.refusals.world import World


def container(name: str, **changes: Any) -> Params:
    return {"name": name, "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1", **changes}


def two(w: World, first: dict[str, Any], second: dict[str, Any]) -> Params:
    return w.definition(containerDefinitions=[container("app", **first), container(**{"name": "sidecar", **second})])


def awslogs(**options: str) -> Params:
    return {
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {key.replace("_", "-"): value for key, value in options.items()},
        }
    }


def bare(w: World, container_changes: dict[str, Any]) -> Params:
    """A definition without an execution role; its image is public."""
    made = w.definition({"image": "public.ecr.aws/nginx/nginx:stable", **container_changes})
    return {k: v for k, v in made.items() if k != "executionRoleArn"}


STRANGE: tuple[Case, ...] = (
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "extra hosts",
        lambda w: w.definition({"extraHosts": [{"hostname": "search", "ipAddress": "10.0.0.9"}]}),
        "ClientException",
        preflight("ecs-awsvpc-extra-hosts"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "host name",
        lambda w: w.definition({"hostname": "chat"}),
        "ClientException",
        preflight("ecs-awsvpc-hostname"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "one name twice",
        lambda w: two(w, {}, {"name": "app"}),
        "ClientException",
        preflight("ecs-duplicate-container-names"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "nothing essential",
        lambda w: w.definition({"essential": False}),
        "ClientException",
        preflight("ecs-essential-container"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "depends on nobody",
        lambda w: w.definition({"dependsOn": [{"containerName": "gone", "condition": "START"}]}),
        "ClientException",
        preflight("ecs-dependson-container-missing"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "waits for health that is not checked",
        lambda w: two(w, {"dependsOn": [{"containerName": "sidecar", "condition": "HEALTHY"}]}, {}),
        "ClientException",
        preflight("ecs-dependson-healthy-without-healthcheck"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "logs to no group",
        lambda w: w.definition(awslogs(awslogs_region=REGION, awslogs_stream_prefix="app")),
        "ClientException",
        preflight("ecs-awslogs-missing-group"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "logs without a prefix",
        lambda w: w.definition(awslogs(awslogs_region=REGION, awslogs_group="/chat")),
        "ClientException",
        preflight("ecs-awslogs-fargate-missing-stream-prefix"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "logs without an execution role",
        lambda w: bare(w, awslogs(awslogs_region=REGION, awslogs_group="/chat", awslogs_stream_prefix="app")),
        "ClientException",
        preflight("ecs-fargate-execution-role-missing-awslogs"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "secret without an execution role",
        lambda w: bare(w, {"secrets": [{"name": "COOKIE", "valueFrom": w.secret}]}),
        "ClientException",
        preflight("ecs-secrets-without-execution-role"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "logs by gelf",
        lambda w: w.definition({"logConfiguration": {"logDriver": "gelf"}}),
        "ClientException",
        preflight("ecs-fargate-log-driver-unsupported"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "logs by a router that is not there",
        lambda w: w.definition({"logConfiguration": {"logDriver": "awsfirelens"}}),
        "ClientException",
        preflight("ecs-awsfirelens-without-router"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "privileged",
        lambda w: w.definition({"privileged": True}),
        "ClientException",
        preflight("ecs-fargate-privileged"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "links",
        lambda w: two(w, {"links": ["sidecar"]}, {}),
        "ClientException",
        preflight("ecs-fargate-links"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "storage of 20 GB",
        lambda w: w.definition(ephemeralStorage={"sizeInGiB": 20}),
        "ClientException",
        preflight("ecs-ephemeral-storage-range"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "container larger than the task",
        lambda w: w.definition({"memory": 1024}),
        "ClientException",
        preflight("ecs-container-memory-over-task"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "reservation above the limit",
        lambda w: w.definition({"memory": 256, "memoryReservation": 512}),
        "ClientException",
        preflight("ecs-container-memory-reservation"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "health every second",
        lambda w: w.definition({"healthCheck": {"command": ["CMD", "true"], "interval": 1}}),
        "ClientException",
        preflight("ecs-healthcheck-interval-range"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "mount of nothing",
        lambda w: w.definition({"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}),
        "ClientException",
        preflight("ecs-mountpoint-source-volume-missing"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "soft above hard",
        lambda w: w.definition({"ulimits": [{"name": "nofile", "softLimit": 2048, "hardLimit": 1024}]}),
        "ClientException",
        preflight("ecs-ulimit-soft-over-hard"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "folder of the host",
        lambda w: w.definition(
            {"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]},
            volumes=[{"name": "data", "host": {"sourcePath": "/srv"}}],
        ),
        "ClientException",
        preflight("ecs-fargate-host-source-path"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "two ports",
        lambda w: w.definition({"portMappings": [{"containerPort": 8080, "hostPort": 80}]}),
        "ClientException",
        TASK_PARAMETERS,
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "variables from no ARN",
        lambda w: w.definition({"environmentFiles": [{"type": "s3", "value": "s3://chat/app.env"}]}),
        "ClientException",
        preflight("ecs-environment-files-type"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "dot in the family",
        lambda w: w.definition(family="chat.app"),
        "ClientException",
        preflight("ecs-taskdef-family"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "Windows on ARM",
        lambda w: w.definition(
            cpu="1024",
            memory="2048",
            runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "ARM64"},
        ),
        "ClientException",
        preflight("ecs-windows-arm64"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "no container",
        lambda w: w.definition(containerDefinitions=[]),
        "ClientException",
        preflight("ecs-container-definitions-empty"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "processes of the host",
        lambda w: w.definition(pidMode="host"),
        "ClientException",
        preflight("ecs-fargate-pid-mode-host"),
    ),
    refused(
        "ecs",
        "DeregisterTaskDefinition",
        "revision that is not there",
        lambda w: {"taskDefinition": "chat:99"},
        "ClientException",
        api("ecs", "DeregisterTaskDefinition"),
    ),
    refused(
        "ecs",
        "DescribeTaskDefinition",
        "family that is not there",
        lambda w: {"taskDefinition": "gone"},
        "ClientException",
        api("ecs", "DescribeTaskDefinition"),
    ),
)
