"""Sane calls on the network and on identities that use options seldom used, by the second author."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import policy, trust

SANE: tuple[Case, ...] = (
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "range with a description, and tags",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 8501,
                    "ToPort": 8502,
                    "IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "Office (Tokyo): browsers, 2nd floor"}],
                }
            ],
            "TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": [{"Key": "app", "Value": "chat"}]}],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupIngress",
        "ping",
        lambda w: {
            "GroupId": w.other_group,
            "IpPermissions": [
                {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
            ],
        },
    ),
    case(
        "ec2",
        "AuthorizeSecurityGroupEgress",
        "everything to one group",
        lambda w: {
            "GroupId": w.group,
            "IpPermissions": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": w.other_group}]}],
        },
    ),
    case(
        "ec2",
        "CreateVpcEndpoint",
        "without private names, with a policy and tags",
        lambda w: w.endpoint(
            ServiceName=f"com.amazonaws.{REGION}.secretsmanager",
            PrivateDnsEnabled=False,
            PolicyDocument=policy({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}),
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "app", "Value": "chat"}]}],
        ),
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "back to the default policy",
        lambda w: {"VpcEndpointId": w.s3_endpoint, "ResetPolicy": True},
    ),
    case(
        "ec2",
        "ModifyVpcEndpoint",
        "second group",
        lambda w: {"VpcEndpointId": w.api_endpoint, "AddSecurityGroupIds": [w.other_group]},
    ),
    case(
        "iam",
        "CreateRole",
        "path, boundary, session of four hours",
        lambda w: {
            "RoleName": "operator",
            "Path": "/chat/",
            "MaxSessionDuration": 14400,
            "PermissionsBoundary": w.policy,
            "AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com"),
            "Tags": [{"Key": "app", "Value": ""}],
        },
    ),
    case(
        "iam",
        "CreateRole",
        "trusts the account on conditions",
        lambda w: {
            "RoleName": "deployer",
            "AssumeRolePolicyDocument": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": ACCOUNT},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Condition": {
                        "StringEqualsIfExists": {"sts:ExternalId": "chat"},
                        "ForAllValues:StringLike": {"aws:TagKeys": ["app*"]},
                    },
                }
            ),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "denies all but some actions, outside the VPC",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "only-here",
            "PolicyDocument": policy(
                {
                    "Sid": "OnlyHere",
                    "Effect": "Deny",
                    "NotAction": ["sts:*"],
                    "Resource": "*",
                    "Condition": {"StringNotEquals": {"aws:SourceVpc": w.vpc}, "Null": {"aws:SourceVpc": "false"}},
                }
            ),
        },
    ),
    case(
        "sts",
        "AssumeRole",
        "session policy and fifteen minutes",
        lambda w: {
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/deployer",
            "RoleSessionName": "ops@corp.example",
            "DurationSeconds": 900,
            "ExternalId": "chat",
            "Policy": policy({"Effect": "Allow", "Action": "ecs:Describe*", "Resource": "*"}),
        },
    ),
)
