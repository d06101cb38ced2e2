"""Calls on VPC endpoints that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, refused
from tests.integration.refusals.sources import EC2_ERRORS, api, guide, preflight
from tests.integration.refusals.stranger.common import GONE_GROUP

ENDPOINT_PAGE = api("ec2", "CreateVpcEndpoint")


MODIFY_PAGE = api("ec2", "ModifyVpcEndpoint")

STRANGE: tuple[Case, ...] = (
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "service of another region",
        lambda w: w.endpoint(ServiceName="com.amazonaws.us-east-1.logs"),
        "InvalidServiceName",
        preflight("ec2-vpce-service-region"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "gateway to logs",
        lambda w: {"VpcId": w.vpc, "ServiceName": f"com.amazonaws.{REGION}.logs", "VpcEndpointType": "Gateway"},
        "InvalidParameter",
        preflight("ec2-vpce-gateway-service"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "two subnets of one zone",
        lambda w: w.endpoint(SubnetIds=[w.subnet_a, w.subnet_a2]),
        "DuplicateSubnetsInSameZone",
        preflight("ec2-vpce-subnet-az-unique"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "subnet of another VPC",
        lambda w: w.endpoint(SubnetIds=[w.dark_subnet]),
        "InvalidParameter",
        ENDPOINT_PAGE,
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "group of another VPC",
        lambda w: w.endpoint(SecurityGroupIds=[w.dark_group]),
        "InvalidParameter",
        ENDPOINT_PAGE,
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "subnet that is not there",
        lambda w: w.endpoint(SubnetIds=["subnet-0123456789abcdef0"]),
        "InvalidSubnetId.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "policy that is no policy",
        lambda w: w.endpoint(PolicyDocument='{"Allow": "*"}'),
        "InvalidPolicyDocument",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "route tables on an interface endpoint",
        lambda w: w.endpoint(RouteTableIds=[w.route_table]),
        "InvalidParameter",
        preflight("ec2-vpce-type-config"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "private DNS a second time",
        lambda w: w.endpoint(ServiceName=f"com.amazonaws.{REGION}.execute-api", PrivateDnsEnabled=True),
        "InvalidParameter",
        guide("vpc/latest/privatelink/interface-endpoints.html"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "private DNS in a VPC without host names",
        lambda w: w.endpoint(
            VpcId=w.dark_vpc, SubnetIds=[w.dark_subnet], SecurityGroupIds=[w.dark_group], PrivateDnsEnabled=True
        ),
        "InvalidParameter",
        guide("vpc/latest/privatelink/interface-endpoints.html"),
    ),
    refused(
        "ec2",
        "CreateVpcEndpoint",
        "IPv6 in subnets without",
        lambda w: w.endpoint(IpAddressType="ipv6"),
        "InvalidParameter",
        guide("vpc/latest/privatelink/create-interface-endpoint.html"),
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "subnets on a gateway endpoint",
        lambda w: {"VpcEndpointId": w.s3_endpoint, "AddSubnetIds": [w.subnet_a]},
        "InvalidParameter",
        MODIFY_PAGE,
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "route tables on an interface endpoint",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddRouteTableIds": [w.route_table]},
        "InvalidParameter",
        MODIFY_PAGE,
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "endpoint that is not there",
        lambda w: {"VpcEndpointId": "vpce-0123456789abcdef0", "ResetPolicy": True},
        "InvalidVpcEndpointId.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "second subnet of a zone",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSubnetIds": [w.subnet_a2]},
        "DuplicateSubnetsInSameZone",
        MODIFY_PAGE,
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "policy that is not JSON",
        lambda w: {"VpcEndpointId": w.api_endpoint, "PolicyDocument": "allow all"},
        "InvalidPolicyDocument",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "ModifyVpcEndpoint",
        "group that is not there",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": [GONE_GROUP]},
        "InvalidGroup.NotFound",
        EC2_ERRORS,
    ),
    refused(
        "ec2",
        "DescribeVpcEndpoints",
        "endpoint that is not there",
        lambda w: {"VpcEndpointIds": ["vpce-0123456789abcdef0"]},
        "InvalidVpcEndpointId.NotFound",
        EC2_ERRORS,
    ),
)
