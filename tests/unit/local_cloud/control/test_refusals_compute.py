"""What Lambda, ECS, Application Auto Scaling and the stores refuse, each only by its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from control_builders import Cloud, Network, scalable, target_group, task_definition, trust, unique

Refused = Callable[..., None]
INVALID = "InvalidParameterValueException"
VPC = {"SubnetIds": ["subnet-0"], "SecurityGroupIds": ["sg-0"]}


@pytest.mark.parametrize(
    ("rule", "code", "words", "changes"),
    [
        (
            "lambda-reserved-variables",
            INVALID,
            "Reserved keys used in this request: AWS_REGION",
            {"Environment": {"Variables": {"AWS_REGION": "x", "OK": "1"}}},
        ),
        ("lambda-runtime", INVALID, "Value python9.9 at 'runtime'", {"Runtime": "python9.9"}),
        ("lambda-timeout", "ValidationException", "less than or equal to 900", {"Timeout": 901}),
        ("lambda-memory", "ValidationException", "'MemorySize' value failed", {"MemorySize": 12_288}),
    ],
)
def test_function(
    cloud: Cloud,
    function: dict[str, Any],
    refused: Refused,
    rule: str,
    code: str,
    words: str,
    changes: dict[str, Any],
) -> None:
    refused(rule, code, words, lambda: cloud.client("lambda").create_function(**{**function, **changes}))


def test_zip(cloud: Cloud, function: dict[str, Any], refused: Refused) -> None:
    broken = {**function, "Code": {"ZipFile": b"no zip"}}
    refused(
        "lambda-bad-zip",
        INVALID,
        "Could not unzip uploaded file",
        lambda: cloud.client("lambda").create_function(**broken),
    )


def test_subnet_of_a_function(cloud: Cloud, network: Network, function: dict[str, Any], refused: Refused) -> None:
    client = cloud.client("lambda")
    client.create_function(**function)
    config = {"SubnetIds": [*network.subnets, "subnet-0"], "SecurityGroupIds": [network.group]}
    refused(
        "lambda-unknown-subnet",
        INVALID,
        "EC2 Error Code: InvalidSubnetID.NotFound",
        lambda: client.update_function_configuration(FunctionName=function["FunctionName"], VpcConfig=config),
    )


def test_group_of_a_function(cloud: Cloud, network: Network, function: dict[str, Any], refused: Refused) -> None:
    client = cloud.client("lambda")
    client.create_function(**function)
    config = {"SubnetIds": network.subnets, "SecurityGroupIds": ["sg-0"]}
    refused(
        "lambda-unknown-group",
        INVALID,
        "EC2 Error Code: InvalidGroup.NotFound",
        lambda: client.update_function_configuration(FunctionName=function["FunctionName"], VpcConfig=config),
    )


def make_role(cloud: Cloud, service: str) -> str:
    made = cloud.client("iam").create_role(RoleName=unique("r"), AssumeRolePolicyDocument=trust(service))
    return str(made["Role"]["Arn"])


def test_role_that_lambda_cannot_assume(cloud: Cloud, function: dict[str, Any], refused: Refused) -> None:
    function["Role"] = make_role(cloud, "ecs-tasks.amazonaws.com")
    refused(
        "lambda-role-not-assumable",
        INVALID,
        "The role defined for the function cannot be assumed by Lambda.",
        lambda: cloud.client("lambda").create_function(**function),
    )


def test_role_without_interfaces(cloud: Cloud, network: Network, function: dict[str, Any], refused: Refused) -> None:
    function["Role"] = make_role(cloud, "lambda.amazonaws.com")
    function["VpcConfig"] = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    refused(
        "lambda-role-without-interfaces",
        INVALID,
        "does not have permissions to call CreateNetworkInterface on EC2",
        lambda: cloud.client("lambda").create_function(**function),
    )


ECS_INVALID = "InvalidParameterException"


def changed_balancer(service: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**service, "loadBalancers": [{**service["loadBalancers"][0], **changes}]}


@pytest.mark.parametrize(
    ("rule", "words", "change"),
    [
        (
            "ecs-launch-type-and-strategy",
            "Specifying both a launch type and capacity provider strategy",
            lambda service: {**service, "launchType": "FARGATE"},
        ),
        (
            "ecs-strategy-not-of-cluster",
            "not associated with the cluster",
            lambda service: {**service, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]},
        ),
        (
            "ecs-port-not-in-definition",
            "The container app did not have a container port 80 defined.",
            lambda service: changed_balancer(service, containerPort=80),
        ),
        (
            "ecs-no-network-configuration",
            "Network Configuration must be provided",
            lambda service: {key: value for key, value in service.items() if key != "networkConfiguration"},
        ),
        (
            "ecs-rebalancing-without-room",
            "maximumPercent",
            lambda service: {
                **service,
                "deploymentConfiguration": {"maximumPercent": 100, "minimumHealthyPercent": 50},
            },
        ),
        (
            "ecs-deployment-blocked",
            "as this will block deployments",
            lambda service: {
                **service,
                "availabilityZoneRebalancing": "DISABLED",
                "deploymentConfiguration": {"maximumPercent": 100, "minimumHealthyPercent": 100},
            },
        ),
        (
            "ecs-grace-without-load-balancer",
            "Health check grace period is only valid",
            lambda service: {**service, "loadBalancers": []},
        ),
    ],
)
def test_service(
    cloud: Cloud, service: dict[str, Any], refused: Refused, rule: str, words: str, change: Callable[..., Any]
) -> None:
    refused(rule, ECS_INVALID, words, lambda: cloud.client("ecs").create_service(**change(service)))


def test_target_group_without_listener(
    cloud: Cloud, network: Network, service: dict[str, Any], refused: Refused
) -> None:
    lonely = changed_balancer(service, targetGroupArn=target_group(cloud, network))
    refused(
        "ecs-target-group-without-load-balancer",
        ECS_INVALID,
        "does not have an associated load balancer",
        lambda: cloud.client("ecs").create_service(**lonely),
    )


def test_cluster_with_services(cloud: Cloud, service: dict[str, Any], refused: Refused) -> None:
    ecs = cloud.client("ecs")
    ecs.create_service(**service)
    refused(
        "ecs-cluster-with-services",
        "ClusterContainsServicesException",
        "cannot be deleted while Services are active",
        lambda: ecs.delete_cluster(cluster=service["cluster"]),
    )


def test_cluster_with_tasks(cloud: Cloud, service: dict[str, Any], refused: Refused) -> None:
    ecs = cloud.client("ecs")
    ecs.run_task(
        cluster=service["cluster"],
        taskDefinition=service["taskDefinition"],
        networkConfiguration=service["networkConfiguration"],
    )
    refused(
        "ecs-cluster-with-tasks",
        "ClusterContainsTasksException",
        "cannot be deleted while Tasks are active",
        lambda: ecs.delete_cluster(cluster=service["cluster"]),
    )


ROLE_WORDS = "Fargate requires task definition to have execution role ARN to support "
IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/chat:1"
AWSLOGS = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": "g", "awslogs-region": "ap-northeast-1", "awslogs-stream-prefix": "p"},
}
SECRETS = [{"name": "S", "valueFrom": "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:s"}]


def containers(**changes: Any) -> dict[str, Any]:
    return {"containerDefinitions": [{"name": "app", "image": "app", **changes}]}


@pytest.mark.parametrize(
    ("rule", "words", "changes"),
    [
        ("ecs-fargate-size", "for given values: 256 CPU, 4096 memory", {"memory": "4096"}),
        ("ecs-fargate-network-mode", "Fargate only supports network mode", {"networkMode": "bridge"}),
        ("ecs-ecr-image-without-role", f"{ROLE_WORDS}ECR images", containers(image=IMAGE)),
        (
            "ecs-awslogs-without-role",
            f"{ROLE_WORDS}log driver awslogs",
            containers(logConfiguration=AWSLOGS),
        ),
        ("ecs-secrets-without-role", "'executionRoleArn'", containers(secrets=SECRETS)),
    ],
)
def test_task_definition(cloud: Cloud, refused: Refused, rule: str, words: str, changes: dict[str, Any]) -> None:
    params = task_definition(**changes)
    refused(rule, "ClientException", words, lambda: cloud.client("ecs").register_task_definition(**params))


@pytest.fixture
def target(cloud: Cloud, service: dict[str, Any]) -> dict[str, str]:
    """A registered scalable target's names."""
    cloud.client("ecs").create_service(**service)
    names = scalable(service)
    cloud.client("application-autoscaling").register_scalable_target(**names, MinCapacity=1, MaxCapacity=5)
    return names


