"""The third of the cases that was kept back while the rules were written: compute."""

from __future__ import annotations

from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_compute import network, variables, vpc

HELD_OUT = (
    case(
        "lambda", "CreateFunction", "a Python handler without a module", lambda w: w.function(Handler="lambda handler")
    ),
    case("lambda", "CreateFunction", "two architectures", lambda w: w.function(Architectures=["x86_64", "arm64"])),
    case(
        "lambda",
        "CreateFunction",
        "an unknown group",
        lambda w: w.function(**vpc([w.subnet_a], ["sg-0123456789abcdef0"])),
    ),
    case(
        "lambda", "CreateFunction", "a group of another VPC", lambda w: w.function(**vpc([w.subnet_a], [w.dark_group]))
    ),
    case("lambda", "CreateFunction", "a description of 300 letters", lambda w: w.function(Description="x" * 300)),
    case("lambda", "CreateFunction", "a layer that is no ARN", lambda w: w.function(Layers=["requests"])),
    case("lambda", "CreateFunction", "no code", lambda w: w.function(Code={})),
    case("lambda", "CreateFunction", "tracing that is none", lambda w: w.function(TracingConfig={"Mode": "On"})),
    case("lambda", "UpdateFunctionCode", "no zip", lambda w: {"FunctionName": "chat", "ZipFile": b"not a zip"}),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "a reserved variable",
        lambda w: {"FunctionName": "chat", **variables(AWS_LAMBDA_FUNCTION_NAME="x")},
    ),
    case(
        "lambda",
        "RemovePermission",
        "a statement that is not there",
        lambda w: {"FunctionName": "chat", "StatementId": "nothing"},
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "EC2's network mode default on Fargate",
        lambda w: {k: v for k, v in w.definition().items() if k != "networkMode"},
    ),
    case("ecs", "RegisterTaskDefinition", "no containers", lambda w: w.definition(containerDefinitions=[])),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "two containers of one name",
        lambda w: w.definition(containerDefinitions=w.definition()["containerDefinitions"] * 2),
    ),
    case("ecs", "RegisterTaskDefinition", "privileged on Fargate", lambda w: w.definition({"privileged": True})),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a secret without an execution role",
        lambda w: {
            k: v
            for k, v in w.definition(
                {"image": "public.ecr.aws/x/y:1", "secrets": [{"name": "A", "valueFrom": w.secret}]}
            ).items()
            if k != "executionRoleArn"
        },
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a health check of 2 seconds",
        lambda w: w.definition({"healthCheck": {"command": ["CMD", "true"], "interval": 2}}),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "a CPU architecture that is none",
        lambda w: w.definition(runtimePlatform={"cpuArchitecture": "AMD64"}),
    ),
    case("ecs", "CreateService", "17 subnets", lambda w: w.service(**network(w, subnets=[w.subnet_a] * 17))),
    case(
        "ecs",
        "CreateService",
        "an unknown group",
        lambda w: w.service(**network(w, securityGroups=["sg-0123456789abcdef0"])),
    ),
    case(
        "ecs",
        "CreateService",
        "a group of another VPC",
        lambda w: w.service(**network(w, securityGroups=[w.dark_group])),
    ),
    case("ecs", "CreateService", "a desired count below zero", lambda w: w.service(desiredCount=-1)),
    case(
        "ecs",
        "CreateService",
        "a port that the container does not map",
        lambda w: w.service(
            loadBalancers=[{"targetGroupArn": w.target_group, "containerName": "app", "containerPort": 9090}]
        ),
    ),
    case("ecs", "CreateService", "a platform version that is none", lambda w: w.service(platformVersion="9.9.9")),
    case("ecs", "DeleteService", "tasks wanted", lambda w: {"cluster": "chat", "service": "chat"}),
    case(
        "ecr",
        "CreateRepository",
        "encryption that is none",
        lambda w: {"repositoryName": "x", "encryptionConfiguration": {"encryptionType": "SSE"}},
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "no JSON",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": "keep 10 images"},
    ),
    case(
        "ecr",
        "SetRepositoryPolicy",
        "a policy without statements",
        lambda w: {"repositoryName": "chat", "policyText": "{}"},
    ),
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "a minimum below zero",
        lambda w: w.scalable(MinCapacity=-1, MaxCapacity=3),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "a type that is none",
        lambda w: {**w.scaling(), "PolicyType": "TargetTracking"},
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a target action without capacities",
        lambda w: w.scalable(ScheduledActionName="m", Schedule="cron(0 8 * * ? *)", ScalableTargetAction={}),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "a schedule that is none",
        lambda w: w.scalable(
            ScheduledActionName="m", Schedule="every morning", ScalableTargetAction={"MinCapacity": 2}
        ),
    ),
)
