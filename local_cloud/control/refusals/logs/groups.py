"""What CloudWatch Logs refuses of retention, keys and policies of log groups."""

from __future__ import annotations

import re

from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import is_policy
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
BAD_LOGS = "InvalidParameterException"
KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+")
# PutRetentionPolicy API reference, retentionInDays.
SHORT = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545)
RETENTION = (*SHORT, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


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
    "logs-retention",
    "logs",
    "PutRetentionPolicy",
    code="InvalidParameterException",
    message="1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
    "Member must satisfy enum value set: [{values}]",
    source="PutRetentionPolicy API reference; wording from memory",
)
def retention(call: Call) -> Verdict:
    days = call.params["retentionInDays"]
    values = ", ".join(str(each) for each in RETENTION)
    return None if days in RETENTION else {"days": days, "values": values}


@refuses(
    "logs-key",
    "logs",
    ["CreateLogGroup", "AssociateKmsKey"],
    code="InvalidParameterException",
    message="The specified KMS key does not exist or is not allowed to be used with '{arn}'",
    source="CreateLogGroup API reference, kmsKeyId: an ARN; as quoted in public error reports",
)
def logs_key(call: Call) -> Verdict:
    key = call.get("kmsKeyId")
    group = f"arn:aws:logs:{call.region}:{call.account}:log-group:{call.get('logGroupName')}"
    return {"arn": group} if key is not None and not KEY_ARN.fullmatch(key) else None


@refuses(
    "logs-name-of-aws",
    "logs",
    "CreateLogGroup",
    code="InvalidParameterException",
    message="Log groups starting with AWS/ are reserved for AWS.",
    source="CreateLogGroup API reference: 'Log group names can't start with the string aws/'; "
    "as moto quotes it of AWS/",
)
def name_of_aws(call: Call) -> Verdict:
    return str(call.params["logGroupName"]).lower().startswith("aws/")
