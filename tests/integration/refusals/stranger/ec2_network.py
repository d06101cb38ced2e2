"""Calls on VPCs, subnets and routes that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import EC2_ERRORS, api
from tests.integration.refusals.stranger.common import GONE_GROUP
from tests.integration.refusals.world import World

TAGS_PAGE = api("ec2", "CreateTags")


def tagged(w: World, *pairs: tuple[str, str]) -> Params:
    return {"Resources": [w.group], "Tags": [{"Key": key, "Value": value} for key, value in pairs]}


STRANGE: tuple[Case, ...] = (
    refused(
        "ec2",
        "DescribeSubnets",
        "filter that does not exist",
        lambda w: {"Filters": [{"Name": "vpcid", "Values": [w.vpc]}]},
        "InvalidParameterValue",
        api("ec2", "DescribeSubnets"),
    ),
    refused(
        "ec2", "DeleteSubnet", "interfaces in it", lambda w: {"SubnetId": w.subnet_a}, "DependencyViolation", EC2_ERRORS
    ),
    refused(
        "ec2",
        "CreateSubnet",
        "overlaps another",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.0.128/25"},
        "InvalidSubnet.Conflict",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateSubnet",
        "outside the VPC",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.21.0.0/24"},
        "InvalidSubnet.Range",
        EC2_ERRORS,
    ),
    refused(
        "ec2", "CreateVpc", "a block of 8 bits", lambda w: {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range", EC2_ERRORS
    ),
    refused("ec2", "DeleteVpc", "subnets in it", lambda w: {"VpcId": w.dark_vpc}, "DependencyViolation", EC2_ERRORS),
    refused(
        "ec2",
        "AssociateRouteTable",
        "subnet of another VPC",
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.dark_subnet},
        "InvalidParameterValue",
        api("ec2", "AssociateRouteTable"),
    ),
    refused(
        "ec2",
        "CreateTags",
        "reserved prefix",
        lambda w: tagged(w, ("aws:owner", "x")),
        "InvalidParameterValue",
        TAGS_PAGE,
    ),
    refused(
        "ec2",
        "CreateTags",
        "51 tags",
        lambda w: tagged(w, *((f"k{n}", "v") for n in range(51))),
        "TagLimitExceeded",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateTags",
        "value of 257 characters",
        lambda w: tagged(w, ("k", "v" * 257)),
        "InvalidParameterValue",
        TAGS_PAGE,
    ),
    refused(
        "ec2",
        "CreateTags",
        "key of 129 characters",
        lambda w: tagged(w, ("k" * 129, "v")),
        "InvalidParameterValue",
        TAGS_PAGE,
    ),
    refused(
        "ec2",
        "CreateTags",
        "a key twice",
        lambda w: tagged(w, ("k", "a"), ("k", "b")),
        "InvalidParameterValue",
        TAGS_PAGE,
    ),
    refused(
        "ec2",
        "CreateTags",
        "group that is not there",
        lambda w: {**tagged(w, ("k", "v")), "Resources": [GONE_GROUP]},
        "InvalidGroup.NotFound",
        EC2_ERRORS,
    ),
)
