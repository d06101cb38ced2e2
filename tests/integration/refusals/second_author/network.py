"""Calls on the network that AWS refuses, by a second author who had read neither the rules nor the other sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import EC2_ERRORS, VPC_QUOTAS, api, guide
from tests.integration.refusals.world import World

ENDPOINT = api("ec2", "CreateVpcEndpoint")
CHANGE = api("ec2", "ModifyVpcEndpoint")
INGRESS = api("ec2", "AuthorizeSecurityGroupIngress")


def rule(*ranges: str, port: int = 443) -> Params:
    """One TCP permission."""
    blocks = [{"CidrIp": block} for block in ranges]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": blocks}


def first_rule(w: World) -> str:
    """The id of the rule that names another group."""
    found = w.clients("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [w.group]}])
    return next(one["SecurityGroupRuleId"] for one in found["SecurityGroupRules"] if not one["IsEgress"])


def default_group(w: World) -> str:
    """The group that came with the VPC."""
    filters = [{"Name": "vpc-id", "Values": [w.vpc]}, {"Name": "group-name", "Values": ["default"]}]
    return w.clients("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"]


def gateway(w: World, **changes: Any) -> Params:
    """A sane gateway endpoint for DynamoDB."""
    return {
        "VpcId": w.vpc,
        "ServiceName": "com.amazonaws.ap-northeast-1.dynamodb",
        "VpcEndpointType": "Gateway",
        "RouteTableIds": [w.route_table],
        **changes,
    }


def ec2(operation: str, name: str, params: Callable[[World], Params], code: str, source: str) -> Case:
    """A case of EC2."""
    return refused("ec2", operation, name, params, code, source)


FAULTY: tuple[Case, ...] = (
    ec2(
        "AuthorizeSecurityGroupIngress",
        "the same range twice in one call",
        lambda w: {"GroupId": w.other_group, "IpPermissions": [rule("10.9.0.0/16"), rule("10.9.0.0/16")]},
        "InvalidParameterValue",
        EC2_ERRORS,
    ),
    ec2(
        "AuthorizeSecurityGroupEgress",
        "source group of a VPC that is not peered",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**rule(), "UserIdGroupPairs": [{"GroupId": w.dark_group}]}],
        },
        "InvalidGroup.NotFound",
        EC2_ERRORS,
    ),
    ec2(
        "AuthorizeSecurityGroupIngress",
        "61 rules in a group",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [rule(*[f"10.9.{number}.0/24" for number in range(61)])],
        },
        "RulesPerSecurityGroupLimitExceeded",
        VPC_QUOTAS,
    ),
    ec2(
        "AuthorizeSecurityGroupIngress",
        "IPv6 block given as IPv4",
        lambda w: {"GroupId": w.group, "IpPermissions": [rule("fd00::/8")]},
        "InvalidParameterValue",
        INGRESS,
    ),
    ec2(
        "RevokeSecurityGroupIngress",
        "the group's rule with another port",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{**rule(port=8443), "UserIdGroupPairs": [{"GroupId": w.other_group}]}],
        },
        "InvalidPermission.NotFound",
        api("ec2", "RevokeSecurityGroupIngress"),
    ),
    ec2(
        "ModifySecurityGroupRules",
        "a rule of a group turned into a rule of a range",
        lambda w: {
            "GroupId": w.group,
            "SecurityGroupRules": [
                {
                    "SecurityGroupRuleId": first_rule(w),
                    "SecurityGroupRule": {
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIpv4": "10.9.0.0/16",
                    },
                }
            ],
        },
        "InvalidParameterValue",
        api("ec2", "ModifySecurityGroupRules"),
    ),
    ec2(
        "DeleteSecurityGroup",
        "the VPC's default group",
        lambda w: {"GroupId": default_group(w)},
        "CannotDelete",
        EC2_ERRORS,
    ),
    ec2(
        "CreateSecurityGroup",
        "name looks like an id",
        lambda w: {"GroupName": "sg-chat", "Description": "chat", "VpcId": w.vpc},
        "InvalidParameterValue",
        api("ec2", "CreateSecurityGroup"),
    ),
    ec2(
        "CreateSecurityGroup",
        "tags of another kind of resource",
        lambda w: {
            "GroupName": "tagged",
            "Description": "chat",
            "VpcId": w.vpc,
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "chat"}]}],
        },
        "InvalidParameterValue",
        guide("AWSEC2/latest/UserGuide/Using_Tags.html"),
    ),
    ec2(
        "CreateTags",
        "51 tags",
        lambda w: {"Resources": [w.group], "Tags": [{"Key": f"k{number}", "Value": ""} for number in range(51)]},
        "TagLimitExceeded",
        EC2_ERRORS,
    ),
    ec2(
        "ModifyVpcAttribute",
        "two attributes at once",
        lambda w: {"VpcId": w.vpc, "EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
        "InvalidParameterCombination",
        api("ec2", "ModifyVpcAttribute"),
    ),
    ec2(
        "CreateVpcEndpoint",
        "gateway with security groups",
        lambda w: gateway(w, SecurityGroupIds=[w.group]),
        "InvalidParameter",
        ENDPOINT,
    ),
    ec2(
        "CreateVpcEndpoint",
        "gateway with the DNS option of interfaces",
        lambda w: gateway(w, DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": True}),
        "InvalidParameter",
        "github.com/hashicorp/terraform-provider-aws issue 45846",
    ),
    ec2(
        "CreateVpcEndpoint",
        "interface with route tables",
        lambda w: w.endpoint(RouteTableIds=[w.route_table]),
        "InvalidParameter",
        ENDPOINT,
    ),
    ec2(
        "CreateVpcEndpoint",
        "IPv6 addresses in subnets that have none",
        lambda w: w.endpoint(IpAddressType="ipv6"),
        "InvalidParameter",
        guide("vpc/latest/privatelink/create-interface-endpoint.html"),
    ),
    ec2(
        "ModifyVpcEndpoint",
        "second subnet of a zone",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSubnetIds": [w.subnet_a2]},
        "DuplicateSubnetsInSameZone",
        "github.com/terraform-aws-modules/terraform-aws-vpc issue 583",
    ),
    ec2(
        "ModifyVpcEndpoint",
        "subnets for a gateway",
        lambda w: {"VpcEndpointId": w.s3_endpoint, "AddSubnetIds": [w.subnet_a]},
        "InvalidParameter",
        CHANGE,
    ),
    ec2(
        "ModifyVpcEndpoint",
        "group of another VPC",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": [w.dark_group]},
        "InvalidParameter",
        CHANGE,
    ),
)
