"""Calls on ECS services and clusters that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import (
    SERVICE_PARAMETERS,
    api,
    guide,
    preflight,
    terraform,
)
from tests.integration.refusals.world import World


def networked(w: World, **changes: Any) -> Params:
    before = w.service()["networkConfiguration"]["awsvpcConfiguration"]
    return w.service(networkConfiguration={"awsvpcConfiguration": {**before, **changes}})


def spread(w: World, *strategy: dict[str, Any]) -> Params:
    made = w.service(capacityProviderStrategy=list(strategy))
    return {k: v for k, v in made.items() if k != "launchType"}


STRANGE: tuple[Case, ...] = (
    refused(
        "ecs",
        "CreateService",
        "no room to deploy",
        lambda w: w.service(deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 100}),
        "InvalidParameterException",
        preflight("ecs-svc-min-healthy-over-max-percent"),
    ),
    refused(
        "ecs",
        "CreateService",
        "two bases",
        lambda w: spread(
            w,
            {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
            {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1},
        ),
        "InvalidParameterException",
        preflight("ecs-svc-capacity-provider-multiple-base"),
    ),
    refused(
        "ecs",
        "CreateService",
        "weight of nothing",
        lambda w: spread(w, {"capacityProvider": "FARGATE", "weight": 0}),
        "InvalidParameterException",
        preflight("ecs-svc-capacity-provider-zero-weight"),
    ),
    refused(
        "ecs",
        "CreateService",
        "provider that the cluster has not",
        lambda w: spread(w, {"capacityProvider": "FARGATE_SPOT", "weight": 1}),
        "InvalidParameterException",
        api("ecs", "CreateService"),
    ),
    refused(
        "ecs",
        "CreateService",
        "Service Connect without a namespace",
        lambda w: w.service(serviceConnectConfiguration={"enabled": True}),
        "InvalidParameterException",
        preflight("ecs-svc-connect-without-namespace"),
    ),
    refused(
        "ecs",
        "CreateService",
        "placement on Fargate",
        lambda w: w.service(placementStrategy=[{"type": "spread", "field": "attribute:ecs.availability-zone"}]),
        "InvalidParameterException",
        preflight("ecs-service-fargate-placement"),
    ),
    refused(
        "ecs",
        "CreateService",
        "a count for a daemon",
        lambda w: w.service(schedulingStrategy="DAEMON"),
        "InvalidParameterException",
        preflight("ecs-service-daemon-desired-count"),
    ),
    refused(
        "ecs",
        "CreateService",
        "platform that does not exist",
        lambda w: w.service(platformVersion="9.9.9"),
        "PlatformUnknownException",
        api("ecs", "CreateService"),
    ),
    refused(
        "ecs",
        "CreateService",
        "subnet of another VPC",
        lambda w: networked(w, subnets=[w.dark_subnet]),
        "InvalidParameterException",
        api("ecs", "AwsVpcConfiguration"),
    ),
    refused(
        "ecs",
        "CreateService",
        "six groups",
        lambda w: networked(w, securityGroups=[w.group] * 6),
        "InvalidParameterException",
        api("ecs", "AwsVpcConfiguration"),
    ),
    refused(
        "ecs",
        "CreateService",
        "subnet that is not there",
        lambda w: networked(w, subnets=["subnet-0123456789abcdef0"]),
        "InvalidParameterException",
        api("ecs", "AwsVpcConfiguration"),
    ),
    refused(
        "ecs",
        "CreateService",
        "no network",
        lambda w: {k: v for k, v in w.service().items() if k != "networkConfiguration"},
        "InvalidParameterException",
        api("ecs", "CreateService"),
    ),
    refused(
        "ecs",
        "CreateService",
        "grace without a balancer",
        lambda w: w.service(healthCheckGracePeriodSeconds=60),
        "InvalidParameterException",
        SERVICE_PARAMETERS,
    ),
    refused(
        "ecs",
        "CreateService",
        "name taken, other count",
        lambda w: w.service(serviceName="chat", desiredCount=2),
        "InvalidParameterException",
        terraform("ecs/service.go"),
    ),
    refused(
        "ecs",
        "CreateService",
        "cluster that is not there",
        lambda w: w.service(cluster="gone"),
        "ClusterNotFoundException",
        api("ecs", "CreateService"),
    ),
    refused(
        "ecs",
        "CreateService",
        "definition that is not there",
        lambda w: w.service(taskDefinition="gone:1"),
        "ClientException",
        api("ecs", "CreateService"),
    ),
    refused(
        "ecs",
        "CreateService",
        "shell without a task role",
        lambda w: w.service(enableExecuteCommand=True),
        "InvalidParameterException",
        guide("AmazonECS/latest/developerguide/ecs-exec.html"),
    ),
    refused(
        "ecs",
        "CreateService",
        "a role of its own",
        lambda w: w.service(role=w.execution_role),
        "InvalidParameterException",
        preflight("ecs-svc-role-with-awsvpc"),
    ),
    refused(
        "ecs",
        "CreateService",
        "space in the name",
        lambda w: w.service(serviceName="the chat"),
        "InvalidParameterException",
        preflight("ecs-service-name"),
    ),
    refused(
        "ecs",
        "CreateService",
        "rollback by CodeDeploy's rules",
        lambda w: w.service(deploymentController={"type": "CODE_DEPLOY"}),
        "InvalidParameterException",
        preflight("ecs-service-codedeploy-lb"),
    ),
    refused(
        "ecs",
        "UpdateService",
        "service that is not there",
        lambda w: {"cluster": "chat", "service": "gone", "desiredCount": 1},
        "ServiceNotFoundException",
        api("ecs", "UpdateService"),
    ),
    refused(
        "ecs",
        "UpdateService",
        "fewer than none",
        lambda w: {"cluster": "chat", "service": "chat", "desiredCount": -1},
        "InvalidParameterException",
        api("ecs", "UpdateService"),
    ),
    refused(
        "ecs",
        "DeleteService",
        "still scaled up",
        lambda w: {"cluster": "chat", "service": "chat"},
        "InvalidParameterException",
        api("ecs", "DeleteService"),
    ),
    refused(
        "ecs",
        "DescribeServices",
        "eleven at once",
        lambda w: {"cluster": "chat", "services": [f"s{n}" for n in range(11)]},
        "InvalidParameterException",
        api("ecs", "DescribeServices"),
    ),
    refused(
        "ecs",
        "RunTask",
        "eleven at once",
        lambda w: {
            "cluster": "chat",
            "taskDefinition": w.task_definition,
            "launchType": "FARGATE",
            "count": 11,
            "networkConfiguration": w.service()["networkConfiguration"],
        },
        "InvalidParameterException",
        api("ecs", "RunTask"),
    ),
    refused(
        "ecs",
        "RunTask",
        "no network",
        lambda w: {"cluster": "chat", "taskDefinition": w.task_definition, "launchType": "FARGATE"},
        "InvalidParameterException",
        api("ecs", "RunTask"),
    ),
    refused(
        "ecs",
        "DeleteCluster",
        "services in it",
        lambda w: {"cluster": "chat"},
        "ClusterContainsServicesException",
        api("ecs", "DeleteCluster"),
    ),
    refused(
        "ecs",
        "CreateCluster",
        "space in the name",
        lambda w: {"clusterName": "the chat"},
        "InvalidParameterException",
        preflight("ecs-cluster-name"),
    ),
    refused(
        "ecs",
        "CreateCluster",
        "insights yes",
        lambda w: {"clusterName": "new", "settings": [{"name": "containerInsights", "value": "yes"}]},
        "InvalidParameterException",
        api("ecs", "ClusterSetting"),
    ),
    refused(
        "ecs",
        "PutClusterCapacityProviders",
        "default that is not listed",
        lambda w: {
            "cluster": "chat",
            "capacityProviders": ["FARGATE"],
            "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        },
        "InvalidParameterException",
        preflight("ecs-cluster-default-strategy-provider-not-listed"),
    ),
    refused(
        "ecs",
        "TagResource",
        "reserved prefix",
        lambda w: {"resourceArn": w.task_definition, "tags": [{"key": "aws:a", "value": "b"}]},
        "InvalidParameterException",
        preflight("tags-aws-prefix"),
    ),
)
