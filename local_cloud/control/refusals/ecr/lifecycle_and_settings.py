"""What ECR refuses of lifecycle policies."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

STATUSES = ("tagged", "untagged", "any")
COUNTS = ("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned")
PREFLIGHT = "cdk-preflight 1.9.1, "


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
    if selection["countType"] != "imageCountMoreThan" and selection.get("countUnit") != "days":
        return 'object has missing required properties (["countUnit"])'
    count = selection.get("countNumber")
    return None if isinstance(count, int) and count > 0 else "countNumber must be greater than 0"


@refuses(
    "ecr-repository-settings",
    "ecr",
    "CreateRepository",
    code="InvalidParameterException",
    message="{fault}",
    source=PREFLIGHT + "ecr-encryption-configuration and ecr-image-tag-mutability-filters",
)
def repository_settings(call: Call) -> Verdict:
    encryption_sent = call.get("encryptionConfiguration") or {}
    if encryption_sent.get("encryptionType") == "AES256" and encryption_sent.get("kmsKey"):
        words = "Encryption key should not be set for AES256 encryption."
        return {"fault": f"Invalid encryption configuration: {words}"}
    mutability = call.get("imageTagMutability") or "MUTABLE"
    filters, excepting = call.get("imageTagMutabilityExclusionFilters"), mutability.endswith("_WITH_EXCLUSION")
    name = "ImageTagMutabilityExclusionFilters"
    if excepting and not filters:
        return {"fault": f"{name} can't be null when imageTagMutability is set to {mutability}"}
    words = f"{name} are not allowed when imageTagMutability is set to {mutability}"
    return {"fault": words} if filters and not excepting else None


@refuses(
    "ecr-lifecycle-any",
    "ecr",
    "PutLifecyclePolicy",
    code="InvalidParameterException",
    message="Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
    "'Lifecycle policy validation failure: {fault}'",
    source=PREFLIGHT + "ecr-lifecycle-rule-priority and -tag-status",
)
def lifecycle_any(call: Call) -> Verdict:
    rules = _rules(call.params["lifecyclePolicyText"])
    priorities = [(int(each["rulePriority"]), each["selection"].get("tagStatus")) for each in rules]
    wide = [priority for priority, status in priorities if status == "any"]
    if len(wide) > 1:
        return {"fault": "Only one rule can specify tagStatus=ANY"}
    if wide and wide[0] != max(priority for priority, _status in priorities):
        return {"fault": "Rule for tagStatus=ANY must have the highest rulePriority"}
    for each in rules:
        lists = [name for name in ("tagPrefixList", "tagPatternList") if each["selection"].get(name)]
        if each["selection"].get("tagStatus") == "tagged" and len(lists) > 1:
            words = "it must specify only one of tagPrefixList or tagPatternList"
            return {"fault": f"If policy has a tagged rule, {words}"}
    return None


def _rules(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except ValueError:
        return []
    found = document.get("rules") if isinstance(document, dict) else None
    sound = [each for each in found or [] if isinstance(each, dict) and isinstance(each.get("selection"), dict)]
    return [each for each in sound if isinstance(each.get("rulePriority"), int)]
