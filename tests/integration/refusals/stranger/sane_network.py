"""Calls on the network that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World, policy

PUNCTUATION = "._-:/()#,@[]+=&;{}!$*"


def permissions(w: World, group: str, *rules: dict[str, Any]) -> Params:
    return {"GroupId": group, "IpPermissions": list(rules)}


def tcp(port: int, **more: Any) -> Params:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **more}


SANE: tuple[Case, ...] = (
    case(
        "ec2",
        "CreateSecurityGroup",
        "every character that a name may have",
        lambda w: {
            "GroupName": "chat alb " + PUNCTUATION,
            "Description": "HTTPS from offices " + PUNCTUATION,
            "VpcId": w.vpc,
            "TagSpecifications": [{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "チャット"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "59 offices",
        lambda w: permissions(
            w,
            w.dark_group,
            tcp(443, IpRanges=[{"CidrIp": f"10.{n}.0.0/16", "Description": f"office {n}"} for n in range(59)]),
        ),
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "several protocols and sources",
        lambda w: permissions(
            w,
            w.group,
            tcp(8443, UserIdGroupPairs=[{"GroupId": w.group, "Description": "among itself (TLS)"}]),
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "udp", "FromPort": 0, "ToPort": 65535, "Ipv6Ranges": [{"CidrIpv6": "fd00::/8"}]},
            {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "192.168.1.0/24"}]},
        ),
    ),
    case(
        "ec2",
        "UpdateSecurityGroupRuleDescriptionsIngress",
        "of the rule that is there",
        lambda w: permissions(
            w, w.group, tcp(443, UserIdGroupPairs=[{"GroupId": w.other_group, "Description": "from the page"}])
        ),
    ),
    case(
        "ec2",
        "RevokeSecurityGroupEgress",
        "the rule that AWS makes",
        lambda w: permissions(w, w.dark_group, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}),
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "to the search",
        lambda w: permissions(
            w, w.dark_group, tcp(9200, IpRanges=[{"CidrIp": "172.16.8.9/32", "Description": "search, on premises"}])
        ),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "interface, all options",
        lambda w: w.endpoint(
            ServiceName=f"com.amazonaws.{REGION}.bedrock-runtime",
            PrivateDnsEnabled=True,
            IpAddressType="ipv4",
            DnsOptions={"DnsRecordIpType": "ipv4"},
            PolicyDocument=policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": w.lambda_role},
                    "Action": "bedrock:InvokeModel*",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
                }
            ),
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Name", "Value": "bedrock"}]}],
        ),
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "gateway with a policy",
        lambda w: {
            "VpcId": w.vpc,
            "ServiceName": f"com.amazonaws.{REGION}.dynamodb",
            "VpcEndpointType": "Gateway",
            "RouteTableIds": [w.route_table],
            "PolicyDocument": policy({"Effect": "Allow", "Principal": "*", "Action": "dynamodb:*", "Resource": "*"}),
        },
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "group and policy at once",
        lambda w: {
            "VpcEndpointId": w.api_endpoint,
            "AddSecurityGroupIds": [w.other_group],
            "PolicyDocument": policy(
                {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
            ),
        },
    ),
    case(
        "ec2", "ModifyVpcEndpoint", "policy as it was", lambda w: {"VpcEndpointId": w.api_endpoint, "ResetPolicy": True}
    ),
    case(
        "ec2",
        "CreateTags",
        "forty on two",
        lambda w: {
            "Resources": [w.group, w.subnet_a],
            "Tags": [{"Key": f"cost:{n}", "Value": "経費 " + "v" * 200} for n in range(40)],
        },
    ),
    case(
        "ec2",
        "CreateTags",
        "longest key, empty value",
        lambda w: {"Resources": [w.vpc], "Tags": [{"Key": "k" * 127, "Value": ""}]},
    ),
    case("ec2", "DeleteTags", "one of them", lambda w: {"Resources": [w.group], "Tags": [{"Key": "cost:1"}]}),
    case(
        "ec2",
        "CreateSubnet",
        "third zone, tagged",
        lambda w: {
            "VpcId": w.vpc,
            "CidrBlock": "10.20.9.0/28",
            "AvailabilityZone": f"{REGION}d",
            "TagSpecifications": [{"ResourceType": "subnet", "Tags": [{"Key": "Name", "Value": "chat-d"}]}],
        },
    ),
    case(
        "ec2",
        "DescribeSecurityGroups",
        "filters and pages",
        lambda w: {
            "MaxResults": 5,
            "Filters": [{"Name": "vpc-id", "Values": [w.vpc]}, {"Name": "group-name", "Values": ["other-*"]}],
        },
    ),
    case(
        "ec2",
        "DescribeVpcEndpoints",
        "by service and state",
        lambda w: {
            "Filters": [
                {"Name": "service-name", "Values": [f"com.amazonaws.{REGION}.s3"]},
                {"Name": "vpc-endpoint-state", "Values": ["available", "pending"]},
            ]
        },
    ),
)
