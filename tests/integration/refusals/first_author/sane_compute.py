"""Calls that AWS takes: compute."""

from __future__ import annotations

import json

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_compute import variables
from tests.integration.refusals.world import zipped

LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10},
            "action": {"type": "expire"},
        }
    ]
}
LOG = {
    "logConfiguration": {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "/chat", "awslogs-region": REGION, "awslogs-stream-prefix": "app"},
    }
}
SANE = (
    case("lambda", "CreateFunction", "plain", lambda w: w.function()),
    case(
        "lambda",
        "CreateFunction",
        "the largest of everything",
        lambda w: w.function(
            FunctionName="large",
            Timeout=900,
            MemorySize=10240,
            EphemeralStorage={"Size": 10240},
            Description="社内文書を探す",
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "in the VPC",
        lambda w: w.function(
            FunctionName="in-vpc",
            VpcConfig={"SubnetIds": [w.subnet_a, w.subnet_c], "SecurityGroupIds": [w.group]},
            Architectures=["arm64"],
            LoggingConfig={
                "LogFormat": "JSON",
                "LogGroup": "/chat",
                "ApplicationLogLevel": "INFO",
                "SystemLogLevel": "WARN",
            },
            TracingConfig={"Mode": "PassThrough"},
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "variables",
        lambda w: w.function(
            FunctionName="variables", **variables(LOG_LEVEL="INFO", TZ="Asia/Tokyo", LD_LIBRARY_PATH="/opt", EMPTY="")
        ),
    ),
    case(
        "lambda",
        "CreateFunction",
        "a dotted handler",
        lambda w: w.function(
            FunctionName="dotted", Handler="package/module.handler", SnapStart={"ApplyOn": "PublishedVersions"}
        ),
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "timeout and variables",
        lambda w: {
            "FunctionName": "chat",
            "Timeout": 28,
            "MemorySize": 512,
            **variables(ES_HOST="https://search.corp.example:9200"),
        },
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "into the VPC",
        lambda w: {"FunctionName": "chat", "VpcConfig": {"SubnetIds": [w.subnet_a], "SecurityGroupIds": [w.group]}},
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "out of the VPC",
        lambda w: {"FunctionName": "chat", "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}},
    ),
    case(
        "lambda",
        "UpdateFunctionCode",
        "new code",
        lambda w: {"FunctionName": "chat", "ZipFile": zipped(), "Architectures": ["x86_64"]},
    ),
    case("lambda", "GetFunction", "by ARN", lambda w: {"FunctionName": w.function_arn}),
    case(
        "lambda",
        "AddPermission",
        "for the API",
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "api-2",
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": f"arn:aws:execute-api:{REGION}:123456789012:{w.api}/*/POST/",
        },
    ),
    case("lambda", "RemovePermission", "of the API", lambda w: {"FunctionName": "chat", "StatementId": "api-2"}),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "ten",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 10},
    ),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "none",
        lambda w: {"FunctionName": "chat", "ReservedConcurrentExecutions": 0},
    ),
    case("lambda", "DeleteFunction", "that is there", lambda w: {"FunctionName": "large"}),
    case(
        "ecs",
        "CreateCluster",
        "with Container Insights",
        lambda w: {
            "clusterName": "chat_bot-1",
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "settings": [{"name": "containerInsights", "value": "enhanced"}],
        },
    ),
    case("ecs", "RegisterTaskDefinition", "the smallest", lambda w: w.definition(LOG)),
    case("ecs", "RegisterTaskDefinition", "a whole CPU", lambda w: w.definition(cpu="1 vCPU", memory="2 GB")),
    case("ecs", "RegisterTaskDefinition", "16 CPUs", lambda w: w.definition(cpu="16384", memory="122880")),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "everything we send",
        lambda w: w.definition(
            {
                **LOG,
                "essential": True,
                "readonlyRootFilesystem": True,
                "user": "10001",
                "environment": [{"name": "A", "value": ""}],
                "secrets": [{"name": "B", "valueFrom": w.secret}],
                "healthCheck": {
                    "command": ["CMD", "true"],
                    "interval": 30,
                    "timeout": 5,
                    "retries": 3,
                    "startPeriod": 60,
                },
                "linuxParameters": {"initProcessEnabled": True},
                "stopTimeout": 120,
            },
            taskRoleArn=w.task_role,
            runtimePlatform={"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
            ephemeralStorage={"sizeInGiB": 21},
            tags=[{"key": "a", "value": "b"}],
        ),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "two containers",
        lambda w: w.definition(
            containerDefinitions=[
                *w.definition()["containerDefinitions"],
                {"name": "side", "image": "public.ecr.aws/x/y:1", "essential": False},
            ]
        ),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "bridge mode on EC2",
        lambda w: {
            "family": "old",
            "containerDefinitions": [
                {"name": "a", "image": "b", "memory": 64, "portMappings": [{"containerPort": 80, "hostPort": 0}]}
            ],
        },
    ),
    case("ecs", "CreateService", "without a load balancer", lambda w: w.service()),
    case(
        "ecs",
        "CreateService",
        "as ours",
        lambda w: {
            **{k: v for k, v in w.service(serviceName="ours").items() if k != "launchType"},
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "base": 0, "weight": 1}],
            "loadBalancers": [{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 8080}],
            "availabilityZoneRebalancing": "ENABLED",
            "healthCheckGracePeriodSeconds": 120,
            "deploymentConfiguration": {
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
            "propagateTags": "SERVICE",
            "enableExecuteCommand": False,
            "platformVersion": "LATEST",
        },
    ),
    case(
        "ecs",
        "UpdateService",
        "another task definition",
        lambda w: {"cluster": "chat", "service": "chat", "taskDefinition": "chat", "forceNewDeployment": True},
    ),
    case("ecs", "UpdateService", "two tasks", lambda w: {"cluster": "chat", "service": "chat", "desiredCount": 2}),
    case("ecs", "UpdateService", "no tasks", lambda w: {"cluster": "chat", "service": "another", "desiredCount": 0}),
    case("ecs", "DeleteService", "scaled to nothing", lambda w: {"cluster": "chat", "service": "another"}),
    case("ecs", "DeleteService", "by force", lambda w: {"cluster": "chat", "service": "ours", "force": True}),
    case("ecs", "DeleteCluster", "an empty one", lambda w: {"cluster": "chat_bot-1"}),
    case(
        "ecr",
        "CreateRepository",
        "with a path",
        lambda w: {
            "repositoryName": "team/chat_bot.web-1",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "AES256"},
        },
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "keep ten",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": json.dumps(LIFECYCLE)},
    ),
    case(
        "ecr",
        "PutImageTagMutability",
        "immutable",
        lambda w: {"repositoryName": "chat", "imageTagMutability": "IMMUTABLE"},
    ),
    case("ecr", "GetAuthorizationToken", "plain", lambda w: {}),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "again, larger",
        lambda w: w.scalable(MinCapacity=0, MaxCapacity=5),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "CPU",
        lambda w: w.scaling(ScaleInCooldown=300, ScaleOutCooldown=60),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "requests",
        lambda w: {
            **w.scaling(
                PredefinedMetricSpecification={
                    "PredefinedMetricType": "ALBRequestCountPerTarget",
                    "ResourceLabel": "/".join(
                        [w.balancer_arn.split("loadbalancer/")[1], w.target_group.split(":")[-1]]
                    ),
                }
            ),
            "PolicyName": "requests",
        },
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "every morning",
        lambda w: w.scalable(
            ScheduledActionName="morning",
            Schedule="cron(0 8 ? * MON-FRI *)",
            Timezone="Asia/Tokyo",
            ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 5},
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "once",
        lambda w: w.scalable(
            ScheduledActionName="once", Schedule="at(2027-01-04T08:00:00)", ScalableTargetAction={"MinCapacity": 1}
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a rate",
        lambda w: w.scalable(
            ScheduledActionName="rate", Schedule="rate(1 day)", ScalableTargetAction={"MaxCapacity": 4}
        ),
    ),
    case(
        "application-autoscaling",
        "DeleteScheduledAction",
        "that is there",
        lambda w: w.scalable(ScheduledActionName="rate"),
    ),
    case("application-autoscaling", "DeregisterScalableTarget", "that is there", lambda w: w.scalable()),
)
