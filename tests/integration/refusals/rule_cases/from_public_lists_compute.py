"""One call for each rule made from a public list that no other case meets; they say nothing of the rate."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World


def container(name: str = "app", **changes: Any) -> Params:
    return {"name": name, "image": "public.ecr.aws/nginx/nginx:1", **changes}


def task(w: World, *containers: Params, **changes: Any) -> Params:
    return w.definition(containerDefinitions=list(containers), **changes)


ECS = (
    case("ecs", "CreateService", "a role in a VPC", lambda w: w.service(role="ecsServiceRole")),
    case(
        "ecs",
        "CreateService",
        "two registries",
        lambda w: w.service(
            serviceRegistries=[
                {"registryArn": f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:service/{name}"} for name in ("a", "b")
            ]
        ),
    ),
    case(
        "ecs",
        "CreateCluster",
        "a default that it has not",
        lambda w: {
            "clusterName": "spot",
            "capacityProviders": ["FARGATE_SPOT"],
            "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE"}],
        },
    ),
    case(
        "ecs",
        "CreateCluster",
        "a logged shell without a log",
        lambda w: {"clusterName": "shell", "configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}}},
    ),
    case("ecs", "DescribeTasks", "101 of them", lambda w: {"cluster": "chat", "tasks": ["t"] * 101}),
    case("ecs", "RegisterTaskDefinition", "more units than the task", lambda w: task(w, container(cpu=512))),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "waits for the end of one that may not end",
        lambda w: task(w, container(dependsOn=[{"containerName": "init", "condition": "COMPLETE"}]), container("init")),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "mounts what is not declared",
        lambda w: task(w, container(mountPoints=[{"sourceVolume": "scratch", "containerPath": "/scratch"}])),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "router not there",
        lambda w: task(w, container(logConfiguration={"logDriver": "awsfirelens", "options": {"Name": "es"}})),
    ),
    case("ecs", "RegisterTaskDefinition", "shares the host's memory", lambda w: task(w, container(), ipcMode="host")),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "Windows on a quarter",
        lambda w: task(w, container(), runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "two ports of one name",
        lambda w: task(w, container(portMappings=[{"containerPort": port, "name": "http"} for port in (80, 81)])),
    ),
    case(
        "ecs",
        "RegisterTaskDefinition",
        "restarts at once",
        lambda w: task(w, container(restartPolicy={"enabled": True, "restartAttemptPeriod": 30})),
    ),
)


def listener(w: World, *actions: Params, **changes: Any) -> Params:
    return {
        "LoadBalancerArn": w.balancer_arn,
        "Protocol": "HTTP",
        "Port": 8443,
        "DefaultActions": list(actions),
        **changes,
    }


def weighted(w: World, weight: int) -> Params:
    groups = [{"TargetGroupArn": w.idle_target_group, "Weight": weight}]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


ELB = (
    case(
        "elbv2",
        "CreateListener",
        "on to where it came from",
        lambda w: listener(
            w, {"Type": "redirect", "RedirectConfig": {"Protocol": "#{protocol}", "StatusCode": "HTTP_302"}}
        ),
    ),
    case("elbv2", "CreateListener", "heavier than 999", lambda w: listener(w, weighted(w, 1001))),
    case(
        "elbv2",
        "CreateListener",
        "Cognito without TLS",
        lambda w: listener(
            w,
            {
                "Type": "authenticate-cognito",
                "Order": 1,
                "AuthenticateCognitoConfig": {
                    "UserPoolArn": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/x",
                    "UserPoolClientId": "x",
                    "UserPoolDomain": "x",
                },
            },
            {"Type": "forward", "Order": 2, "TargetGroupArn": w.idle_target_group},
        ),
    ),
    case(
        "elbv2",
        "CreateListener",
        "a group that another balancer has",
        lambda w: listener(
            w, {"Type": "forward", "TargetGroupArn": w.target_group}, LoadBalancerArn=w.protected_balancer
        ),
    ),
    case(
        "elbv2",
        "CreateTargetGroup",
        "a function in a VPC",
        lambda w: {"Name": "fn", "TargetType": "lambda", "VpcId": w.vpc},
    ),
    case(
        "elbv2",
        "ModifyLoadBalancerAttributes",
        "connections logged nowhere",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Attributes": [{"Key": "connection_logs.s3.enabled", "Value": "true"}],
        },
    ),
    case(
        "elbv2",
        "CreateLoadBalancer",
        "a third subnet that is not there",
        lambda w: w.balancer(Subnets=[w.subnet_a, w.subnet_c, "subnet-00000000000000000"]),
    ),
    case(
        "elbv2",
        "SetSubnets",
        "subnets and mappings",
        lambda w: {
            "LoadBalancerArn": w.balancer_arn,
            "Subnets": [w.subnet_a, w.subnet_c],
            "SubnetMappings": [{"SubnetId": w.subnet_a}, {"SubnetId": w.subnet_c}],
        },
    ),
)

RULES: tuple[Case, ...] = (*ECS, *ELB)
