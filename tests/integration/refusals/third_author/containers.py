"""Calls on clusters, services, tasks and images that AWS refuses, by the third author."""

from __future__ import annotations

import json

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import SERVICE_PARAMETERS, TASK_PARAMETERS, guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World, policy

BAD = "InvalidParameterException"
CLIENT = "ClientException"
ecs = of("ecs")
ecr = of("ecr")


def service(w: World, **changes: object) -> Params:
    """What names the service, and what changes."""
    return {"cluster": "chat", "service": "chat", **changes}


def lifecycle(**selection: object) -> str:
    """A lifecycle policy of one rule."""
    chosen = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5, **selection}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": chosen, "action": {"type": "expire"}}]})


FAULTY: tuple[Case, ...] = (
    ecs(
        "CreateService",
        "container that the task has not",
        BAD,
        lambda w: w.service(
            loadBalancers=[{"targetGroupArn": w.target_group, "containerName": "web", "containerPort": 8080}]
        ),
    ),
    ecs(
        "CreateService",
        "port that the container has not",
        BAD,
        lambda w: w.service(
            loadBalancers=[{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 9090}]
        ),
    ),
    ecs(
        "CreateService",
        "type and providers",
        BAD,
        lambda w: w.service(capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}]),
    ),
    ecs(
        "CreateService",
        "time for health checks that there are not",
        BAD,
        lambda w: w.service(healthCheckGracePeriodSeconds=60),
    ),
    ecs(
        "CreateService",
        "six groups",
        BAD,
        lambda w: w.service(
            networkConfiguration={"awsvpcConfiguration": {"subnets": [w.subnet_a], "securityGroups": [w.group] * 6}}
        ),
        guide("AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html"),
    ),
    ecs(
        "CreateService",
        "one per machine on Fargate",
        BAD,
        lambda w: {
            key: value for key, value in w.service(schedulingStrategy="DAEMON").items() if key != "desiredCount"
        },
    ),
    ecs("CreateService", "taken, with another count", BAD, lambda w: w.service(serviceName="chat", desiredCount=3)),
    ecs(
        "CreateService",
        "placed by the processor on Fargate",
        BAD,
        lambda w: w.service(placementStrategy=[{"type": "binpack", "field": "cpu"}]),
    ),
    ecs("CreateService", "platform that does not exist", BAD, lambda w: w.service(platformVersion="9.9.9")),
    ecs(
        "CreateService",
        "subnet of one VPC, group of another",
        BAD,
        lambda w: w.service(
            networkConfiguration={"awsvpcConfiguration": {"subnets": [w.subnet_a], "securityGroups": [w.dark_group]}}
        ),
    ),
    ecs("UpdateService", "no task definition of that number", CLIENT, lambda w: service(w, taskDefinition="chat:99")),
    ecs(
        "UpdateService",
        "at most as much as at least",
        BAD,
        lambda w: service(w, deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 100}),
        SERVICE_PARAMETERS,
    ),
    ecs(
        "UpdateService",
        "name of a service that does not exist",
        "ServiceNotFoundException",
        lambda w: {"cluster": "chat", "service": "nothing", "desiredCount": 2},
    ),
    ecs("DeleteService", "that runs tasks", BAD, lambda w: {"cluster": "chat", "service": "chat"}),
    ecs("DeleteCluster", "with tasks", "ClusterContainsTasksException", lambda w: {"cluster": "busy"}),
    ecs(
        "RegisterTaskDefinition",
        "8 GB for a quarter of a processor",
        CLIENT,
        lambda w: w.definition(memory="8192"),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "secrets without an execution role",
        CLIENT,
        lambda w: {
            key: value
            for key, value in w.definition({"secrets": [{"name": "C", "valueFrom": w.secret}]}).items()
            if key != "executionRoleArn"
        },
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "two ports of the task for one",
        CLIENT,
        lambda w: w.definition({"portMappings": [{"containerPort": 8080, "hostPort": 80}]}),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "none is essential",
        CLIENT,
        lambda w: w.definition({"essential": False}),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "one waits for itself",
        CLIENT,
        lambda w: w.definition({"dependsOn": [{"containerName": "app", "condition": "START"}]}),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "mount of a volume that there is not",
        CLIENT,
        lambda w: w.definition({"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "host's folder on Fargate",
        CLIENT,
        lambda w: w.definition(volumes=[{"name": "data", "host": {"sourcePath": "/data"}}]),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "waits for health that no one checks",
        CLIENT,
        lambda w: w.definition(
            containerDefinitions=[
                {
                    **w.definition()["containerDefinitions"][0],
                    "dependsOn": [{"containerName": "helper", "condition": "HEALTHY"}],
                },
                {"name": "helper", "image": "helper:1", "essential": False},
            ]
        ),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "log driver that Fargate has not",
        CLIENT,
        lambda w: w.definition({"logConfiguration": {"logDriver": "journald"}}),
        TASK_PARAMETERS,
    ),
    ecs(
        "RegisterTaskDefinition",
        "more memory for the container than for the task",
        CLIENT,
        lambda w: w.definition({"memory": 1024}),
        TASK_PARAMETERS,
    ),
    ecs("DeregisterTaskDefinition", "without a number", CLIENT, lambda w: {"taskDefinition": "chat"}),
    ecs(
        "RunTask",
        "eleven",
        BAD,
        lambda w: {
            "cluster": "chat",
            "taskDefinition": "chat",
            "launchType": "FARGATE",
            "count": 11,
            "networkConfiguration": w.service()["networkConfiguration"],
        },
    ),
    ecs("RunTask", "no network", BAD, lambda w: {"cluster": "chat", "taskDefinition": "chat", "launchType": "FARGATE"}),
    ecs(
        "RunTask",
        "container that the task has not",
        BAD,
        lambda w: {
            "cluster": "chat",
            "taskDefinition": "chat",
            "launchType": "FARGATE",
            "networkConfiguration": w.service()["networkConfiguration"],
            "overrides": {"containerOverrides": [{"name": "web", "command": ["true"]}]},
        },
    ),
    ecs("DescribeServices", "eleven", BAD, lambda w: {"cluster": "chat", "services": [f"s{n}" for n in range(11)]}),
    ecs(
        "UpdateClusterSettings",
        "value that does not exist",
        BAD,
        lambda w: {"cluster": "chat", "settings": [{"name": "containerInsights", "value": "yes"}]},
        guide("AmazonECS/latest/APIReference/API_ClusterSetting.html"),
    ),
    ecs(
        "PutClusterCapacityProviders",
        "default that is not among them",
        BAD,
        lambda w: {
            "cluster": "chat",
            "capacityProviders": ["FARGATE"],
            "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        },
    ),
    ecs(
        "TagResource",
        "cluster that does not exist",
        "ClusterNotFoundException",
        lambda w: {
            "resourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/nothing",
            "tags": [{"key": "a", "value": "b"}],
        },
    ),
    ecr("SetRepositoryPolicy", "not JSON", BAD, lambda w: {"repositoryName": "chat", "policyText": "{"}),
    ecr(
        "SetRepositoryPolicy",
        "no Principal",
        BAD,
        lambda w: {"repositoryName": "chat", "policyText": policy({"Effect": "Allow", "Action": "ecr:BatchGetImage"})},
        guide("AmazonECR/latest/userguide/repository-policies.html"),
    ),
    ecr(
        "SetRepositoryPolicy",
        "action of another service",
        BAD,
        lambda w: {
            "repositoryName": "chat",
            "policyText": policy({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}),
        },
        guide("AmazonECR/latest/userguide/repository-policies.html"),
    ),
    ecr(
        "GetRepositoryPolicy",
        "there is none",
        "RepositoryPolicyNotFoundException",
        lambda w: {"repositoryName": "chat"},
    ),
    ecr(
        "PutLifecyclePolicy",
        "days without a unit",
        BAD,
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": lifecycle(countType="sinceImagePushed")},
        guide("AmazonECR/latest/userguide/lifecycle_policy_parameters.html"),
    ),
    ecr(
        "PutLifecyclePolicy",
        "keeps none",
        BAD,
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": lifecycle(countNumber=0)},
        guide("AmazonECR/latest/userguide/lifecycle_policy_parameters.html"),
    ),
    ecr(
        "DescribeImages",
        "tag that does not exist",
        "ImageNotFoundException",
        lambda w: {"repositoryName": "chat", "imageIds": [{"imageTag": "nothing"}]},
    ),
    ecr(
        "TagResource",
        "51 tags",
        "TooManyTagsException",
        lambda w: {
            "resourceArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/chat",
            "tags": [{"Key": f"k{n}", "Value": "v"} for n in range(51)],
        },
    ),
    ecr(
        "CreateRepository",
        "key that does not exist",
        "KmsException",
        lambda w: {
            "repositoryName": "new",
            "encryptionConfiguration": {
                "encryptionType": "KMS",
                "kmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}",
            },
        },
    ),
)