TRACKING = {
    "TargetValue": 70.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
}


def test_minimum_above_maximum(cloud: Cloud, target: dict[str, str], refused: Refused) -> None:
    refused(
        "autoscaling-min-above-max",
        "ValidationException",
        "Maximum capacity cannot be less than minimum capacity",
        lambda: cloud.client("application-autoscaling").register_scalable_target(**target, MinCapacity=6),
    )


def test_policy_without_target(cloud: Cloud, service: dict[str, Any], refused: Refused) -> None:
    names = scalable(service)
    refused(
        "autoscaling-policy-without-target",
        "ObjectNotFoundException",
        f"No scalable target registered for service namespace: ecs, resource ID: {names['ResourceId']}",
        lambda: cloud.client("application-autoscaling").put_scaling_policy(
            **names,
            PolicyName="CpuUtilizationScaling",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=TRACKING,
        ),
    )


def test_scheduled_action_that_is_not_there(cloud: Cloud, target: dict[str, str], refused: Refused) -> None:
    refused(
        "autoscaling-unknown-scheduled-action",
        "ObjectNotFoundException",
        "scheduled action name: nothing",
        lambda: cloud.client("application-autoscaling").delete_scheduled_action(
            **target, ScheduledActionName="nothing"
        ),
    )


def test_target_of_a_deleted_service(cloud: Cloud, service: dict[str, Any], refused: Refused) -> None:
    ecs = cloud.client("ecs")
    ecs.create_service(**service)
    ecs.delete_service(cluster=service["cluster"], service=service["serviceName"], force=True)
    refused(
        "autoscaling-service-gone",
        "ValidationException",
        "ECS service doesn't exist",
        lambda: cloud.client("application-autoscaling").register_scalable_target(
            **scalable(service), MinCapacity=1, MaxCapacity=2
        ),
    )


