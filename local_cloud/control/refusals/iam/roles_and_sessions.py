"""What IAM refuses of boundaries, conditions and sizes, and STS of the sessions that are asked for."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list, is_policy, role_named
from local_cloud.control.rules import Verdict, refuses

IAM = "iam"
DOCUMENTS = ("PutRolePolicy", "PutUserPolicy", "PutGroupPolicy", "CreatePolicy", "CreatePolicyVersion")
PREFLIGHT = "cdk-preflight 1.9.1, "
# localstack/localstack, tests/aws/services/iam/test_iam.py: the only ones that take a suffix.
SUFFIXED = ("autoscaling.amazonaws.com", "connect.amazonaws.com", "lexv2.amazonaws.com")
# IAM guide, 'IAM and STS quotas': characters without white space.
INLINE, MANAGED, TRUST = 10240, 6144, 2048
DATE = re.compile(r"\d+|\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
ROLE_ARN = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+")
# IAM guide, 'IAM and STS quotas': the default quota of managed policies attached to a role.
MOST_POLICIES = 10
USUAL_SESSION = 3600
OF_SERVICES = "/aws-service-role/"
CHANGES = (
    *("AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "DeleteRole"),
    *("UpdateAssumeRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
)


@refuses(
    "iam-unknown-boundary",
    IAM,
    ["CreateRole", "PutRolePermissionsBoundary"],
    code="NoSuchEntity",
    message="Scope ARN: {arn} does not exist or is not attachable.",
    source="hashicorp/terraform-provider-aws, internal/service/iam; as quoted in public error reports",
    status=404,
)
def unknown_boundary(call: Call) -> Verdict:
    arn = call.get("PermissionsBoundary") or ""
    own = f":{call.account}:policy/" in arn
    return {"arn": arn} if own and arn not in backend(IAM, "aws").managed_policies else None


@refuses(
    "iam-suffix",
    IAM,
    "CreateServiceLinkedRole",
    code="InvalidInput",
    message="Custom suffix is not allowed for {service}",
    source="localstack/localstack, tests/aws/services/iam/test_iam.snapshot.json, "
    "test_service_role_lifecycle_custom_suffix_not_allowed",
    status=400,
)
def suffix(call: Call) -> Verdict:
    service = call.params["AWSServiceName"]
    return {"service": service} if call.get("CustomSuffix") and service not in SUFFIXED else None


def _address(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


VALUES: dict[str, Callable[[str], object]] = {
    "IpAddress": _address,
    "NotIpAddress": _address,
    "Numeric": NUMBER.fullmatch,
    "Date": DATE.fullmatch,
}


def _conditions(document: Any) -> Iterator[tuple[str, str]]:
    """Operator and value, of every condition of the document."""
    for statement in as_list(document.get("Statement")) if isinstance(document, dict) else []:
        found = statement.get("Condition") if isinstance(statement, dict) else None
        for operator, keys in found.items() if isinstance(found, dict) else []:
            for value in keys.values() if isinstance(keys, dict) else []:
                yield from ((operator, str(each)) for each in as_list(value))


@refuses(
    "iam-condition-value",
    IAM,
    DOCUMENTS,
    code="MalformedPolicyDocument",
    message="The policy failed legacy parsing",
    source=PREFLIGHT + "iam-policy-condition-ip-value, -numeric-value and -date-value",
)
def condition_value(call: Call) -> Verdict:
    for operator, value in _conditions(_parsed(call.get("PolicyDocument") or "")):
        name = operator.rpartition(":")[2]
        fits = next((check for start, check in VALUES.items() if name.startswith(start)), None)
        if fits and "${" not in value and not fits(value):
            return True
    return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _size(text: str) -> int:
    return len(re.sub(r"\s", "", text))


@refuses(
    "iam-policy-size",
    IAM,
    ["PutRolePolicy", "CreatePolicy", "CreatePolicyVersion", "CreateRole", "UpdateAssumeRolePolicy"],
    code="LimitExceeded",
    message="{fault}",
    source="IAM guide, 'IAM and STS quotas'; as quoted in public error reports",
    status=409,
)
def policy_size(call: Call) -> Verdict:
    document = call.get("PolicyDocument") or ""
    if call.operation in ("CreateRole", "UpdateAssumeRolePolicy"):
        long = _size(call.get("AssumeRolePolicyDocument") or document) > TRUST
        return {"fault": f"Cannot exceed quota for ACLSizePerRole: {TRUST}"} if long else None
    if call.operation != "PutRolePolicy":
        return {"fault": f"Cannot exceed quota for PolicySize: {MANAGED}"} if _size(document) > MANAGED else None
    role = iam_roles().get(call.params["RoleName"])
    others = {name: text for name, text in (role.policies if role else {}).items() if name != call.get("PolicyName")}
    total = _size(document) + sum(
        _size(text if isinstance(text, str) else json.dumps(text)) for text in others.values()
    )
    words = f"Maximum policy size of {INLINE} bytes exceeded for role {call.params['RoleName']}"
    return {"fault": words} if total > INLINE else None


@refuses(
    "sts-role-arn",
    "sts",
    "AssumeRole",
    code="ValidationError",
    message="{arn} is invalid",
    source="localstack/localstack, tests/aws/services/sts/test_sts.snapshot.json, test_sts_invalid_parameters",
)
def role_arn(call: Call) -> Verdict:
    arn = call.params["RoleArn"]
    return None if ROLE_ARN.fullmatch(arn) else {"arn": arn}


@refuses(
    "sts-session-tags",
    "sts",
    "AssumeRole",
    code="InvalidParameterValue",
    message="{fault}",
    source="localstack/localstack, tests/aws/services/sts/test_sts.snapshot.json, test_assume_role_tag_validation",
)
def session_tags(call: Call) -> Verdict:
    keys = [each.get("Key", "").lower() for each in call.get("Tags") or []]
    if len(set(keys)) < len(keys):
        return {"fault": "Duplicate tag keys found. Please note that Tag keys are case insensitive."}
    if any(each.lower() not in keys for each in call.get("TransitiveTagKeys") or []):
        return {"fault": "The specified transitive tag key must be included in the requested tags."}
    return None


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


@refuses(
    "iam-role-with-policies",
    "iam",
    "DeleteRole",
    code="DeleteConflict",
    message="Cannot delete entity, must {what} first.",
    source="hashicorp/boundary pull request 5646 (managed), burtcorp/athena-runner pull request 1 (inline)",
    status=409,
)
def role_with_policies(call: Call) -> Verdict:
    role = iam_roles().get(call.params["RoleName"])
    if role is None:
        return None
    if role.managed_policies:
        return {"what": "detach all policies"}
    return {"what": "delete policies"} if role.policies else None
