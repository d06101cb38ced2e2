"""What ECR refuses of lifecycle policies."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

STATUSES = ("tagged", "untagged", "any")
COUNTS = ("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")


@refuses(
    "ecr-lifecycle-policy",
    "ecr",
    "PutLifecyclePolicy",
    code="InvalidParameterException",
    message="Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
    "'Lifecycle policy validation failure: {fault}'",
    source="ECR guide, 'Lifecycle policy parameters'; as moto and public error reports quote it",
)
def lifecycle_policy(call: Call) -> Verdict:
    try:
        policy = json.loads(call.params["lifecyclePolicyText"])
    except ValueError:
        return {"fault": "the text is not valid JSON"}
    rules = policy.get("rules") if isinstance(policy, dict) else None
    if not isinstance(rules, list) or not rules:
        return {"fault": 'object has missing required properties (["rules"])'}
    faults = [fault for rule in rules if (fault := _fault(rule))]
    priorities = [rule.get("rulePriority") for rule in rules if isinstance(rule, dict)]
    if len(set(priorities)) < len(priorities):
        faults.append("rulePriority must be unique")
    return {"fault": faults[0]} if faults else None


def _fault(rule: Any) -> str | None:
    if not isinstance(rule, dict):
        return "a rule is not an object"
    for name in ("rulePriority", "selection", "action"):
        if name not in rule:
            return f'object has missing required properties (["{name}"])'
    selection = rule["selection"]
    if selection.get("tagStatus") not in STATUSES:
        return f'instance value ("{selection.get("tagStatus")}") not found in enum (possible values: {list(STATUSES)})'
    if selection.get("countType") not in COUNTS:
        return f'instance value ("{selection.get("countType")}") not found in enum (possible values: {list(COUNTS)})'
    if selection["tagStatus"] == "tagged" and not {"tagPrefixList", "tagPatternList"} & set(selection):
        return "tagged needs tagPrefixList or tagPatternList"
    if selection["countType"] == "imageCountMoreThan" and "countUnit" in selection:
        # cloud-custodian/cloud-custodian issue 5597
        return "instance failed to match exactly one schema (matched 0 out of 2)"
    return None
