"""What EC2 and Elastic Load Balancing refuse, each with AWS's code, and only by its rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from control_builders import ENDPOINT, Cloud, Network, unique

from local_cloud.control.settings import REGION

Refused = Callable[..., None]
PRIVATE = {"types": ["PRIVATE"]}


def create_endpoint(cloud: Cloud, network: Network, **changes: Any) -> Any:
    params = {
        "VpcId": network.vpc,
        "ServiceName": ENDPOINT,
        "VpcEndpointType": "Interface",
        "SubnetIds": network.subnets[:1],
        "SecurityGroupIds": [network.group],
        "PrivateDnsEnabled": False,
        **changes,
    }
    return cloud.client("ec2").create_vpc_endpoint(**{key: value for key, value in params.items() if value})


GATEWAY = {
    "ServiceName": f"com.amazonaws.{REGION}.s3",
    "VpcEndpointType": "Gateway",
    "SubnetIds": None,
    "SecurityGroupIds": None,
}


def test_two_endpoint_subnets_in_one_zone(cloud: Cloud, network: Network, refused: Refused) -> None:
    subnets = [network.subnets[0], network.twin]
    refused(
        "ec2-endpoint-two-subnets-in-one-zone",
        "DuplicateSubnetsInSameZone",
        f"availability zone of {network.twin}",
        lambda: create_endpoint(cloud, network, SubnetIds=subnets),
    )


def test_second_private_dns(cloud: Cloud, network: Network, endpoint: str, refused: Refused) -> None:
    refused(
        "ec2-endpoint-second-private-dns",
        "InvalidParameter",
        f"conflicting DNS domain for execute-api.{REGION}.amazonaws.com in the VPC {network.vpc}",
        lambda: create_endpoint(cloud, network, PrivateDnsEnabled=True),
    )


def test_private_dns_without_vpc_dns(cloud: Cloud, network: Network, refused: Refused) -> None:
    cloud.client("ec2").modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": False})
    refused(
        "ec2-endpoint-private-dns-without-vpc-dns",
        "InvalidParameter",
        "requires both enableDnsSupport and enableDnsHostnames",
        lambda: create_endpoint(cloud, network, PrivateDnsEnabled=True),
    )


def test_unknown_endpoint_service(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-endpoint-unknown-service",
        "InvalidServiceName",
        "'com.amazonaws.ap-northeast-1.nothing' does not exist",
        lambda: create_endpoint(cloud, network, ServiceName=f"com.amazonaws.{REGION}.nothing"),
    )


def test_endpoint_policy_that_is_no_json(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-endpoint-bad-policy",
        "InvalidPolicyDocument",
        "not a valid JSON policy",
        lambda: create_endpoint(cloud, network, PolicyDocument="{'a'"),
    )


def test_route_tables_of_an_interface_endpoint(cloud: Cloud, network: Network, refused: Refused) -> None:
    table = cloud.client("ec2").create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    refused(
        "ec2-interface-endpoint-with-route-tables",
        "InvalidParameter",
        "only supported for Gateway type",
        lambda: create_endpoint(cloud, network, RouteTableIds=[table]),
    )


def test_gateway_endpoint_for_an_interface_service(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-endpoint-type-mismatch",
        "InvalidParameter",
        "does not match service type (Interface)",
        lambda: create_endpoint(cloud, network, **{**GATEWAY, "ServiceName": ENDPOINT}),
    )


def test_groups_of_a_gateway_endpoint(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-gateway-endpoint-with-groups",
        "InvalidParameter",
        "only supported for Interface type",
        lambda: create_endpoint(cloud, network, **{**GATEWAY, "SecurityGroupIds": [network.group]}),
    )


def test_private_dns_of_a_gateway_endpoint(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-gateway-endpoint-with-private-dns",
        "InvalidParameter",
        "does not support private DNS",
        lambda: create_endpoint(cloud, network, **GATEWAY, PrivateDnsEnabled=True),
    )


def test_group_description(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-group-description",
        "InvalidParameterValue",
        "Character sets beyond ASCII are not supported",
        lambda: cloud.client("ec2").create_security_group(
            GroupName=unique("g"), Description="チャット", VpcId=network.vpc
        ),
    )


def test_rule_description(cloud: Cloud, network: Network, refused: Refused) -> None:
    source = {"CidrIp": "10.0.0.0/8", "Description": "社内"}
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [source]}
    refused(
        "ec2-rule-description",
        "InvalidParameterValue",
        "Invalid rule description",
        lambda: cloud.client("ec2").authorize_security_group_ingress(GroupId=network.group, IpPermissions=[permission]),
    )


def test_group_that_another_one_names(cloud: Cloud, network: Network, refused: Refused) -> None:
    ec2 = cloud.client("ec2")
    other = ec2.create_security_group(GroupName=unique("g"), Description="x", VpcId=network.vpc)["GroupId"]
    pair = [{"GroupId": network.group}]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": pair}
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[permission])
    refused(
        "ec2-group-in-use",
        "DependencyViolation",
        f"resource {network.group} has a dependent object",
        lambda: ec2.delete_security_group(GroupId=network.group),
    )


@pytest.mark.usefixtures("endpoint")
def test_group_of_an_endpoint(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "ec2-group-in-use",
        "DependencyViolation",
        network.group,
        lambda: cloud.client("ec2").delete_security_group(GroupId=network.group),
    )


def test_group_and_subnet_of_a_reported_interface(cloud: Cloud, network: Network, refused: Refused) -> None:
    body = {"SubnetId": network.twin, "PrivateIpAddress": "10.20.2.9", "Groups": [network.group]}
    cloud.local("PUT", f"enis/eni-{network.group}", body)
    ec2 = cloud.client("ec2")
    refused(
        "ec2-group-in-use",
        "DependencyViolation",
        network.group,
        lambda: ec2.delete_security_group(GroupId=network.group),
    )
    cloud.local("PUT", "refusals", {"disabled": []})
    refused(
        "ec2-subnet-in-use",
        "DependencyViolation",
        f"The subnet '{network.twin}' has dependencies",
        lambda: ec2.delete_subnet(SubnetId=network.twin),
    )
    cloud.local("DELETE", f"enis/eni-{network.group}")


def create_balancer(cloud: Cloud, network: Network, subnets: list[str]) -> Any:
    return cloud.client("elbv2").create_load_balancer(
        Name=unique("alb"), Subnets=subnets, SecurityGroups=[network.group], Scheme="internal"
    )


def test_balancer_with_one_subnet(cloud: Cloud, network: Network, refused: Refused) -> None:
    refused(
        "elbv2-one-subnet",
        "ValidationError",
        "At least two subnets in two different Availability Zones",
        lambda: create_balancer(cloud, network, network.subnets[:1]),
    )


def test_https_without_certificate(cloud: Cloud, network: Network, balancer: dict[str, str], refused: Refused) -> None:
    actions = [{"Type": "forward", "TargetGroupArn": balancer["group"]}]
    refused(
        "elbv2-https-without-certificate",
        "ValidationError",
        "A certificate must be specified for HTTPS listeners",
        lambda: cloud.client("elbv2").create_listener(
            LoadBalancerArn=balancer["arn"], Protocol="HTTPS", Port=443, DefaultActions=actions
        ),
    )


def test_deletion_protection(cloud: Cloud, balancer: dict[str, str], refused: Refused) -> None:
    elb = cloud.client("elbv2")
    attributes = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer["arn"], Attributes=attributes)
    refused(
        "elbv2-deletion-protection",
        "OperationNotPermitted",
        "cannot be deleted because deletion protection is enabled",
        lambda: elb.delete_load_balancer(LoadBalancerArn=balancer["arn"]),
    )


def test_interval_of_an_existing_target_group(cloud: Cloud, balancer: dict[str, str], refused: Refused) -> None:
    """What a change leaves out is the target group's own."""
    elb, group = cloud.client("elbv2"), {"TargetGroupArn": balancer["group"]}
    elb.modify_target_group(**group, HealthCheckPath="/health", HealthCheckIntervalSeconds=60)
    elb.modify_target_group(**group, HealthCheckTimeoutSeconds=59)
    refused(
        "elbv2-health-check-interval",
        "ValidationError",
        "Health check interval must be greater than the timeout",
        lambda: elb.modify_target_group(**group, HealthCheckTimeoutSeconds=60),
    )
