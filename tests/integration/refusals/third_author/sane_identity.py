"""Sane calls on roles and policies, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import INTERFACES, policy, trust

READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"], "Resource": "arn:aws:s3:::docs-${aws:username}/*"}
RANGE = {"CidrIp": "192.0.2.0/24", "Description": "Site #2 (spare): a+b=c; [x] {y} !$*"}

SANE: tuple[Case, ...] = (
    case(
        "iam",
        "CreateRole",
        "two services may take it, under conditions",
        lambda w: {
            "RoleName": "two",
            "Path": "/chat/prod/",
            "MaxSessionDuration": 43200,
            "PermissionsBoundary": w.policy,
            "AssumeRolePolicyDocument": policy(
                {
                    "Sid": "A",
                    "Effect": "Allow",
                    "Principal": {"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Condition": {
                        "StringEquals": {"aws:SourceAccount": ACCOUNT},
                        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
                    },
                }
            ),
        },
    ),
    case(
        "iam",
        "CreateRole",
        "the account itself",
        lambda w: {
            "RoleName": "own",
            "AssumeRolePolicyDocument": policy(
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
            ),
        },
    ),
    case(
        "iam",
        "UpdateAssumeRolePolicy",
        "a role of the account",
        lambda w: {
            "RoleName": "own",
            "PolicyDocument": policy(
                {"Effect": "Allow", "Principal": {"AWS": w.task_role}, "Action": "sts:AssumeRole"}
            ),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "variable, NotAction, conditions of three kinds",
        lambda w: {
            "RoleName": "two",
            "PolicyName": "in.line+=,@-_",
            "PolicyDocument": policy(
                READ,
                {
                    "Effect": "Deny",
                    "NotAction": "s3:*",
                    "Resource": "*",
                    "Condition": {
                        "ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a*"]},
                        "Null": {"aws:MultiFactorAuthAge": "true"},
                        "NumericLessThan": {"s3:max-keys": "10"},
                        "Bool": {"aws:SecureTransport": "false"},
                    },
                },
            ),
        },
    ),
    case(
        "iam",
        "CreatePolicy",
        "a policy of 2008",
        lambda w: {"PolicyName": "old", "PolicyDocument": INTERFACES.replace("2012-10-17", "2008-10-17")},
    ),
    case(
        "iam",
        "CreatePolicyVersion",
        "becomes the default",
        lambda w: {"PolicyArn": w.policy, "PolicyDocument": INTERFACES, "SetAsDefault": True},
    ),
    case("iam", "DeletePolicyVersion", "the one before", lambda w: {"PolicyArn": w.policy, "VersionId": "v1"}),
    case(
        "iam",
        "AttachRolePolicy",
        "one of AWS's",
        lambda w: {
            "RoleName": "two",
            "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        },
    ),
    case("iam", "TagRole", "Japanese", lambda w: {"RoleName": "two", "Tags": [{"Key": "部署", "Value": "総務 一課"}]}),
    case(
        "iam",
        "CreateServiceLinkedRole",
        "for a search domain",
        lambda w: {"AWSServiceName": "es.amazonaws.com"},
    ),
    case("iam", "DeleteRole", "empty", lambda w: {"RoleName": "own"}),
    case(
        "iam",
        "CreateRole",
        "again, at once",
        lambda w: {"RoleName": "own", "AssumeRolePolicyDocument": trust("apigateway.amazonaws.com")},
    ),
)
