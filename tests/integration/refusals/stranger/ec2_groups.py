"""Calls on security groups that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import EC2_ERRORS, VPC_QUOTAS, api, guide, preflight, terraform
from tests.integration.refusals.stranger.common import GONE_GROUP
from tests.integration.refusals.world import World

GROUP_PAGE = api("ec2", "CreateSecurityGroup")


def group(w: World, **changes: Any) -> Params:
    return {"GroupName": "chat-new", "Description": "for chat", "VpcId": w.vpc, **changes}


def ingress(w: World, **changes: Any) -> Params:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}], **changes}
    return {"GroupId": w.group, "IpPermissions": [{k: v for k, v in rule.items() if v is not None}]}


STRANGE: tuple[Case, ...] = (
    refused(
        "ec2",
        "CreateSecurityGroup",
        "the reserved name default",
        lambda w: group(w, GroupName="default"),
        "InvalidParameterValue",
        preflight("ec2-sg-group-name-default"),
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "description in Japanese",
        lambda w: group(w, Description="チャット用"),
        "InvalidParameterValue",
        GROUP_PAGE,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "description of 256 characters",
        lambda w: group(w, Description="d" * 256),
        "InvalidParameterValue",
        GROUP_PAGE,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "a bar in the name",
        lambda w: group(w, GroupName="chat|alb"),
        "InvalidParameterValue",
        GROUP_PAGE,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "empty description",
        lambda w: group(w, Description=""),
        "MissingParameter",
        GROUP_PAGE,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "name taken in the VPC",
        lambda w: group(w, GroupName="other-group"),
        "InvalidGroup.Duplicate",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "VPC that is not there",
        lambda w: group(w, VpcId="vpc-0123456789abcdef0"),
        "InvalidVpcID.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateSecurityGroup",
        "tags for another kind of resource",
        lambda w: group(w, TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]),
        "InvalidParameterValue",
        api("ec2", "TagSpecification"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "prefix of 33 bits",
        lambda w: ingress(w, IpRanges=[{"CidrIp": "10.0.0.0/33"}]),
        "InvalidParameterValue",
        preflight("ec2-sg-cidr-valid"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "ports the wrong way round",
        lambda w: ingress(w, FromPort=8080, ToPort=443),
        "InvalidParameterValue",
        preflight("ec2-sg-port-range"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "port 65536",
        lambda w: ingress(w, FromPort=65536, ToPort=65536),
        "InvalidParameterValue",
        preflight("ec2-sg-port-range"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "TCP without ports",
        lambda w: ingress(w, FromPort=None, ToPort=None),
        "InvalidParameterValue",
        api("ec2", "IpPermission"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "a rule twice over: CidrIp and IpPermissions",
        lambda w: {**ingress(w), "CidrIp": "10.1.0.0/16", "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80},
        "InvalidParameterCombination",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "from a group that is not there",
        lambda w: ingress(w, IpRanges=None, UserIdGroupPairs=[{"GroupId": GONE_GROUP}]),
        "InvalidGroup.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "from a group of a VPC that is not peered",
        lambda w: ingress(w, IpRanges=None, UserIdGroupPairs=[{"GroupId": w.dark_group}]),
        "InvalidGroup.NotFound",
        guide("vpc/latest/peering/vpc-peering-security-groups.html"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "the rule is there",
        lambda w: ingress(w, IpRanges=None, UserIdGroupPairs=[{"GroupId": w.other_group}]),
        "InvalidPermission.Duplicate",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "rule description in Japanese",
        lambda w: ingress(w, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "社内から"}]),
        "InvalidParameterValue",
        preflight("ec2-sg-rule-description"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "prefix list that is not there",
        lambda w: ingress(w, IpRanges=None, PrefixListIds=[{"PrefixListId": "pl-0123456789abcdef0"}]),
        "InvalidPrefixListID.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "protocol http",
        lambda w: ingress(w, IpProtocol="http"),
        "InvalidParameterValue",
        api("ec2", "IpPermission"),
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "61 ranges",
        lambda w: ingress(w, IpRanges=[{"CidrIp": f"10.{n}.0.0/16"} for n in range(61)]),
        "RulesPerSecurityGroupLimitExceeded",
        VPC_QUOTAS,
    ),
    refused(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "IPv6 range as IPv4",
        lambda w: ingress(w, IpRanges=[{"CidrIp": "::/0"}]),
        "InvalidParameterValue",
        api("ec2", "IpRange"),
    ),
    refused(
        "ec2",
        "RevokeSecurityGroupIngress",
        "rule that is not there",
        lambda w: ingress(w, FromPort=444, ToPort=444),
        "InvalidPermission.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "RevokeSecurityGroupEgress",
        "rule id that is not there",
        lambda w: {"GroupId": w.group, "SecurityGroupRuleIds": ["sgr-0123456789abcdef0"]},
        "InvalidSecurityGroupRuleId.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "DeleteSecurityGroup",
        "another group's rule names it",
        lambda w: {"GroupId": w.other_group},
        "DependencyViolation",
        terraform("ec2/vpc_security_group.go"),
    ),
    refused(
        "ec2",
        "DescribeSecurityGroups",
        "not an id",
        lambda w: {"GroupIds": ["sg-chat"]},
        "InvalidGroupId.Malformed",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "DescribeSecurityGroups",
        "pages of 4",
        lambda w: {"MaxResults": 4},
        "InvalidParameterValue",
        api("ec2", "DescribeSecurityGroups"),
    ),
)
