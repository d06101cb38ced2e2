"""Calls on IAM roles that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import IAM_GRAMMAR, IAM_QUOTAS, api, guide, preflight, recorded
from tests.integration.refusals.world import policy, trust

CREATE = api("iam", "CreateRole")


def role(**changes: Any) -> Params:
    return {"RoleName": "chat-new", "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"), **changes}


def trusting(**changes: Any) -> Params:
    principal = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **changes}
    return role(AssumeRolePolicyDocument=policy(statement))


STRANGE: tuple[Case, ...] = (
    refused("iam", "CreateRole", "name taken", lambda w: role(RoleName="task-role"), "EntityAlreadyExists", CREATE),
    refused(
        "iam",
        "CreateRole",
        "service that does not exist",
        lambda w: role(AssumeRolePolicyDocument=trust("lambda.amazon.com")),
        "MalformedPolicyDocument",
        preflight("iam-trust-policy-service-principal"),
    ),
    refused(
        "iam",
        "CreateRole",
        "trust with a resource",
        lambda w: trusting(Resource="*"),
        "MalformedPolicyDocument",
        preflight("iam-trust-policy-no-resource"),
    ),
    refused(
        "iam",
        "CreateRole",
        "trust for another action",
        lambda w: trusting(Action="s3:GetObject"),
        "MalformedPolicyDocument",
        preflight("iam-trust-policy-action-sts-only"),
    ),
    refused(
        "iam",
        "CreateRole",
        "trust of a role that is not there",
        lambda w: trusting(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/gone"}),
        "MalformedPolicyDocument",
        guide("IAM/latest/UserGuide/troubleshoot_iam-policies.html"),
    ),
    refused(
        "iam",
        "CreateRole",
        "trust without a principal",
        lambda w: role(AssumeRolePolicyDocument=policy({"Effect": "Allow", "Action": "sts:AssumeRole"})),
        "MalformedPolicyDocument",
        IAM_GRAMMAR,
    ),
    refused(
        "iam",
        "CreateRole",
        "session of half an hour",
        lambda w: role(MaxSessionDuration=1800),
        "ValidationError",
        CREATE,
    ),
    refused(
        "iam",
        "CreateRole",
        "description in Japanese",
        lambda w: role(Description="チャットの役割"),
        "ValidationError",
        CREATE,
    ),
    refused(
        "iam",
        "CreateRole",
        "boundary that is not there",
        lambda w: role(PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/gone"),
        "NoSuchEntity",
        CREATE,
    ),
    refused(
        "iam",
        "CreateRole",
        "boundary that is no policy",
        lambda w: role(PermissionsBoundary=w.task_role),
        "ValidationError",
        preflight("iam-permissions-boundary-policy-arn"),
    ),
    refused("iam", "CreateRole", "path without slashes", lambda w: role(Path="chat"), "ValidationError", CREATE),
    refused(
        "iam",
        "CreateRole",
        "AWS's own path",
        lambda w: role(Path="/aws-service-role/chat/"),
        "ValidationError",
        preflight("iam-path-service-role-reserved"),
    ),
    refused(
        "iam", "CreateRole", "name of 65 characters", lambda w: role(RoleName="r" * 65), "ValidationError", IAM_QUOTAS
    ),
    refused(
        "iam",
        "CreateRole",
        "tag keys that differ by case only",
        lambda w: role(Tags=[{"Key": "Owner", "Value": "a"}, {"Key": "owner", "Value": "b"}]),
        "InvalidInput",
        api("iam", "TagRole"),
    ),
    refused(
        "iam",
        "TagRole",
        "reserved prefix",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "aws:owner", "Value": "x"}]},
        "InvalidInput",
        api("iam", "TagRole"),
    ),
    refused(
        "iam",
        "UpdateRole",
        "session of 50,000 s",
        lambda w: {"RoleName": "task-role", "MaxSessionDuration": 50000},
        "ValidationError",
        api("iam", "UpdateRole"),
    ),
    refused(
        "iam",
        "UpdateAssumeRolePolicy",
        "not JSON",
        lambda w: {"RoleName": "task-role", "PolicyDocument": "{'Version': '2012-10-17'}"},
        "MalformedPolicyDocument",
        recorded("iam", "test_create_role_with_malformed_assume_role_policy_document"),
    ),
    refused(
        "iam",
        "DeleteRole",
        "inline policy in it",
        lambda w: {"RoleName": "lambda-role"},
        "DeleteConflict",
        api("iam", "DeleteRole"),
    ),
    refused(
        "iam",
        "CreateServiceLinkedRole",
        "suffix for ECS",
        lambda w: {"AWSServiceName": "ecs.amazonaws.com", "CustomSuffix": "chat"},
        "InvalidInput",
        recorded("iam", "test_service_role_lifecycle_custom_suffix_not_allowed"),
    ),
)
