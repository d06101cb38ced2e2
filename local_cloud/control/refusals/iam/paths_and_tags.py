"""What IAM refuses of paths, boundaries, principals of the account and tags."""

from __future__ import annotations

import re

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import unknown_principal
from local_cloud.control.rules import Verdict, refuses

IAM = "iam"
PREFLIGHT = "cdk-preflight 1.9.1, "
POLICY_ARN = re.compile(r"arn:[^:]+:iam::(\d{12}|aws):policy/.+")


@refuses(
    "iam-reserved-path",
    IAM,
    "CreateRole",
    code="ValidationError",
    message="The /aws-service-role/ path is reserved for service-linked roles.",
    source=PREFLIGHT + "iam-path-service-role-reserved; wording not verified",
)
def reserved_path(call: Call) -> Verdict:
    return (call.get("Path") or "").startswith("/aws-service-role/")


@refuses(
    "iam-boundary-arn",
    IAM,
    ["CreateRole", "PutRolePermissionsBoundary"],
    code="ValidationError",
    message="ARN {arn} is not valid.",
    source=PREFLIGHT + "iam-permissions-boundary-policy-arn; wording not verified",
)
def boundary_arn(call: Call) -> Verdict:
    arn = call.get("PermissionsBoundary")
    return {"arn": arn} if arn and not POLICY_ARN.fullmatch(arn) else None


@refuses(
    "iam-trust-unknown-principal",
    IAM,
    ["CreateRole", "UpdateAssumeRolePolicy"],
    code="MalformedPolicyDocument",
    message='Invalid principal in policy: "AWS":"{arn}"',
    source="hashicorp/terraform-provider-aws, internal/service/iam/role.go; IAM guide, 'Principal'",
)
def trust_unknown_principal(call: Call) -> Verdict:
    arn = unknown_principal(call.get("AssumeRolePolicyDocument") or call.get("PolicyDocument") or "", call.account)
    return {"arn": arn} if arn else None


@refuses(
    "iam-tag-case",
    IAM,
    ["CreateRole", "TagRole", "CreatePolicy", "TagPolicy", "CreateUser", "TagUser"],
    code="InvalidInput",
    message="Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    source="localstack/localstack, test_assume_role_tag_validation (STS says so of the same tags); IAM guide, 'Tags'",
)
def tag_case(call: Call) -> Verdict:
    exact = [each.get("Key", "") for each in call.get("Tags") or []]
    lower = [each.lower() for each in exact]
    # The same letters in the same case are iam-tag-twice's.
    return len(set(exact)) == len(exact) and len(set(lower)) < len(lower)
