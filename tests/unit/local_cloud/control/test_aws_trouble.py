"""What AWS is slow to know, forgets late, or refuses for a moment, on a clock that the tests turn by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from control_builders import LAMBDA_URI, Api, Cloud, Network, trust, unique
from test_aws_time import Hand, cloud, code_of, hand

from local_cloud.control.aws_time.faults import FAULTS, THROTTLED

ALLOW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}'
__all__ = ["cloud", "hand"]


@pytest.fixture
def switch(cloud: Cloud) -> Callable[..., None]:
    """``switch(stale_read_seconds=3)``: that, and nothing else."""
    return lambda **switches: cloud.local("PUT", "time", switches)


def message_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as raised:
        call()
    return str(raised.value.response["Error"]["Message"])


def test_a_new_role_for_lambda(
    cloud: Cloud, hand: Hand, function: dict[str, Any], switch: Callable[..., None], network: Network
) -> None:
    switch(scale=1, role_delay_seconds=12, provisioning={"lambda_function.vpc.create": 0})
    iam, client = cloud.client("iam"), cloud.client("lambda")
    name = unique("role")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]["Arn"]
    place = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    sane = {**function, "Role": role, "VpcConfig": place}
    policy = {"RoleName": name, "PolicyName": "interfaces", "PolicyDocument": ALLOW}
    iam.put_role_policy(**policy)
    assert "cannot be assumed by Lambda" in message_of(lambda: client.create_function(**sane))
    hand.at += 6
    iam.put_role_policy(**policy)
    hand.at += 6
    assert "does not have permissions" in message_of(lambda: client.create_function(**sane))
    hand.at += 12
    assert client.create_function(**sane)["FunctionArn"]


def test_a_new_role_in_a_resource_policy(cloud: Cloud, hand: Hand, api: Api, switch: Callable[..., None]) -> None:
    switch(scale=1, role_delay_seconds=12)
    made = cloud.client("iam").create_role(
        RoleName=unique("role"), AssumeRolePolicyDocument=trust("ecs-tasks.amazonaws.com")
    )["Role"]["Arn"]
    policy = f'{{"Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "{made}"}}, "Action": "*"}}]}}'
    patch = {"op": "replace", "path": "/policy", "value": policy.replace('"*"', '"*", "Resource": "execute-api:/*"')}
    update = {"restApiId": api.id, "patchOperations": [patch]}
    gateway = cloud.client("apigateway")
    assert "ensure that Principals are valid" in message_of(lambda: gateway.update_rest_api(**update))
    hand.at += 12
    assert gateway.update_rest_api(**update)["id"] == api.id
    assert LAMBDA_URI in str(gateway.get_resources(restApiId=api.id, embed=["methods"])["items"])


def test_the_account_s_first_service(
    cloud: Cloud, hand: Hand, service: dict[str, Any], switch: Callable[..., None]
) -> None:
    switch(scale=1, role_delay_seconds=12)
    cloud.client("ecs").create_cluster(clusterName=unique("cluster"))
    create = cloud.client("ecs").create_service
    assert "Unable to assume the service linked role" in message_of(lambda: create(**service))
    hand.at += 12
    assert create(**service)["service"]["status"] == "ACTIVE"
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{service['cluster']}/{service['serviceName']}",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 1,
        "MaxCapacity": 2,
    }
    register = cloud.client("application-autoscaling").register_scalable_target
    assert "Unable to assume IAM role" in message_of(lambda: register(**target))
    hand.at += 12
    register(**target)


def test_interfaces_of_a_deleted_function(
    cloud: Cloud, hand: Hand, function: dict[str, Any], network: Network, switch: Callable[..., None]
) -> None:
    switch(scale=1, interface_release_seconds=1200)
    ec2, client = cloud.client("ec2"), cloud.client("lambda")
    place = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    client.create_function(**function, VpcConfig=place)
    client.delete_function(FunctionName=function["FunctionName"])
    left = {"Filters": [{"Name": "group-id", "Values": [network.group]}]}
    found = ec2.describe_network_interfaces(**left)["NetworkInterfaces"]
    assert [each["InterfaceType"] for each in found] == ["lambda"] * 2
    assert code_of(lambda: ec2.delete_security_group(GroupId=network.group)) == "DependencyViolation"
    assert code_of(lambda: ec2.delete_subnet(SubnetId=network.subnets[0])) == "DependencyViolation"
    hand.at += 1200
    ec2.delete_security_group(GroupId=network.group)
    ec2.delete_subnet(SubnetId=network.subnets[0])


def test_stale_role(cloud: Cloud, hand: Hand, switch: Callable[..., None]) -> None:
    switch(scale=1, stale_read_seconds=3)
    iam, name = cloud.client("iam"), {"RoleName": unique("role")}
    hand.at += 1
    assert code_of(lambda: iam.get_role(**name)) == "NoSuchEntity"
    hand.at += 1
    iam.create_role(**name, AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    assert code_of(lambda: iam.get_role(**name)) == "NoSuchEntity"
    hand.at += 3
    assert iam.list_role_policies(**name)["PolicyNames"] == []
    assert iam.get_role(**name)["Role"]["RoleName"] == name["RoleName"]
    hand.at += 1
    iam.put_role_policy(**name, PolicyName="p", PolicyDocument=ALLOW)
    assert iam.list_role_policies(**name)["PolicyNames"] == []
    hand.at += 3
    assert iam.list_role_policies(**name)["PolicyNames"] == ["p"]


def test_stale_groups_answer_truly_what_is_asked_for_the_first_time(
    cloud: Cloud, hand: Hand, network: Network, switch: Callable[..., None]
) -> None:
    switch(scale=1, stale_read_seconds=3)
    ec2 = cloud.client("ec2")

    def rules(**asked: Any) -> list[Any]:
        return list(ec2.describe_security_groups(**asked)["SecurityGroups"][0]["IpPermissions"])

    hand.at += 4
    assert rules(GroupIds=[network.group]) == []
    hand.at += 1
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[rule])
    assert rules(GroupIds=[network.group]) == []
    assert len(rules(Filters=[{"Name": "group-id", "Values": [network.group]}])) == 1
    hand.at += 3
    assert len(rules(GroupIds=[network.group])) == 1


def test_a_new_group_is_not_found_by_its_id(
    cloud: Cloud, hand: Hand, network: Network, switch: Callable[..., None]
) -> None:
    switch(scale=1, stale_read_seconds=3)
    ec2 = cloud.client("ec2")
    made = ec2.create_security_group(GroupName=unique("group"), Description="new", VpcId=network.vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    authorize = {"GroupId": made, "IpPermissions": [rule]}
    assert code_of(lambda: ec2.describe_security_groups(GroupIds=[made])) == "InvalidGroup.NotFound"
    assert code_of(lambda: ec2.authorize_security_group_ingress(**authorize)) == "InvalidGroup.NotFound"
    hand.at += 3
    assert len(ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"]) == 1
    ec2.authorize_security_group_ingress(**authorize)


@pytest.mark.parametrize("service", ["ec2", "iam", "elbv2", "lambda", "apigateway", "dynamodb", "ecs", "logs"])
def test_every_call_throttled_or_failing(cloud: Cloud, service: str, switch: Callable[..., None]) -> None:
    asked = {
        "ec2": "describe_vpcs",
        "iam": "list_roles",
        "elbv2": "describe_load_balancers",
        "lambda": "list_functions",
        "apigateway": "get_rest_apis",
        "dynamodb": "list_tables",
        "ecs": "list_clusters",
        "logs": "describe_log_groups",
    }
    call = getattr(cloud.client(service), asked[service])
    switch(throttle_percent=100)
    assert code_of(call) == THROTTLED.get(service, ("ThrottlingException",))[0]
    switch(error_percent=100)
    assert code_of(call) == FAULTS.get(service, ("InternalFailure",))[0]
    switch()
    assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_same_seed_strikes_the_same_calls(cloud: Cloud, switch: Callable[..., None]) -> None:
    def struck(seed: int) -> list[bool]:
        switch(throttle_percent=30, seed=seed)
        found = []
        for _call in range(30):
            try:
                cloud.client("sts").get_caller_identity()
                found.append(False)
            except ClientError:
                found.append(True)
        switch()
        return found

    first = struck(7)
    assert struck(7) == first != struck(8)
    assert 0 < sum(first) < 30
