"""What ECR refuses of repository policies: a grammar of their own, without a Resource."""

from __future__ import annotations

import json
import re
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list, is_policy
from local_cloud.control.rules import Verdict, refuses

ACTION = re.compile(r"ecr:[A-Za-z*?]+|\*")
ACCOUNT = re.compile(r"\d{12}")
ARN = re.compile(r"arn:[^:]+:(iam|sts)::\d{12}:(root|(user|role|federated-user|assumed-role)/.+)")
SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


@refuses(
    "ecr-bad-policy",
    "ecr",
    "SetRepositoryPolicy",
    code="InvalidParameterException",
    message="Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
    source="ECR guide, 'Private repository policies' and its examples, which have a Principal, actions of ECR and no "
    "Resource; awsdocs/amazon-ecr-user-guide pull 20 and aws/aws-cdk issue 24314 quote the answer to a Resource, "
    "hashicorp/terraform-provider-aws issue 3924 to a principal that is none",
)
def repository_policy(call: Call) -> Verdict:
    text = call.params["policyText"]
    if not is_policy(text):
        return True
    return any(not _is_statement(each) for each in as_list(json.loads(text)["Statement"]))


def _is_statement(statement: dict[str, Any]) -> bool:
    """Exactly one of Principal and NotPrincipal, and of Action and NotAction; actions of ECR; no Resource."""
    if "Resource" in statement or "NotResource" in statement:
        return False
    if ("Principal" in statement) == ("NotPrincipal" in statement):
        return False
    if ("Action" in statement) == ("NotAction" in statement):
        return False
    actions = as_list(statement.get("Action") or statement.get("NotAction"))
    named = statement.get("Principal") or statement.get("NotPrincipal")
    return bool(actions) and all(ACTION.fullmatch(str(each)) for each in actions) and _is_principal(named)


def _is_principal(named: Any) -> bool:
    """ "*", or a map of AWS to accounts and ARNs and of Service to service principals."""
    if named == "*":
        return True
    if not isinstance(named, dict) or not named:
        return False
    for kind, values in named.items():
        sent = [str(each) for each in as_list(values)]
        if not sent or not all(_is_one(kind, each) for each in sent):
            return False
    return True


def _is_one(kind: str, value: str) -> bool:
    if kind == "AWS":
        return value == "*" or bool(ACCOUNT.fullmatch(value) or ARN.fullmatch(value))
    return kind == "Federated" or (kind == "Service" and bool(SERVICE.fullmatch(value)))
