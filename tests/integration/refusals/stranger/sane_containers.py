"""Calls on ECS that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World


def app(w: World, **changes: Any) -> Params:
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat@sha256:" + "a" * 64
    return {
        "name": "app",
        "image": image,
        "essential": True,
        "portMappings": [
            {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp", "name": "http", "appProtocol": "http"}
        ],
        "healthCheck": {
            "command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
            "interval": 5,
            "timeout": 2,
            "retries": 10,
            "startPeriod": 300,
        },
        "ulimits": [{"name": "nofile", "softLimit": 65535, "hardLimit": 65535}],
        "stopTimeout": 120,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "readonlyRootFilesystem": True,
        "user": "1000:1000",
        "cpu": 512,
        "memory": 2048,
        "memoryReservation": 1024,
        "secrets": [{"name": "COOKIE", "valueFrom": w.secret + ":secret::"}],
        "environment": [{"name": "API_URL", "value": "https://x.example/prod?a=b"}],
        "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/chat",
                "awslogs-region": REGION,
                "awslogs-stream-prefix": "app",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
        **changes,
    }


def fleet(w: World, **changes: Any) -> Params:
    kept = {k: v for k, v in w.service(serviceName="fleet").items() if k != "launchType"}
    strategy = [{"capacityProvider": "FARGATE", "base": 1, "weight": 1}]
    return {**kept, "capacityProviderStrategy": strategy, **changes}


SANE: tuple[Case, ...] = (
    case(
        "ecs",
        "RegisterTaskDefinition",
        "app and sidecar, all options",
        lambda w: w.definition(
            cpu="1 vCPU",
            memory="3 GB",
            taskRoleArn=w.task_role,
            volumes=[{"name": "tmp"}],
            runtimePlatform={"operatingSystemFamily": "LINUX", "cpuArchitecture": "ARM64"},
            ephemeralStorage={"sizeInGiB": 200},
            tags=[{"key": "Owner", "value": "チーム"}],
            containerDefinitions=[
                app(w, dependsOn=[{"containerName": "init", "condition": "SUCCESS"}]),
                {"name": "init", "image": "public.ecr.aws/docker/library/busybox:1", "essential": False},
            ],
        ),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "logs by a router",
        lambda w: w.definition(
            family="routed",
            cpu="2048",
            memory="5120",
            containerDefinitions=[
                app(w, mountPoints=[], logConfiguration={"logDriver": "awsfirelens", "options": {"Name": "es"}}),
                {
                    "name": "router",
                    "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable",
                    "firelensConfiguration": {"type": "fluentbit"},
                    "memoryReservation": 50,
                },
            ],
        ),
    ),
    case(
        "ecs",
        "CreateService",
        "by a strategy, with all the safety",
        lambda w: fleet(
            w,
            deploymentConfiguration={
                "minimumHealthyPercent": 100,
                "maximumPercent": 200,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            availabilityZoneRebalancing="ENABLED",
            platformVersion="LATEST",
            propagateTags="SERVICE",
            enableECSManagedTags=True,
            tags=[{"key": "Owner", "value": "team"}],
        ),
    ),
    case(
        "ecs",
        "UpdateService",
        "deploy anew, with a shell",
        lambda w: {
            "cluster": "chat",
            "service": "fleet",
            "taskDefinition": "chat:2",
            "desiredCount": 0,
            "forceNewDeployment": True,
            "enableExecuteCommand": True,
            "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100},
            "availabilityZoneRebalancing": "DISABLED",
        },
    ),
    case(
        "ecs",
        "CreateCluster",
        "insights and a logged shell",
        lambda w: {
            "clusterName": "new_cluster-2",
            "settings": [{"name": "containerInsights", "value": "enhanced"}],
            "configuration": {
                "executeCommandConfiguration": {
                    "logging": "OVERRIDE",
                    "logConfiguration": {"cloudWatchLogGroupName": "/chat", "cloudWatchEncryptionEnabled": False},
                }
            },
        },
    ),
    case(
        "ecs",
        "PutClusterCapacityProviders",
        "both, one the default",
        lambda w: {
            "cluster": "busy",
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "defaultCapacityProviderStrategy": [
                {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
                {"capacityProvider": "FARGATE_SPOT", "weight": 4},
            ],
        },
    ),
    case(
        "ecs",
        "RunTask",
        "two, with other settings",
        lambda w: {
            "cluster": "chat",
            "taskDefinition": "chat",
            "launchType": "FARGATE",
            "count": 2,
            "startedBy": "deploy",
            "networkConfiguration": w.service()["networkConfiguration"],
            "overrides": {
                "cpu": "2048",
                "memory": "4096",
                "containerOverrides": [
                    {"name": "app", "command": ["python", "-m", "verify"], "environment": [{"name": "A", "value": ""}]}
                ],
            },
            "tags": [{"key": "a", "value": "b"}],
        },
    ),
)