def test_retention(cloud: Cloud, refused: Refused) -> None:
    logs, name = cloud.client("logs"), unique("group")
    logs.create_log_group(logGroupName=name)
    refused(
        "logs-retention",
        "InvalidParameterException",
        "Value '31' at 'retentionInDays'",
        lambda: logs.put_retention_policy(logGroupName=name, retentionInDays=31),
    )


@pytest.fixture
def table(cloud: Cloud) -> str:
    """A table with deletion protection and TTL."""
    dynamodb, name = cloud.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    return name


def test_time_to_live_twice(cloud: Cloud, table: str, refused: Refused) -> None:
    specification = {"Enabled": True, "AttributeName": "ttl"}
    refused(
        "dynamodb-ttl-twice",
        "ValidationException",
        "TimeToLive is already enabled",
        lambda: cloud.client("dynamodb").update_time_to_live(TableName=table, TimeToLiveSpecification=specification),
    )


PERMISSION = {
    "StatementId": "api",
    "Action": "lambda:InvokeFunction",
    "Principal": "apigateway.amazonaws.com",
    "SourceArn": "arn:aws:execute-api:ap-northeast-1:123456789012:api/*/POST/",
}


def test_permission_twice(cloud: Cloud, function: dict[str, Any], refused: Refused) -> None:
    client, name = cloud.client("lambda"), function["FunctionName"]
    client.create_function(**function)
    client.add_permission(FunctionName=name, **PERMISSION)
    refused(
        "lambda-statement-twice",
        "ResourceConflictException",
        "The statement id (api) provided already exists.",
        lambda: client.add_permission(FunctionName=name, **PERMISSION),
    )
