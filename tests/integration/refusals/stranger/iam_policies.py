"""Calls on IAM policies that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import IAM_QUOTAS, api, preflight, recorded
from tests.integration.refusals.world import policy


def inline(**changes: Any) -> Params:
    """A role's inline policy of one statement; None takes a key away."""
    table = "arn:aws:dynamodb:*:*:table/history"
    statement = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": table, **changes}
    return written(policy({k: v for k, v in statement.items() if v is not None}))


def written(document: str) -> Params:
    return {"RoleName": "task-role", "PolicyName": "table", "PolicyDocument": document}


def two_statements() -> Params:
    one = {"Sid": "Same", "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    return written(policy(one, one))


def long_statement(size: int) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + "b" * size}


STRANGE: tuple[Case, ...] = (
    refused(
        "iam",
        "PutRolePolicy",
        "no resource",
        lambda w: inline(Resource=None),
        "MalformedPolicyDocument",
        preflight("iam-policy-statement-resource-required"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "a principal",
        lambda w: inline(Principal="*"),
        "MalformedPolicyDocument",
        preflight("iam-identity-policy-no-principal"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "no effect",
        lambda w: inline(Effect=None),
        "MalformedPolicyDocument",
        preflight("iam-policy-effect-required"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "effect allow",
        lambda w: inline(Effect="allow"),
        "MalformedPolicyDocument",
        preflight("iam-policy-effect-case"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "Action and NotAction",
        lambda w: inline(NotAction="iam:*"),
        "MalformedPolicyDocument",
        preflight("iam-policy-exclusive-fields"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "operator that does not exist",
        lambda w: inline(Condition={"StringsEqual": {"aws:SourceVpc": "vpc-1"}}),
        "MalformedPolicyDocument",
        preflight("iam-policy-condition-operator"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "address that is none",
        lambda w: inline(Condition={"IpAddress": {"aws:SourceIp": "office"}}),
        "MalformedPolicyDocument",
        preflight("iam-policy-condition-ip-value"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "one Sid twice",
        lambda w: two_statements(),
        "MalformedPolicyDocument",
        preflight("iam-policy-duplicate-sid"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "hyphen in a Sid",
        lambda w: inline(Sid="read-history"),
        "MalformedPolicyDocument",
        preflight("iam-policy-sid-format"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "action without a service",
        lambda w: inline(Action="Query"),
        "MalformedPolicyDocument",
        preflight("iam-policy-action-format"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "resource that is no ARN",
        lambda w: inline(Resource="table/history"),
        "MalformedPolicyDocument",
        preflight("iam-policy-resource-format"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "resource of another partition",
        lambda w: inline(Resource="arn:aws-moon:dynamodb:*:*:table/history"),
        "MalformedPolicyDocument",
        preflight("iam-policy-resource-partition"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "element with a typing error",
        lambda w: inline(Conditions={}),
        "MalformedPolicyDocument",
        preflight("iam-policy-statement-unknown-field"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "version of tomorrow",
        lambda w: written(json.dumps({"Version": "2012-10-18", "Statement": []})),
        "MalformedPolicyDocument",
        preflight("iam-policy-version"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "longer than 10,240 characters",
        lambda w: written(policy(long_statement(10240))),
        "LimitExceeded",
        IAM_QUOTAS,
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "role that is not there",
        lambda w: {**inline(), "RoleName": "gone"},
        "NoSuchEntity",
        api("iam", "PutRolePolicy"),
    ),
    refused(
        "iam",
        "PutRolePolicy",
        "space in its name",
        lambda w: {**inline(), "PolicyName": "read history"},
        "ValidationError",
        api("iam", "PutRolePolicy"),
    ),
    refused(
        "iam",
        "CreatePolicy",
        "name taken",
        lambda w: {"PolicyName": "read", "PolicyDocument": inline()["PolicyDocument"]},
        "EntityAlreadyExists",
        api("iam", "CreatePolicy"),
    ),
    refused(
        "iam",
        "CreatePolicy",
        "longer than 6,144 characters",
        lambda w: {"PolicyName": "long", "PolicyDocument": policy(long_statement(6144))},
        "LimitExceeded",
        IAM_QUOTAS,
    ),
    refused(
        "iam",
        "DeletePolicyVersion",
        "the default one",
        lambda w: {"PolicyArn": w.policy, "VersionId": "v1"},
        "DeleteConflict",
        api("iam", "DeletePolicyVersion"),
    ),
    refused(
        "iam",
        "AttachRolePolicy",
        "policy that is not there",
        lambda w: {"RoleName": "task-role", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"},
        "NoSuchEntity",
        recorded("iam", "test_role_attach_policy"),
    ),
    refused(
        "iam",
        "AttachRolePolicy",
        "not an ARN of a policy",
        lambda w: {"RoleName": "task-role", "PolicyArn": "longpolicynamebutnoarn"},
        "ValidationError",
        recorded("iam", "test_role_attach_policy"),
    ),
    refused(
        "iam",
        "DetachRolePolicy",
        "not attached",
        lambda w: {"RoleName": "task-role", "PolicyArn": w.policy},
        "NoSuchEntity",
        api("iam", "DetachRolePolicy"),
    ),
    refused(
        "iam",
        "DeleteRolePolicy",
        "policy that is not there",
        lambda w: {"RoleName": "task-role", "PolicyName": "gone"},
        "NoSuchEntity",
        api("iam", "DeleteRolePolicy"),
    ),
)
