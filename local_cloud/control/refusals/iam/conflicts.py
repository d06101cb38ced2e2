"""What IAM refuses of names that are taken, and of deleting what is in use; STS of roles that there are not."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

CONFLICT = "DeleteConflict"
ROLE = re.compile(r"arn:[^:]+:iam::(\d{12}):role/(.+)")


@refuses(
    "iam-name-in-another-case",
    "iam",
    ["CreateRole", "CreateUser", "CreateGroup"],
    code="EntityAlreadyExists",
    message="{kind} with name {name} already exists.",
    source="CreateRole, CreateUser and CreateGroup API references: names are not distinguished by case; as moto quotes "
    "it of the same name",
)
def name_in_another_case(call: Call) -> Verdict:
    kind = call.operation.removeprefix("Create")
    iam = backend("iam", "aws")
    known = {
        "Role": iam_roles(),
        "User": {each.name: each for each in iam.users.values()},
        "Group": {each.name: each for each in iam.groups.values()},
    }[kind]
    name = call.params[f"{kind}Name"]
    taken = name.lower() in {each.lower() for each in known}
    return {"kind": kind, "name": name} if taken and name not in known else None


def _policy(call: Call) -> Any:
    return backend("iam", "aws").managed_policies.get(call.params["PolicyArn"])


@refuses(
    "iam-policy-attached",
    "iam",
    "DeletePolicy",
    code=CONFLICT,
    message="Cannot delete a policy attached to entities.",
    source="DeletePolicy API reference; as quoted in public error reports",
    status=409,
)
def policy_attached(call: Call) -> Verdict:
    policy = _policy(call)
    bounds = {getattr(role, "permissions_boundary_arn", None) for role in iam_roles().values()}
    return policy is not None and (policy.attachment_count > 0 or policy.arn in bounds)


@refuses(
    "iam-policy-with-versions",
    "iam",
    "DeletePolicy",
    code=CONFLICT,
    message="This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
    "The default version is deleted with the policy.",
    source="DeletePolicy API reference; as quoted in public error reports",
    status=409,
)
def policy_with_versions(call: Call) -> Verdict:
    policy = _policy(call)
    return policy is not None and len(policy.versions) > 1


@refuses(
    "iam-policy-of-aws",
    "iam",
    ["DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy"],
    code="AccessDenied",
    message="User is not authorized to perform: iam:{operation} on resource: policy {arn}",
    source="IAM guide, 'Managed policies': nobody changes the permissions of those of AWS's; wording not verified",
    status=403,
)
def policy_of_aws(call: Call) -> Verdict:
    arn = call.params["PolicyArn"]
    return {"operation": call.operation, "arn": arn} if ":iam::aws:policy/" in arn else None


@refuses(
    "sts-unknown-role",
    "sts",
    "AssumeRole",
    code="AccessDenied",
    message="User is not authorized to perform: sts:AssumeRole on resource: {arn}",
    source="IAM guide, 'Troubleshoot IAM roles': STS does not say whether a role exists; wording from memory",
    status=403,
)
def unknown_role(call: Call) -> Verdict:
    arn = call.params["RoleArn"]
    found = ROLE.fullmatch(arn)
    if not found or found[1] != call.account:
        return None  # another account's roles are out of sight, and sts-role-arn refuses what names none
    known = {role.arn for role in iam_roles().values()}
    return None if arn in known else {"arn": arn}
