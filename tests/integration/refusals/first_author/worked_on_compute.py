"""Faulty calls of Lambda, ECS, ECR and Application Auto Scaling, from their API references."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.world import World

ROLE = f"arn:aws:iam::{ACCOUNT}:role/nobody"
LOG = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "/chat", "awslogs-region": REGION, "awslogs-stream-prefix": "a"},
}


def variables(**values: str) -> dict[str, Any]:
    """The Environment of a function."""
    return {"Environment": {"Variables": values}}


def vpc(subnets: list[str], groups: list[str]) -> dict[str, Any]:
    """The VpcConfig of a function."""
    return {"VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": groups}}


def network(w: World, **changes: Any) -> dict[str, Any]:
    """The network configuration of an ECS service."""
    awsvpc = {"subnets": [w.subnet_a], "securityGroups": [w.group], **changes}
    return {"networkConfiguration": {"awsvpcConfiguration": awsvpc}}


FAULTY = (
    case("lambda", "CreateFunction", "a runtime that is gone", lambda w: w.function(Runtime="python3.6")),
    case("lambda", "CreateFunction", "a runtime that is none", lambda w: w.function(Runtime="python312")),
    case("lambda", "CreateFunction", "timeout of 20 minutes", lambda w: w.function(Timeout=1200)),
    case("lambda", "CreateFunction", "timeout of 0", lambda w: w.function(Timeout=0)),
    case("lambda", "CreateFunction", "64 MB of memory", lambda w: w.function(MemorySize=64)),
    case("lambda", "CreateFunction", "AWS_REGION as a variable", lambda w: w.function(**variables(AWS_REGION=REGION))),
    case("lambda", "CreateFunction", "a variable with a hyphen", lambda w: w.function(**variables(**{"ES-HOST": "x"}))),
    case("lambda", "CreateFunction", "5 KB of variables", lambda w: w.function(**variables(TEXT="x" * 5000))),
    case("lambda", "CreateFunction", "a name with a space", lambda w: w.function(FunctionName="chat bot")),
    case("lambda", "CreateFunction", "no zip", lambda w: w.function(Code={"ZipFile": b"not a zip"})),
    case("lambda", "CreateFunction", "a role that does not exist", lambda w: w.function(Role=ROLE)),
    case("lambda", "CreateFunction", "a role that is no ARN", lambda w: w.function(Role="lambda-role")),
    case("lambda", "CreateFunction", "a role that trusts ECS", lambda w: w.function(Role=w.task_role)),
    case(
        "lambda",
        "CreateFunction",
        "an unknown subnet",
        lambda w: w.function(**vpc(["subnet-0123456789abcdef0"], [w.group])),
    ),
    case("lambda", "CreateFunction", "subnets without groups", lambda w: w.function(**vpc([w.subnet_a], []))),
    case("lambda", "CreateFunction", "a name that is taken", lambda w: w.function(FunctionName="chat")),
    case(
        "lambda", "CreateFunction", "ephemeral storage of 100 MB", lambda w: w.function(EphemeralStorage={"Size": 100})
    ),
    case("lambda", "CreateFunction", "architecture amd64", lambda w: w.function(Architectures=["amd64"])),
    case(
        "lambda",
        "CreateFunction",
        "a log format that is none",
        lambda w: w.function(LoggingConfig={"LogFormat": "Json"}),
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "12 GB of memory",
        lambda w: {"FunctionName": "chat", "MemorySize": 12288},
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "a function that does not exist",
        lambda w: {"FunctionName": "nothing", "Timeout": 28},
    ),
    case(
        "lambda",
        "AddPermission",
        "the same statement again",
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "api",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
        },
    ),
    case(
        "lambda",
        "AddPermission",
        "a principal that is none",
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "another",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway",
        },
    ),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "more than the account has",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 1000},
    ),
    case("ecs", "CreateCluster", "a name with a space", lambda w: {"clusterName": "chat bot"}),
    case(
        "ecs",
        "CreateCluster",
        "a capacity provider that is none",
        lambda w: {"clusterName": "c", "capacityProviders": ["FARGAT"]},
    ),
    case("ecs", "RegisterTaskDefinition", "384 CPU units", lambda w: w.definition(cpu="384")),
    case("ecs", "RegisterTaskDefinition", "8 GB for a quarter of a CPU", lambda w: w.definition(memory="8192")),
    case("ecs", "RegisterTaskDefinition", "bridge mode on Fargate", lambda w: w.definition(networkMode="bridge")),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "ECR without an execution role",
        lambda w: {k: v for k, v in w.definition().items() if k != "executionRoleArn"},
    ),
    case("ecs", "RegisterTaskDefinition", "a family with a space", lambda w: w.definition(family="chat bot")),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "another host port in awsvpc mode",
        lambda w: w.definition({"portMappings": [{"containerPort": 8080, "hostPort": 80}]}),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a log driver that Fargate lacks",
        lambda w: w.definition({"logConfiguration": {"logDriver": "syslog"}}),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "awslogs without a region",
        lambda w: w.definition({"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/chat"}}}),
    ),
    case("ecs", "RegisterTaskDefinition", "a container without a name", lambda w: w.definition({"name": ""})),
    case("ecs", "RegisterTaskDefinition", "no essential container", lambda w: w.definition({"essential": False})),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "no memory for the task",
        lambda w: {k: v for k, v in w.definition().items() if k != "memory"},
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a task role that is no ARN",
        lambda w: w.definition(taskRoleArn="arn:aws:iam::1:task"),
    ),
    case("ecs", "CreateService", "an unknown cluster", lambda w: w.service(cluster="nothing")),
    case("ecs", "CreateService", "an unknown task definition", lambda w: w.service(taskDefinition="nothing:1")),
    case(
        "ecs",
        "CreateService",
        "no network configuration",
        lambda w: {k: v for k, v in w.service().items() if k != "networkConfiguration"},
    ),
    case(
        "ecs",
        "CreateService",
        "a launch type and a strategy",
        lambda w: w.service(capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}]),
    ),
    case(
        "ecs",
        "CreateService",
        "a target group without a listener",
        lambda w: w.service(
            loadBalancers=[{"targetGroupArn": w.idle_target_group, "containerName": "app", "containerPort": 8080}]
        ),
    ),
    case(
        "ecs",
        "CreateService",
        "a container that is not in the definition",
        lambda w: w.service(
            loadBalancers=[{"targetGroupArn": w.target_group, "containerName": "web", "containerPort": 8080}]
        ),
    ),
    case(
        "ecs",
        "CreateService",
        "rebalancing with a maximum of 100 percent",
        lambda w: w.service(availabilityZoneRebalancing="ENABLED", deploymentConfiguration={"maximumPercent": 100}),
    ),
    case("ecs", "CreateService", "a name that is taken", lambda w: w.service(serviceName="chat")),
    case(
        "ecs",
        "CreateService",
        "a grace period without load balancer",
        lambda w: w.service(healthCheckGracePeriodSeconds=120),
    ),
    case(
        "ecs",
        "CreateService",
        "an unknown subnet",
        lambda w: w.service(**network(w, subnets=["subnet-0123456789abcdef0"])),
    ),
    case("ecs", "UpdateService", "a service that does not exist", lambda w: {"cluster": "chat", "service": "nothing"}),
    case("ecs", "DeleteCluster", "services in it", lambda w: {"cluster": "chat"}),
    case("ecr", "CreateRepository", "a name with capitals", lambda w: {"repositoryName": "ChatBot"}),
    case("ecr", "CreateRepository", "a name that is taken", lambda w: {"repositoryName": "chat"}),
    case(
        "ecr",
        "CreateRepository",
        "mutability that is none",
        lambda w: {"repositoryName": "x", "imageTagMutability": "FROZEN"},
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "a policy without selection",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": '{"rules": [{"rulePriority": 1}]}'},
    ),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "a minimum above the maximum",
        lambda w: w.scalable(MinCapacity=5, MaxCapacity=1),
    ),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "a service that does not exist",
        lambda w: w.scalable(ResourceId="service/chat/nothing", MinCapacity=1, MaxCapacity=2),
    ),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "a dimension that is none",
        lambda w: w.scalable(ScalableDimension="ecs:service:Count", MinCapacity=1, MaxCapacity=2),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "no target registered",
        lambda w: {**w.scaling(), "ResourceId": "service/chat/nothing"},
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "a metric of DynamoDB",
        lambda w: w.scaling(PredefinedMetricSpecification={"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a cron of five fields",
        lambda w: w.scalable(
            ScheduledActionName="morning", Schedule="cron(0 8 * * *)", ScalableTargetAction={"MinCapacity": 2}
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a time zone that is none",
        lambda w: w.scalable(
            ScheduledActionName="morning",
            Schedule="cron(0 8 * * ? *)",
            Timezone="Asia/Tokio",
            ScalableTargetAction={"MinCapacity": 2},
        ),
    ),
)
