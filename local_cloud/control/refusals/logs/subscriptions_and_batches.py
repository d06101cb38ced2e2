"""What CloudWatch Logs refuses of dimensions, subscriptions, batches and keys."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list
from local_cloud.control.rules import Verdict, refuses

DAY = 24 * 60 * 60 * 1000
BAD_TABLE, BAD_LOGS = "ValidationException", "InvalidParameterException"


@refuses(
    "logs-dimensions-of-words",
    "logs",
    "PutMetricFilter",
    code=BAD_LOGS,
    message="The specified filter pattern does not support dimensions",
    source="hashicorp/terraform-provider-aws issue 22105",
)
def dimensions_of_words(call: Call) -> Verdict:
    words = not (call.get("filterPattern") or "").strip().startswith(("{", "["))
    return words and any(each.get("dimensions") for each in call.get("metricTransformations") or [])


@refuses(
    "logs-subscription-permission",
    "logs",
    "PutSubscriptionFilter",
    code=BAD_LOGS,
    message="Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute "
    "your function.",
    source="PutSubscriptionFilter API reference, destinationArn; ClaudioWaldvogel/cloudwatch-loki-shipper issue 6",
)
def subscription_permission(call: Call) -> Verdict:
    parts = (call.get("destinationArn") or "").split(":")
    if parts[2:3] != ["lambda"] or len(parts) < 7:
        return None
    functions = {each.function_name: each for each in backend("lambda", call.region).list_functions()}
    function = functions.get(parts[6])
    return function is not None and not any(_names_logs(each) for each in function.policy.statements)


def _names_logs(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    names = as_list(principal.get("Service")) if isinstance(principal, dict) else [principal]
    return any(str(each) == "*" or str(each).startswith("logs.") for each in names)


@refuses(
    "logs-batch-of-days",
    "logs",
    "PutLogEvents",
    code=BAD_LOGS,
    message="The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    source="PutLogEvents API reference: 'A batch of log events in a single request cannot span more than 24 hours'",
)
def batch_of_days(call: Call) -> Verdict:
    times = [each["timestamp"] for each in call.get("logEvents") or []]
    return bool(times) and max(times) - min(times) > DAY


@refuses(
    "logs-key-permission",
    "logs",
    ["CreateLogGroup", "AssociateKmsKey"],
    code="AccessDeniedException",
    message="The specified KMS key does not exist or is not allowed to be used with LogGroup '{group}'",
    source="CloudWatch Logs guide, 'Encrypt log data': the key's policy must let logs.REGION.amazonaws.com use it; as "
    "quoted in public error reports",
)
def key_permission(call: Call) -> Verdict:
    key = backend("kms", call.region).keys.get((call.get("kmsKeyId") or "").rpartition(":key/")[2])
    if key is None:
        return None
    statements = as_list(json.loads(key.policy).get("Statement"))
    allowed = any(each.get("Effect") == "Allow" and _names_logs(each) for each in statements)
    return None if allowed else {"group": f"arn:aws:logs:{call.region}:{call.account}:log-group:{_group(call)}"}


def _group(call: Call) -> str:
    return str(call.get("logGroupName") or "")
