"""What DynamoDB, ECR, CloudWatch Logs and Secrets Manager refuse of parameters that contradict each other."""

from __future__ import annotations

import json
import re
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import is_policy
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
BAD_LOGS = "InvalidParameterException"
BAD_TABLE = "ValidationException"
BAD_SECRET = "InvalidParameterException"
RATE = re.compile(r"rate\(\d+ (hours?|days?)\)|cron\((\S+ ){5}\S+\)")
WINDOW = (7, 30)


@refuses(
    "dynamodb-encryption",
    "dynamodb",
    ["CreateTable", "UpdateTable"],
    code=BAD_TABLE,
    message="One or more parameter values were invalid: {fault}",
    source=PREFLIGHT + "dynamodb-sse-type",
)
def encryption(call: Call) -> Verdict:
    sent = call.get("SSESpecification") or {}
    if sent.get("SSEType") and not sent.get("Enabled"):
        return {"fault": "SSEType can not be specified if Enabled is false"}
    kind = sent.get("SSEType")
    return {"fault": f"SSEType {kind} is not supported"} if kind not in (None, "KMS") else None


@refuses(
    "dynamodb-on-demand-throughput",
    "dynamodb",
    "CreateTable",
    code=BAD_TABLE,
    message="One or more parameter values were invalid: {fault}",
    source=PREFLIGHT + "dynamodb-ondemand-throughput-billing and -billing-throughput; localstack/localstack, "
    "test_dynamodb_pay_per_request",
)
def on_demand_throughput(call: Call) -> Verdict:
    on_demand, units = call.get("BillingMode") == "PAY_PER_REQUEST", call.get("ProvisionedThroughput")
    if on_demand and units:
        words = "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        return {"fault": words}
    if not on_demand and call.get("OnDemandThroughput"):
        return {"fault": "OnDemandThroughput can't be used with PROVISIONED BillingMode"}
    words = "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
    return None if on_demand or units else {"fault": words}


@refuses(
    "dynamodb-attribute-definitions",
    "dynamodb",
    "CreateTable",
    code=BAD_TABLE,
    message="{fault}",
    source=PREFLIGHT + "dynamodb-duplicate-attribute-definitions and -attribute-definitions-usage",
)
def attribute_definitions(call: Call) -> Verdict:
    names = [each.get("AttributeName") for each in call.get("AttributeDefinitions") or []]
    if len(set(names)) < len(names):
        return {"fault": "An attribute appears more than once in AttributeDefinitions"}
    schemas = [call.get("KeySchema") or []]
    schemas += [each.get("KeySchema") or [] for each in call.get("GlobalSecondaryIndexes") or []]
    schemas += [each.get("KeySchema") or [] for each in call.get("LocalSecondaryIndexes") or []]
    used = {key.get("AttributeName") for schema in schemas for key in schema}
    words = "Number of attributes in KeySchema does not exactly match number of attributes defined in"
    fault = f"One or more parameter values were invalid: {words} AttributeDefinitions"
    return {"fault": fault} if set(names) - used else None


@refuses(
    "dynamodb-ttl-of-another-attribute",
    "dynamodb",
    "UpdateTimeToLive",
    code=BAD_TABLE,
    message="TimeToLive is active on a different AttributeName: current AttributeName is {name}",
    source="as quoted in public error reports",
)
def ttl_of_another_attribute(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    known = table.ttl if table is not None else {}
    sent = call.params["TimeToLiveSpecification"]
    active = known.get("TimeToLiveStatus") == "ENABLED" and known.get("AttributeName")
    return {"name": active} if active and sent.get("AttributeName") != active else None


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


@refuses(
    "logs-resource-policy",
    "logs",
    "PutResourcePolicy",
    code=BAD_LOGS,
    message="Error occurred while parsing accessPolicy. Please check if the accessPolicy has been constructed "
    "correctly using IAM grammar.",
    source=PREFLIGHT + "logs-resource-policy-json",
)
def logs_resource_policy(call: Call) -> Verdict:
    return not is_policy(call.get("policyDocument") or "")


@refuses(
    "logs-subscription-role",
    "logs",
    "PutSubscriptionFilter",
    code=BAD_LOGS,
    message="destinationArn for vendor {vendor} cannot be used {how} roleArn",
    source=PREFLIGHT + "logs-subscription-lambda-no-role, -kinesis-role and -firehose-role; localstack/localstack, "
    "test_put_subscription_filter_errors",
)
def subscription_role(call: Call) -> Verdict:
    vendor = (call.get("destinationArn") or "::").split(":")[2]
    if vendor == "lambda" and call.get("roleArn"):
        return {"vendor": vendor, "how": "with"}
    return (
        {"vendor": vendor, "how": "without"} if vendor in ("kinesis", "firehose") and not call.get("roleArn") else None
    )


@refuses(
    "secretsmanager-replica",
    "secretsmanager",
    ["CreateSecret", "ReplicateSecretToRegions"],
    code=BAD_SECRET,
    message="Invalid replica region.",
    source=PREFLIGHT + "secretsmanager-replica-regions",
)
def replica(call: Call) -> Verdict:
    return any(each.get("Region") == call.region for each in call.get("AddReplicaRegions") or [])


@refuses(
    "secretsmanager-rotation",
    "secretsmanager",
    "RotateSecret",
    code="InvalidRequestException",
    message="No Lambda rotation function ARN is associated with this secret.",
    source="localstack/localstack, tests/aws/services/secretsmanager, test_first_rotate_secret_with_missing_lambda_arn",
)
def rotation(call: Call) -> Verdict:
    known = backend("secretsmanager", call.region).secrets
    secret = known.get(call.params["SecretId"]) if call.params["SecretId"] in known else None
    return not call.get("RotationLambdaARN") and not (secret is not None and secret.rotation_lambda_arn)


@refuses(
    "secretsmanager-rotation-rules",
    "secretsmanager",
    "RotateSecret",
    code=BAD_SECRET,
    message="{fault}",
    source=PREFLIGHT + "secretsmanager-rotation-rules",
)
def rotation_rules(call: Call) -> Verdict:
    sent = call.get("RotationRules") or {}
    if sent.get("AutomaticallyAfterDays") and sent.get("ScheduleExpression"):
        return {"fault": "You cannot specify both rotation frequency and schedule expression together."}
    schedule = sent.get("ScheduleExpression")
    return {"fault": "Invalid schedule expression."} if schedule and not RATE.fullmatch(schedule) else None
