"""What CloudWatch Logs refuses of filters, and Secrets Manager of passwords and open policies."""

from __future__ import annotations

import json
import string
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
SELECTORS = ("$",)
KINDS = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}
USUAL_LENGTH = 32


@refuses(
    "logs-filter-pattern",
    "logs",
    ["PutMetricFilter", "PutSubscriptionFilter"],
    code="InvalidParameterException",
    message="If a filter pattern starts with '[' it must end with ']'",
    source=PREFLIGHT + "logs-filter-pattern-bracket",
)
def filter_pattern(call: Call) -> Verdict:
    pattern = (call.get("filterPattern") or "").strip()
    return pattern.startswith("[") and not pattern.endswith("]")


@refuses(
    "logs-metric-transformation",
    "logs",
    "PutMetricFilter",
    code="InvalidParameterException",
    message="{fault}",
    source=PREFLIGHT
    + "logs-metric-namespace-reserved, -metric-dimensions-default-exclusive, -metric-dimension-selector",
)
def metric_transformation(call: Call) -> Verdict:
    for each in call.get("metricTransformations") or []:
        dimensions = each.get("dimensions") or {}
        if (each.get("metricNamespace") or "").startswith("AWS/"):
            return {"fault": "Metric namespaces starting with AWS/ are reserved for AWS."}
        if dimensions and each.get("defaultValue") is not None:
            words = "dimensions and default value are mutually exclusive properties"
            return {"fault": f"Invalid metric transformation: {words}"}
        if any(not value.startswith(SELECTORS) for value in dimensions.values()):
            return {"fault": "Invalid metric transformation: dimension value must be valid selector"}
    return None


@refuses(
    "secretsmanager-random-password",
    "secretsmanager",
    "GetRandomPassword",
    code="InvalidParameterException",
    message="{fault}",
    source=PREFLIGHT + "secretsmanager-generate-secret-string",
)
def random_password(call: Call) -> Verdict:
    left = [kind for name, kind in KINDS.items() if not call.get(name)]
    excluded = set(call.get("ExcludeCharacters") or "")
    if not call.get("IncludeSpace") and all(set(kind) <= excluded for kind in left):
        return {"fault": "All characters have been excluded from selection."}
    needed = len(left) if call.get("RequireEachIncludedType", True) else 1
    length = call.get("PasswordLength", USUAL_LENGTH)
    words = f"Password length {length} is too short based on the required types."
    return {"fault": words} if length < needed else None


@refuses(
    "secretsmanager-open-policy",
    "secretsmanager",
    "PutResourcePolicy",
    code="PublicPolicyException",
    message="The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to "
    "the secret.",
    source="PutResourcePolicy API reference, PublicPolicyException",
)
def open_policy(call: Call) -> Verdict:
    return bool(call.get("BlockPublicPolicy")) and any(_open(each) for each in _statements(call))


def _statements(call: Call) -> list[dict[str, Any]]:
    try:
        document = json.loads(call.params["ResourcePolicy"])
    except ValueError:
        return []
    found = as_list(document.get("Statement")) if isinstance(document, dict) else []
    return [each for each in found if isinstance(each, dict)]


def _open(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in as_list(principal.get("AWS")))
    return statement.get("Effect") == "Allow" and everybody and not statement.get("Condition")
