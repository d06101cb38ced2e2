"""Calls on VPCs, subnets, routes, groups and endpoints that AWS refuses, by the third author."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import EC2_ERRORS, guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World

TAGS = guide("AWSEC2/latest/UserGuide/Using_Tags.html")
ec2 = of("ec2")


def tcp(port: int = 443, **changes: Any) -> Params:
    """One TCP permission."""
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **changes}


def associated(w: World) -> Params:
    """AssociateRouteTable for a subnet that has a table already."""
    w.clients("ec2").associate_route_table(RouteTableId=w.route_table, SubnetId=w.subnet_a)
    other = w.clients("ec2").create_route_table(VpcId=w.vpc)["RouteTable"]["RouteTableId"]
    return {"RouteTableId": other, "SubnetId": w.subnet_a}


def table_in_use(w: World) -> Params:
    """DeleteRouteTable of one that a subnet uses."""
    w.clients("ec2").associate_route_table(RouteTableId=w.route_table, SubnetId=w.subnet_c)
    return {"RouteTableId": w.route_table}


def route(w: World, **changes: Any) -> Params:
    """A route to the internet."""
    return {"RouteTableId": w.route_table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.internet, **changes}


def route_again(w: World) -> Params:
    """CreateRoute of a destination that the table has, by another target."""
    w.clients("ec2").create_route(**route(w))
    gateway = w.clients("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    return route(w, GatewayId=gateway)


def interface(w: World, **changes: Any) -> Params:
    """A network interface in the first subnet."""
    return {"SubnetId": w.subnet_a, "Groups": [w.group], **changes}


FAULTY: tuple[Case, ...] = (
    ec2(
        "CreateSubnet",
        "block that lies half in the VPC's neighbour",
        "InvalidSubnet.Range",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.21.0.0/24"},
    ),
    ec2(
        "CreateSubnet",
        "a /29",
        "InvalidSubnet.Range",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.9.0/29"},
    ),
    ec2(
        "CreateSubnet",
        "zone of another Region",
        "InvalidParameterValue",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.9.0/24", "AvailabilityZone": "us-east-1a"},
    ),
    ec2("CreateVpc", "a /8", "InvalidVpc.Range", lambda w: {"CidrBlock": "10.0.0.0/8"}),
    ec2("DeleteVpc", "with subnets", "DependencyViolation", lambda w: {"VpcId": w.dark_vpc}),
    ec2("AssociateRouteTable", "subnet that has a table", "Resource.AlreadyAssociated", associated),
    ec2("DeleteRouteTable", "used by a subnet", "DependencyViolation", table_in_use),
    ec2("CreateRoute", "destination twice", "RouteAlreadyExists", route_again),
    ec2(
        "CreateRoute",
        "two targets",
        "InvalidParameterCombination",
        lambda w: route(w, NatGatewayId="nat-0123456789abcdef0"),
        EC2_ERRORS,
    ),
    ec2(
        "DeleteRoute",
        "that the table has not",
        "InvalidRoute.NotFound",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "10.99.0.0/16"},
    ),
    ec2(
        "DetachInternetGateway",
        "from a VPC it is not attached to",
        "Gateway.NotAttached",
        lambda w: {"InternetGatewayId": w.internet, "VpcId": w.dark_vpc},
        EC2_ERRORS,
    ),
    ec2(
        "DeleteInternetGateway",
        "attached",
        "DependencyViolation",
        lambda w: {"InternetGatewayId": w.internet},
    ),
    ec2(
        "CreateTags",
        "a key of AWS's",
        "InvalidParameterValue",
        lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "aws:owner", "Value": "me"}]},
        TAGS,
    ),
    ec2(
        "CreateTags",
        "51 tags",
        "TagLimitExceeded",
        lambda w: {"Resources": [w.vpc], "Tags": [{"Key": f"k{n}", "Value": "v"} for n in range(51)]},
        TAGS,
    ),
    ec2(
        "CreateTags",
        "subnet that does not exist",
        "InvalidSubnetID.NotFound",
        lambda w: {"Resources": ["subnet-0123456789abcdef0"], "Tags": [{"Key": "a", "Value": "b"}]},
    ),
    ec2(
        "ModifyVpcAttribute",
        "two attributes",
        "InvalidParameterCombination",
        lambda w: {"VpcId": w.vpc, "EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
    ),
    ec2(
        "DescribeSubnets",
        "filter that does not exist",
        "InvalidParameterValue",
        lambda w: {"Filters": [{"Name": "vpc", "Values": [w.vpc]}]},
        EC2_ERRORS,
    ),
    ec2(
        "CreateSecurityGroup",
        "description in Japanese",
        "InvalidParameterValue",
        lambda w: {"GroupName": "front", "Description": "画面の入口", "VpcId": w.vpc},
    ),
    ec2(
        "AuthorizeSecurityGroupIngress",
        "prefix list that does not exist",
        "InvalidPrefixListId.NotFound",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [tcp(PrefixListIds=[{"PrefixListId": "pl-0123456789abcdef0"}])],
        },
        EC2_ERRORS,
    ),
    ec2(
        "AuthorizeSecurityGroupIngress",
        "description of 256 characters",
        "InvalidParameterValue",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [tcp(IpRanges=[{"CidrIp": "10.9.0.0/16", "Description": "d" * 256}])],
        },
        guide("AWSEC2/latest/APIReference/API_IpRange.html"),
    ),
    ec2(
        "UpdateSecurityGroupRuleDescriptionsIngress",
        "rule that the group has not",
        "InvalidPermission.NotFound",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [tcp(9999, IpRanges=[{"CidrIp": "10.9.0.0/16", "Description": "office"}])],
        },
    ),
    ec2(
        "CreateVpcEndpoint",
        "interface with route tables",
        "InvalidParameter",
        lambda w: w.endpoint(RouteTableIds=[w.route_table]),
    ),
    ec2(
        "CreateVpcEndpoint",
        "both subnets in one zone",
        "DuplicateSubnetsInSameZone",
        lambda w: w.endpoint(SubnetIds=[w.subnet_a, w.subnet_a2]),
        EC2_ERRORS,
    ),
    ec2(
        "CreateVpcEndpoint",
        "IPv6 addresses in subnets that have none",
        "InvalidParameter",
        lambda w: w.endpoint(IpAddressType="ipv6"),
        guide("vpc/latest/privatelink/privatelink-access-aws-services.html"),
    ),
    ec2(
        "CreateVpcEndpoint",
        "service of another Region",
        "InvalidServiceName",
        lambda w: w.endpoint(ServiceName="com.amazonaws.eu-west-1.logs"),
        EC2_ERRORS,
    ),
    ec2(
        "ModifyVpcEndpoint",
        "route table for an interface",
        "InvalidParameter",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddRouteTableIds": [w.route_table]},
    ),
    ec2(
        "ModifyVpcEndpoint",
        "subnet that does not exist",
        "InvalidSubnetID.NotFound",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSubnetIds": ["subnet-0123456789abcdef0"]},
        EC2_ERRORS,
    ),
    ec2(
        "CreateNetworkInterface",
        "address outside the subnet",
        "InvalidParameterValue",
        lambda w: interface(w, PrivateIpAddress="10.20.1.9"),
        EC2_ERRORS,
    ),
    ec2(
        "CreateNatGateway",
        "address that does not exist",
        "InvalidAllocationID.NotFound",
        lambda w: {"SubnetId": w.subnet_a, "AllocationId": "eipalloc-0123456789abcdef0"},
        EC2_ERRORS,
    ),
    ec2(
        "DescribeVpcEndpointServices",
        "service that does not exist",
        "InvalidServiceName",
        lambda w: {"ServiceNames": [f"com.amazonaws.{REGION}.nonsense"]},
        EC2_ERRORS,
    ),
)
