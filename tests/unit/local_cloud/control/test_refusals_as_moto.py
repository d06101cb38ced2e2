"""Rules whose call moto refuses too, in other words: here only AWS's own code and message count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import Cloud, Network, scalable, trust, unique
from test_refusals_network import create_balancer, create_endpoint

from local_cloud.control import refusals
from local_cloud.control.rules import RULES


def fails(code: str, words: str, call: Callable[[], Any]) -> None:
    with pytest.raises(ClientError) as raised:
        call()
    error = raised.value.response["Error"]
    assert (error["Code"], words in error["Message"]) == (code, True), error


def test_balancer_subnets_in_one_zone(cloud: Cloud, network: Network) -> None:
    subnets = [network.subnets[0], network.twin]
    words = "cannot be attached to multiple subnets in the same Availability Zone"
    fails("InvalidConfigurationRequest", words, lambda: create_balancer(cloud, network, subnets))


def test_target_group_in_use(cloud: Cloud, balancer: dict[str, str]) -> None:
    group = balancer["group"]
    words = f"Target group '{group}' is currently in use by a listener or a rule"
    fails("ResourceInUse", words, lambda: cloud.client("elbv2").delete_target_group(TargetGroupArn=group))


def test_unknown_group_of_an_endpoint(cloud: Cloud, network: Network) -> None:
    words = "The security group 'sg-0' does not exist"
    fails("InvalidGroup.NotFound", words, lambda: create_endpoint(cloud, network, SecurityGroupIds=["sg-0"]))


def test_unknown_api(cloud: Cloud) -> None:
    words = "Invalid API identifier specified 123456789012:nothing"
    fails("NotFoundException", words, lambda: cloud.client("apigateway").get_resources(restApiId="nothing"))


def test_container_that_the_definition_lacks(cloud: Cloud, service: dict[str, Any]) -> None:
    service["loadBalancers"][0]["containerName"] = "web"
    words = "The container web does not exist in the task definition."
    fails("InvalidParameterException", words, lambda: cloud.client("ecs").create_service(**service))


def test_unknown_target_and_policy(cloud: Cloud, service: dict[str, Any]) -> None:
    client, names = cloud.client("application-autoscaling"), scalable(service)
    code = "ObjectNotFoundException"
    fails(code, "No scalable target found for", lambda: client.deregister_scalable_target(**names))
    fails(code, "policy name: p", lambda: client.delete_scaling_policy(**names, PolicyName="p"))


def test_protected_table(cloud: Cloud) -> None:
    dynamodb, name = cloud.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    words = "currently protected against deletion. Disable deletion protection first."
    fails("ValidationException", words, lambda: dynamodb.delete_table(TableName=name))


def test_role_with_policies(cloud: Cloud, role: str) -> None:
    iam, name = cloud.client("iam"), role.split("/")[-1]
    fails("DeleteConflict", "must delete policies first", lambda: iam.delete_role(RoleName=name))
    other = unique("role")
    iam.create_role(RoleName=other, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    iam.attach_role_policy(RoleName=other, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    fails("DeleteConflict", "must detach all policies first", lambda: iam.delete_role(RoleName=other))


def test_unknown_permission(cloud: Cloud, function: dict[str, Any]) -> None:
    client, name = cloud.client("lambda"), function["FunctionName"]
    client.create_function(**function)
    words = "Statement nothing is not found in resource policy."
    fails(
        "ResourceNotFoundException",
        words,
        lambda: client.remove_permission(FunctionName=name, StatementId="nothing"),
    )


def test_every_rule_is_described(cloud: Cloud) -> None:
    refusals.load()
    listed = cloud.local("GET", "refusals")["rules"]
    assert {each["id"] for each in listed} == set(RULES)
    assert all(each["code"] and each["message"] and each["source"] and each["operations"] for each in listed)
