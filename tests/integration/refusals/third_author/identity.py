"""Calls on roles and policies that AWS refuses, by the third author."""

from __future__ import annotations

import json

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import INTERFACES, World, policy, trust

QUOTAS = guide("IAM/latest/UserGuide/reference_iam-quotas.html")
iam = of("iam")
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def sixth_version(w: World) -> Params:
    """CreatePolicyVersion when there are five."""
    for _number in range(4):
        w.clients("iam").create_policy_version(PolicyArn=w.policy, PolicyDocument=INTERFACES)
    return {"PolicyArn": w.policy, "PolicyDocument": INTERFACES}


def attached(w: World) -> Params:
    """DeletePolicy of one in use."""
    w.clients("iam").attach_role_policy(RoleName="task-role", PolicyArn=w.policy)
    return {"PolicyArn": w.policy}


def with_two_versions(w: World) -> Params:
    """DeletePolicy of one with a version beside the default."""
    made = w.clients("iam").create_policy(PolicyName="versions", PolicyDocument=INTERFACES)["Policy"]["Arn"]
    w.clients("iam").create_policy_version(PolicyArn=made, PolicyDocument=INTERFACES)
    return {"PolicyArn": made}


def eleventh(w: World) -> Params:
    """AttachRolePolicy when ten are."""
    for number in range(10):
        made = w.clients("iam").create_policy(PolicyName=f"p{number}", PolicyDocument=INTERFACES)
        w.clients("iam").attach_role_policy(RoleName="bare-role", PolicyArn=made["Policy"]["Arn"])
    return {"RoleName": "bare-role", "PolicyArn": w.policy}


FAULTY: tuple[Case, ...] = (
    iam(
        "CreateRole",
        "path without a slash at the end",
        "ValidationError",
        lambda w: {
            "RoleName": "new",
            "Path": "/chat",
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
        },
    ),
    iam(
        "CreateRole",
        "boundary that does not exist",
        "NoSuchEntity",
        lambda w: {
            "RoleName": "new",
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
            "PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/nothing",
        },
    ),
    iam(
        "CreateRole",
        "name that differs by its case only",
        "EntityAlreadyExists",
        lambda w: {"RoleName": "Task-Role", "AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com")},
    ),
    iam(
        "CreateRole",
        "tag of AWS's",
        "InvalidInput",
        lambda w: {
            "RoleName": "new",
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
            "Tags": [{"Key": "aws:x", "Value": "y"}],
        },
        guide("IAM/latest/UserGuide/id_tags.html"),
    ),
    iam("DeleteRole", "with an inline policy", "DeleteConflict", lambda w: {"RoleName": "lambda-role"}),
    iam("DeletePolicy", "attached", "DeleteConflict", attached),
    iam("DeletePolicy", "with versions", "DeleteConflict", with_two_versions),
    iam("CreatePolicyVersion", "the sixth", "LimitExceeded", sixth_version),
    iam(
        "DeletePolicyVersion",
        "the default",
        "DeleteConflict",
        lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
    ),
    iam("AttachRolePolicy", "the eleventh", "LimitExceeded", eleventh, QUOTAS),
    iam(
        "DetachRolePolicy",
        "not attached",
        "NoSuchEntity",
        lambda w: {"RoleName": "execution-role", "PolicyArn": w.policy},
    ),
    iam(
        "CreatePolicy",
        "7,000 characters",
        "LimitExceeded",
        lambda w: {
            "PolicyName": "long",
            "PolicyDocument": policy({**READ, "Resource": [f"arn:aws:s3:::bucket-{n:030}/*" for n in range(150)]}),
        },
        QUOTAS,
    ),
    iam(
        "UpdateAssumeRolePolicy",
        "Action of another service",
        "MalformedPolicyDocument",
        lambda w: {
            "RoleName": "task-role",
            "PolicyDocument": policy(
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "s3:GetObject"}
            ),
        },
    ),
    iam(
        "UpdateAssumeRolePolicy",
        "service that does not exist",
        "MalformedPolicyDocument",
        lambda w: {"RoleName": "task-role", "PolicyDocument": trust("ecs-task.amazonaws.com")},
    ),
    iam(
        "PutRolePolicy",
        "Effect in small letters",
        "MalformedPolicyDocument",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({**READ, "Effect": "allow"}),
        },
    ),
    iam(
        "PutRolePolicy",
        "condition operator that does not exist",
        "MalformedPolicyDocument",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({**READ, "Condition": {"StringEqual": {"aws:SourceVpc": "vpc-1"}}}),
        },
        guide("IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"),
    ),
    iam(
        "CreatePolicy",
        "two statements of one Sid",
        "MalformedPolicyDocument",
        lambda w: {"PolicyName": "new", "PolicyDocument": policy({**READ, "Sid": "A"}, {**READ, "Sid": "A"})},
        guide("IAM/latest/UserGuide/reference_policies_elements_sid.html"),
    ),
    iam(
        "CreatePolicy",
        "version of the language that does not exist",
        "MalformedPolicyDocument",
        lambda w: {
            "PolicyName": "new",
            "PolicyDocument": json.dumps({"Version": "2020-01-01", "Statement": [READ]}),
        },
        guide("IAM/latest/UserGuide/reference_policies_elements_version.html"),
    ),
    iam(
        "TagRole",
        "one key in two cases",
        "InvalidInput",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "App", "Value": "1"}, {"Key": "app", "Value": "2"}]},
        guide("IAM/latest/UserGuide/id_tags.html"),
    ),
    iam(
        "CreateServiceLinkedRole",
        "suffix for a service that takes none",
        "InvalidInput",
        lambda w: {"AWSServiceName": "ecs.amazonaws.com", "CustomSuffix": "mine"},
    ),
)
