"""What IAM and STS refuse of full and foreign roles and of sessions; Secrets Manager and ECR of names and policies."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list, is_policy, role_named
from local_cloud.control.rules import Verdict, refuses

IAM = "iam"
# IAM guide, 'IAM and STS quotas': the default quota of managed policies attached to a role.
MOST_POLICIES = 10
USUAL_SESSION = 3600
OF_SERVICES = "/aws-service-role/"
CHANGES = (
    *("AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "DeleteRole"),
    *("UpdateAssumeRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
)


@refuses(
    "iam-policies-of-a-role",
    IAM,
    "AttachRolePolicy",
    code="LimitExceeded",
    message="Cannot exceed quota for PoliciesPerRole: 10",
    source="IAM guide, 'IAM and STS quotas'; as quoted in public error reports",
    status=409,
)
def policies_of_a_role(call: Call) -> Verdict:
    role = iam_roles().get(call.params["RoleName"])
    if role is None or call.params["PolicyArn"] in role.managed_policies:
        return None
    return len(role.managed_policies) >= MOST_POLICIES


@refuses(
    "iam-role-of-a-service",
    IAM,
    CHANGES,
    code="UnmodifiableEntity",
    message="Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS",
    source="AttachRolePolicy API reference, UnmodifiableEntity; as quoted in public error reports",
    status=400,
)
def role_of_a_service(call: Call) -> Verdict:
    role = iam_roles().get(call.params["RoleName"])
    return {"role": role.name} if role is not None and role.path.startswith(OF_SERVICES) else None


@refuses(
    "sts-session-too-long",
    "sts",
    "AssumeRole",
    code="ValidationError",
    message="The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    source="AssumeRole API reference, DurationSeconds; as quoted in public error reports",
)
def session_too_long(call: Call) -> Verdict:
    role = role_named(call.params["RoleArn"])
    longest = int(role.max_session_duration or USUAL_SESSION) if role is not None else USUAL_SESSION
    return role is not None and int(call.get("DurationSeconds") or USUAL_SESSION) > max(longest, USUAL_SESSION)


@refuses(
    "sts-session-policy",
    "sts",
    "AssumeRole",
    code="MalformedPolicyDocument",
    message="This policy contains invalid Json",
    source="AssumeRole API reference, MalformedPolicyDocument",
)
def session_policy(call: Call) -> Verdict:
    sent = call.get("Policy")
    return sent is not None and not is_policy(sent)


def _statements(text: str) -> list[dict[str, Any]]:
    """The statements of a text that is a policy; none of any other."""
    return [*as_list(json.loads(text)["Statement"])] if is_policy(text) else []


@refuses(
    "secretsmanager-policy-without-principal",
    "secretsmanager",
    "PutResourcePolicy",
    code="MalformedPolicyDocumentException",
    message="This resource policy contains a statement without a principal.",
    source="IAM guide, 'AWS JSON policy elements: Principal': required in resource-based policies; PutResourcePolicy "
    "API reference, MalformedPolicyDocumentException; wording not verified",
)
def policy_without_principal(call: Call) -> Verdict:
    sent = _statements(call.params["ResourcePolicy"])
    return any("Principal" not in each and "NotPrincipal" not in each for each in sent)


@refuses(
    "secretsmanager-name-of-a-deleted",
    "secretsmanager",
    "CreateSecret",
    code="InvalidRequestException",
    message="You can't create this secret because a secret with this name is already scheduled for deletion.",
    source="CreateSecret API reference, InvalidRequestException; as quoted in public error reports",
)
def name_of_a_deleted(call: Call) -> Verdict:
    known = backend("secretsmanager", call.region).secrets
    name = call.params["Name"]
    return name in known and known[name].is_deleted()
