"""Calls on IAM and STS that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World, policy

CONDITIONS = {
    "StringEqualsIfExists": {"aws:RequestedRegion": [REGION, "us-east-1"]},
    "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*"]},
    "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/user}"]},
    "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
    "IpAddress": {"aws:VpcSourceIp": ["10.0.0.0/8", "192.168.0.1"]},
    "Bool": {"aws:SecureTransport": "true"},
    "Null": {"aws:MultiFactorAuthAge": "true"},
    "NumericLessThanEquals": {"s3:max-keys": "10"},
    "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
}


def inline(name: str, *statements: dict[str, Any]) -> Params:
    return {"RoleName": "task-role", "PolicyName": name, "PolicyDocument": policy(*statements)}


def trusted(w: World) -> str:
    return policy(
        {
            "Sid": "Service",
            "Effect": "Allow",
            "Principal": {"Service": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"]},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
            },
        },
        {
            "Sid": "Deploy",
            "Effect": "Allow",
            "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", w.task_role]},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"sts:ExternalId": "corp"}},
        },
    )


SANE: tuple[Case, ...] = (
    case(
        "iam",
        "CreateRole",
        "all options",
        lambda w: {
            "RoleName": "chat+deploy=a,b.c@d-e",
            "Path": "/chat/prod/",
            "AssumeRolePolicyDocument": trusted(w),
            "Description": "Rôle du chat\n(prod)",
            "MaxSessionDuration": 43200,
            "PermissionsBoundary": w.policy,
            "Tags": [{"Key": "Owner", "Value": "チーム"}, {"Key": "Cost:Center", "Value": ""}],
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "every kind of condition",
        lambda w: inline(
            "conditions", {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": CONDITIONS}
        ),
    ),
    case(
        "iam",
        "PutRolePolicy",
        "deny what is not named",
        lambda w: inline(
            "fence", {"Sid": "Fence1", "Effect": "Deny", "NotAction": ["logs:*", "xray:Put*"], "NotResource": w.policy}
        ),
    ),
    case(
        "iam",
        "PutRolePolicy",
        "models and profiles",
        lambda w: inline(
            "models",
            {
                "Effect": "Allow",
                "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
                "Resource": [
                    "arn:aws:bedrock:*::foundation-model/anthropic.*",
                    f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/jp.anthropic.*",
                ],
            },
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::corp-${aws:PrincipalTag/team}/*"},
        ),
    ),
    case(
        "iam",
        "PutRolePolicy",
        "one statement without a list",
        lambda w: {
            **inline("single"),
            "PolicyDocument": (
                '{"Version": "2008-10-17", "Id": "one",'
                ' "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
            ),
        },
    ),
    case(
        "iam",
        "CreatePolicy",
        "with a path and tags",
        lambda w: {
            "PolicyName": "write",
            "Path": "/chat/",
            "Description": "what the chat may write",
            "PolicyDocument": policy(
                {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": f"arn:aws:dynamodb:*:{ACCOUNT}:table/h*"}
            ),
            "Tags": [{"Key": "a", "Value": "b"}],
        },
    ),
    case(
        "iam",
        "CreatePolicyVersion",
        "the new default",
        lambda w: {
            "PolicyArn": w.policy,
            "SetAsDefault": True,
            "PolicyDocument": policy({"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}),
        },
    ),
    case(
        "iam",
        "AttachRolePolicy",
        "AWS's own",
        lambda w: {
            "RoleName": "bare-role",
            "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        },
    ),
    case(
        "iam",
        "UpdateAssumeRolePolicy",
        "services and accounts",
        lambda w: {"RoleName": "bare-role", "PolicyDocument": trusted(w)},
    ),
    case(
        "iam",
        "UpdateRole",
        "description and hours",
        lambda w: {"RoleName": "bare-role", "Description": "of the function", "MaxSessionDuration": 3600},
    ),
    case(
        "iam",
        "TagRole",
        "fifty",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": f"k{n}", "Value": ""} for n in range(50)]},
    ),
    case("sts", "GetCallerIdentity", "who", lambda w: {}),
)
