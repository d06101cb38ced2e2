"""Calls on Lambda, ECS and ECR that AWS refuses, by the second author."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import SERVICE_PARAMETERS, TASK_PARAMETERS, api, guide
from tests.integration.refusals.world import World, policy, zipped

QUOTAS = guide("lambda/latest/dg/gettingstarted-limits.html")
LIFECYCLE = guide("AmazonECR/latest/userguide/lifecycle_policy_parameters.html")
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/chat:1"
VALUE, CLIENT, PARAMETER = "InvalidParameterValueException", "ClientException", "InvalidParameterException"
MANIFEST = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}


def without_execution_role(w: World) -> Params:
    """A container with a secret, in a definition that has no execution role."""
    made = w.definition({"secrets": [{"name": "COOKIE", "valueFrom": w.secret}]})
    return {name: value for name, value in made.items() if name != "executionRoleArn"}


def waiting(w: World) -> Params:
    """A definition whose second container waits for the health of one without a check."""
    first = w.definition()["containerDefinitions"][0]
    waits = {"name": "log", "image": IMAGE, "dependsOn": [{"containerName": "app", "condition": "HEALTHY"}]}
    return w.definition(containerDefinitions=[first, waits])


def pushed(w: World, repository: str, **changes: Any) -> Params:
    """A repository with an image; what puts another image under the same tag."""
    ecr = w.clients("ecr")
    ecr.create_repository(repositoryName=repository, **changes)
    ecr.put_image(repositoryName=repository, imageTag="1", imageManifest=json.dumps(MANIFEST))
    other = json.dumps({**MANIFEST, "config": {"size": 2}})
    return {"repositoryName": repository, "imageTag": "1", "imageManifest": other}


def lifecycle(*rules: Params) -> Params:
    """PutLifecyclePolicy with some rules."""
    made = [{"rulePriority": 1, "action": {"type": "expire"}, **rule} for rule in rules]
    return {"repositoryName": "chat", "lifecyclePolicyText": json.dumps({"rules": made})}


def selection(**changes: Any) -> Params:
    """A sane selection of images."""
    return {"selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 3, **changes}}


FAULTY: tuple[Case, ...] = (
    refused(
        "lambda",
        "UpdateFunctionConfiguration",
        "environment of more than 4 KB",
        lambda w: {"FunctionName": "chat", "Environment": {"Variables": {"PROMPT": "x" * 5000}}},
        VALUE,
        QUOTAS,
    ),
    refused(
        "lambda",
        "CreateFunction",
        "subnets of two VPCs",
        lambda w: w.function(
            VpcConfig={"SubnetIds": [w.subnet_a, w.dark_subnet], "SecurityGroupIds": [w.group]},
        ),
        VALUE,
        guide("lambda/latest/dg/configuration-vpc.html"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "role of ECS tasks",
        lambda w: w.function(Role=w.task_role),
        VALUE,
        guide("lambda/latest/dg/lambda-intro-execution-role.html"),
    ),
    refused(
        "lambda",
        "CreateFunction",
        "dead letters to a function",
        lambda w: w.function(DeadLetterConfig={"TargetArn": w.function_arn}),
        VALUE,
        guide("lambda/latest/dg/invocation-async-retain-records.html"),
    ),
    refused(
        "lambda",
        "UpdateFunctionCode",
        "image for a function made of a ZIP file",
        lambda w: {"FunctionName": "chat", "ImageUri": IMAGE},
        VALUE,
        api("lambda", "UpdateFunctionCode"),
    ),
    refused(
        "lambda",
        "UpdateFunctionCode",
        "code twice",
        lambda w: {"FunctionName": "chat", "ZipFile": zipped(), "S3Bucket": "artifacts", "S3Key": "chat.zip"},
        VALUE,
        api("lambda", "UpdateFunctionCode"),
    ),
    refused(
        "lambda",
        "PutFunctionConcurrency",
        "leaves less than 100 to the others",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 950},
        VALUE,
        guide("lambda/latest/dg/configuration-concurrency.html"),
    ),
    refused(
        "lambda",
        "PutProvisionedConcurrencyConfig",
        "for $LATEST",
        lambda w: {"FunctionName": "chat", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1},
        VALUE,
        guide("lambda/latest/dg/provisioned-concurrency.html"),
    ),
    refused(
        "lambda",
        "DeleteFunction",
        "the version $LATEST alone",
        lambda w: {"FunctionName": "chat", "Qualifier": "$LATEST"},
        VALUE,
        api("lambda", "DeleteFunction"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "a quarter of a CPU with 4 GB",
        lambda w: w.definition(memory="4096"),
        CLIENT,
        TASK_PARAMETERS,
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "container with more memory than the task",
        lambda w: w.definition({"memory": 1024}),
        CLIENT,
        TASK_PARAMETERS,
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "secret without an execution role",
        without_execution_role,
        CLIENT,
        guide("AmazonECS/latest/developerguide/task_execution_IAM_role.html"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "waits for the health of a container without a check",
        waiting,
        CLIENT,
        api("ecs", "ContainerDependency"),
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "mounts a volume that is not declared",
        lambda w: w.definition({"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}),
        CLIENT,
        TASK_PARAMETERS,
    ),
    refused(
        "ecs",
        "RegisterTaskDefinition",
        "ephemeral storage of 10 GiB",
        lambda w: w.definition(ephemeralStorage={"sizeInGiB": 10}),
        CLIENT,
        api("ecs", "EphemeralStorage"),
    ),
    refused(
        "ecs",
        "CreateService",
        "grace period without a load balancer",
        lambda w: w.service(healthCheckGracePeriodSeconds=60),
        PARAMETER,
        SERVICE_PARAMETERS,
    ),
    refused(
        "ecs",
        "CreateService",
        "both percentages 100",
        lambda w: w.service(deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 100}),
        PARAMETER,
        SERVICE_PARAMETERS,
    ),
    refused(
        "ecs",
        "CreateService",
        "name of a service, with another count",
        lambda w: w.service(serviceName="chat", desiredCount=2),
        PARAMETER,
        "github.com/hashicorp/terraform-provider-aws issue 2283",
    ),
    refused(
        "ecs",
        "RunTask",
        "eleven tasks",
        lambda w: {
            "cluster": "chat",
            "taskDefinition": w.task_definition,
            "launchType": "FARGATE",
            "count": 11,
            "networkConfiguration": w.service()["networkConfiguration"],
        },
        PARAMETER,
        api("ecs", "RunTask"),
    ),
    refused(
        "ecs",
        "DeleteService",
        "still scaled above none",
        lambda w: {"cluster": "chat", "service": "chat"},
        PARAMETER,
        api("ecs", "DeleteService"),
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "two rules of one priority",
        lambda w: lifecycle(
            selection(), selection(tagStatus="tagged", tagPrefixList=["v"], countType="imageCountMoreThan")
        ),
        PARAMETER,
        LIFECYCLE,
    ),
    refused(
        "ecr",
        "PutLifecyclePolicy",
        "count of images in days",
        lambda w: lifecycle(selection(countUnit="days")),
        PARAMETER,
        "github.com/cloud-custodian/cloud-custodian issue 5597",
    ),
    refused(
        "ecr",
        "PutImage",
        "tag of another image in a repository with fixed tags",
        lambda w: pushed(w, "fixed", imageTagMutability="IMMUTABLE"),
        "ImageTagAlreadyExistsException",
        api("ecr", "PutImage"),
    ),
    refused(
        "ecr",
        "SetRepositoryPolicy",
        "statement with a resource",
        lambda w: {
            "repositoryName": "chat",
            "policyText": policy(
                {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage", "Resource": "*"},
            ),
        },
        PARAMETER,
        guide("AmazonECR/latest/userguide/repository-policies.html"),
    ),
)
