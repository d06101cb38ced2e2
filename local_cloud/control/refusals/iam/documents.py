"""What IAM refuses of policy documents: their grammar, not their meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list
from local_cloud.control.rules import Verdict, refuses

IAM = "iam"
MALFORMED = "MalformedPolicyDocument"
TRUST = ("CreateRole", "UpdateAssumeRolePolicy")
IDENTITY = ("PutRolePolicy", "PutUserPolicy", "PutGroupPolicy", "CreatePolicy", "CreatePolicyVersion")
# Service principals end so (IAM guide, 'AWS JSON policy elements: Principal').
SERVICE_PRINCIPAL = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)")
# Names of service principals that a deployment of ours or its neighbours trusts; AWS knows no public full list, so
# only a near miss of one of these is refused.
KNOWN = (
    "apigateway",
    "application-autoscaling",
    "bedrock",
    "cloudformation",
    "ec2",
    "ecs",
    "ecs-tasks",
    "events",
    "lambda",
    "logs",
    "scheduler",
    "ssm",
    "states",
    "vpc-flow-logs",
)


def _document(call: Call) -> Any:
    text = call.get("AssumeRolePolicyDocument") or call.get("PolicyDocument") or ""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _statements(call: Call) -> Iterator[dict[str, Any]]:
    document = _document(call)
    found = as_list(document.get("Statement")) if isinstance(document, dict) else []
    return (each for each in found if isinstance(each, dict))


@refuses(
    "iam-trust-syntax",
    IAM,
    TRUST,
    code=MALFORMED,
    message="This policy contains invalid Json",
    source="localstack/localstack, tests/aws/services/iam, test_create_role_with_malformed_assume_role_policy_document",
)
def trust_syntax(call: Call) -> Verdict:
    return not isinstance(_document(call), dict)


@refuses(
    "iam-trust-without-principal",
    IAM,
    TRUST,
    code=MALFORMED,
    message="Missing required field Principal",
    source="IAM guide, 'AWS JSON policy elements: Principal'; as quoted in public error reports",
)
def trust_without_principal(call: Call) -> Verdict:
    return any("Principal" not in each and "NotPrincipal" not in each for each in _statements(call))


@refuses(
    "iam-trust-with-resource",
    IAM,
    TRUST,
    code=MALFORMED,
    message="Has prohibited field Resource",
    source="IAM guide, 'AWS JSON policy elements: Resource'; as quoted in public error reports",
)
def trust_with_resource(call: Call) -> Verdict:
    return any("Resource" in each for each in _statements(call))


@refuses(
    "iam-trust-action",
    IAM,
    TRUST,
    code=MALFORMED,
    message="AssumeRole policy may only specify STS AssumeRole actions.",
    source="CreateRole API reference; as moto and public error reports quote it",
)
def trust_action(call: Call) -> Verdict:
    actions = [str(action) for each in _statements(call) for action in as_list(each.get("Action"))]
    return any(not action.lower().startswith("sts:") and action != "*" for action in actions)


def _service_principals(call: Call) -> Iterator[str]:
    for statement in _statements(call):
        principal = statement.get("Principal")
        if isinstance(principal, dict):
            yield from (str(each) for each in as_list(principal.get("Service")))


def _near_miss(name: str) -> bool:
    """One letter away from a known service, and not one itself: 'lamda'."""
    return name not in KNOWN and any(_one_edit(name, known) for known in KNOWN if len(known) > 4)


def _one_edit(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(longer) == len(shorter):
        return shorter[same + 1 :] == longer[same + 1 :]
    return shorter[same:] == longer[same + 1 :]


@refuses(
    "iam-trust-unknown-service",
    IAM,
    TRUST,
    code=MALFORMED,
    message='Invalid principal in policy: "SERVICE":"{service}"',
    source="hashicorp/terraform-provider-aws, internal/service/iam/role.go: 'Invalid principal in policy'",
)
def trust_unknown_service(call: Call) -> Verdict:
    for service in _service_principals(call):
        name = service.partition(".")[0]
        elsewhere = name in KNOWN and service.endswith(".amazon.com")
        if elsewhere or not SERVICE_PRINCIPAL.fullmatch(service) or _near_miss(name):
            return {"service": service}
    return None


@refuses(
    "iam-policy-with-principal",
    IAM,
    IDENTITY,
    code=MALFORMED,
    message="Policy document should not specify a principal.",
    source="IAM guide, 'AWS JSON policy elements: Principal'; as moto and public error reports quote it",
)
def policy_with_principal(call: Call) -> Verdict:
    return any("Principal" in each or "NotPrincipal" in each for each in _statements(call))
