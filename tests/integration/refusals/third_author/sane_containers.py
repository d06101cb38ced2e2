"""Sane calls on services, tasks and images, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import policy

KEY = {"pk": {"S": "u#1"}, "sk": {"S": "2026-11-29"}}
PULL = policy(
    {
        "Sid": "pull",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"],
    }
)

SANE: tuple[Case, ...] = (
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a side car, ports by name, limits",
        lambda w: w.definition(
            cpu="1 vCPU",
            memory="2 GB",
            taskRoleArn=w.task_role,
            containerDefinitions=[
                {
                    **w.definition()["containerDefinitions"][0],
                    "memory": 1024,
                    "memoryReservation": 512,
                    "cpu": 512,
                    "portMappings": [{"containerPort": 8080, "hostPort": 8080, "name": "web", "appProtocol": "http"}],
                    "environment": [{"name": "A", "value": ""}],
                    "stopTimeout": 120,
                    "user": "1000:1000",
                    "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096}],
                    "dependsOn": [{"containerName": "init", "condition": "SUCCESS"}],
                },
                {"name": "init", "image": "init:1", "essential": False, "command": ["true"]},
            ],
        ),
    ),
    case(
        "ecs",
        "CreateService",
        "none at first, by a provider, open to commands",
        lambda w: {
            key: value
            for key, value in w.service(
                desiredCount=0,
                taskDefinition="chat",
                serviceName="spot",
                enableExecuteCommand=True,
                deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 200},
                capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1, "base": 1}],
            ).items()
            if key != "launchType"
        },
    ),
    case(
        "ecs",
        "CreateService",
        "behind the balancer, six minutes of grace",
        lambda w: w.service(
            serviceName="front",
            healthCheckGracePeriodSeconds=360,
            loadBalancers=[{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 8080}],
        ),
    ),
    case(
        "ecs",
        "UpdateService",
        "definition by its family, anew",
        lambda w: {"cluster": "chat", "service": "front", "taskDefinition": "chat", "forceNewDeployment": True},
    ),
    case("ecs", "UpdateService", "none", lambda w: {"cluster": "chat", "service": "front", "desiredCount": 0}),
    case("ecs", "DeleteService", "with none running", lambda w: {"cluster": "chat", "service": "front"}),
    case(
        "ecs",
        "UpdateClusterSettings",
        "enhanced",
        lambda w: {"cluster": "chat", "settings": [{"name": "containerInsights", "value": "enhanced"}]},
    ),
    case(
        "ecs",
        "DescribeClusters",
        "one that does not exist: AWS tells it as a failure",
        lambda w: {"clusters": ["chat", "nothing"], "include": ["SETTINGS", "TAGS"]},
    ),
    case(
        "ecr",
        "CreateRepository",
        "names in parts",
        lambda w: {
            "repositoryName": "team-a/chat_front.web",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "AES256"},
        },
    ),
    case(
        "ecr",
        "SetRepositoryPolicy",
        "no Resource: there is none in such a policy",
        lambda w: {"repositoryName": "chat", "policyText": PULL},
    ),
    case("ecr", "GetRepositoryPolicy", "which was set", lambda w: {"repositoryName": "chat"}),
    case("ecr", "DeleteRepository", "empty", lambda w: {"repositoryName": "team-a/chat_front.web"}),
)
