"""Sane calls on networks, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, case

READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"], "Resource": "arn:aws:s3:::docs-${aws:username}/*"}
RANGE = {"CidrIp": "192.0.2.0/24", "Description": "Site #2 (spare): a+b=c; [x] {y} !$*"}

SANE: tuple[Case, ...] = (
    case(
        "ec2",
        "CreateSubnet",
        "a /28, in the third zone",
        lambda w: {"VpcId": w.vpc, "CidrBlock": "10.20.200.16/28", "AvailabilityZone": f"{REGION}d"},
    ),
    case("ec2", "CreateVpc", "a /28 of public addresses", lambda w: {"CidrBlock": "198.51.100.0/28"}),
    case(
        "ec2",
        "AssociateRouteTable",
        "first table of a subnet",
        lambda w: {"RouteTableId": w.route_table, "SubnetId": w.subnet_a},
    ),
    case(
        "ec2",
        "CreateRoute",
        "to the internet",
        lambda w: {"RouteTableId": w.route_table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": w.internet},
    ),
    case(
        "ec2",
        "CreateSecurityGroup",
        "name and description of all signs that are let in",
        lambda w: {
            "GroupName": "Front end_1.-:/()#,@[]+=&;{}!$*",
            "Description": "a._-:/()#,@[]+=&;{}!$*",
            "VpcId": w.vpc,
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "description of all signs",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [RANGE]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "itself, and a protocol by its number",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [{"IpProtocol": "50", "UserIdGroupPairs": [{"GroupId": w.other_group}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "prefix list of a gateway",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "PrefixListIds": [
                        {
                            "PrefixListId": next(
                                one["PrefixListId"]
                                for one in w.clients("ec2").describe_prefix_lists()["PrefixLists"]
                                if one["PrefixListName"].endswith(".s3")
                            )
                        }
                    ],
                }
            ],
        },
    ),
    case(
        "ec2",
        "UpdateSecurityGroupRuleDescriptionsIngress",
        "another word",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 0,
                    "ToPort": 65535,
                    "IpRanges": [{"CidrIp": "192.0.2.0/24", "Description": "closed"}],
                }
            ],
        },
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "interface in one subnet",
        lambda w: w.endpoint(
            ServiceName=f"com.amazonaws.{REGION}.bedrock-runtime",
            SubnetIds=[w.subnet_c],
            DnsOptions={"DnsRecordIpType": "ipv4"},
            IpAddressType="ipv4",
        ),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "gateway without a route table",
        lambda w: {"VpcId": w.dark_vpc, "ServiceName": f"com.amazonaws.{REGION}.dynamodb"},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "policy back to AWS's own",
        lambda w: {"VpcEndpointId": w.api_endpoint, "ResetPolicy": True},
    ),
    case(
        "ec2",
        "CreateTags",
        "empty value, fifty tags",
        lambda w: {"Resources": [w.dark_vpc], "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(50)]},
    ),
    case(
        "ec2",
        "DescribeSubnets",
        "by a tag and by the VPC",
        lambda w: {"Filters": [{"Name": "tag:App", "Values": ["chat*"]}, {"Name": "vpc-id", "Values": [w.vpc]}]},
    ),
    case(
        "ec2",
        "CreateNetworkInterface",
        "address of the subnet",
        lambda w: {"SubnetId": w.subnet_c, "PrivateIpAddress": "10.20.1.9", "Groups": [w.group]},
    ),
    case(
        "ec2",
        "ModifyVpcAttribute",
        "names off",
        lambda w: {"VpcId": w.dark_vpc, "EnableDnsHostnames": {"Value": False}},
    ),
)
