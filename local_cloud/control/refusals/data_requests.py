"""What DynamoDB refuses of changes and filters, CloudWatch Logs of filters and batches, scaling of second policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import as_list
from local_cloud.control.rules import Verdict, refuses

# A name or its alias, not a function's, and not what follows a dot or a colon.
NAME = re.compile(r"(?<![\w.:#])(#?\w+)(?!\w*\s*\()")
DAY = 24 * 60 * 60 * 1000
BAD_TABLE, BAD_LOGS = "ValidationException", "InvalidParameterException"


def _table(call: Call) -> Any:
    return backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])


@refuses(
    "dynamodb-two-indexes-at-once",
    "dynamodb",
    "UpdateTable",
    code="LimitExceededException",
    message="Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    source="UpdateTable API reference, GlobalSecondaryIndexUpdates; as architect/dynalite's tests have it of AWS",
)
def two_indexes_at_once(call: Call) -> Verdict:
    sent = call.get("GlobalSecondaryIndexUpdates") or []
    return sum(bool(each.get("Create") or each.get("Delete")) for each in sent) > 1


@refuses(
    "dynamodb-provisioned-without-throughput",
    "dynamodb",
    "UpdateTable",
    code=BAD_TABLE,
    message="One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is "
    "PROVISIONED",
    source="UpdateTable API reference, BillingMode: from on-demand to provisioned 'initial provisioned capacity values "
    "must be set'; wording not verified",
)
def provisioned_without_throughput(call: Call) -> Verdict:
    table = _table(call)
    on_demand = table is not None and table.billing_mode == "PAY_PER_REQUEST"
    return on_demand and call.get("BillingMode") == "PROVISIONED" and not call.get("ProvisionedThroughput")


def _filtered(call: Call) -> Iterator[str]:
    """The attributes that the filter expression names, aliases resolved."""
    aliases = call.get("ExpressionAttributeNames") or {}
    for name in NAME.findall(call.get("FilterExpression") or ""):
        yield aliases.get(name, name)


@refuses(
    "dynamodb-filter-by-key",
    "dynamodb",
    "Query",
    code=BAD_TABLE,
    message="Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}",
    source="DynamoDB guide, 'Filter expressions for the Query operation'; as quoted in public error reports",
)
def filter_by_key(call: Call) -> Verdict:
    table = _table(call)
    if table is None:
        return None
    index = next(
        (each for each in [*table.indexes, *table.global_indexes] if each.name == call.get("IndexName")), table
    )
    keys = {each["AttributeName"] for each in index.schema}
    return next(({"name": name} for name in _filtered(call) if name in keys), None)


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


@refuses(
    "autoscaling-second-policy-of-a-metric",
    "application-autoscaling",
    "PutScalingPolicy",
    code=BAD_TABLE,
    message="Only one TargetTrackingScaling policy for a given metric specification is allowed.",
    source="cdklabs/cdk-ecs-service-extensions issue 35",
)
def second_policy_of_a_metric(call: Call) -> Verdict:
    wanted = _metric(call.get("TargetTrackingScalingPolicyConfiguration"))
    place = (call.get("ServiceNamespace"), call.get("ResourceId"), call.get("ScalableDimension"))
    for other in backend("application-autoscaling", call.region).policies.values():
        same = (other.service_namespace, other.resource_id, other.scalable_dimension) == place
        another = same and other.policy_name != call.get("PolicyName")
        if another and wanted and _metric(other.target_tracking_scaling_policy_configuration) == wanted:
            return True
    return None


def _metric(tracking: dict[str, Any] | None) -> Any:
    sent = tracking or {}
    return sent.get("PredefinedMetricSpecification") or sent.get("CustomizedMetricSpecification")
