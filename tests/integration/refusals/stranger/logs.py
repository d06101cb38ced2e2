"""Calls on CloudWatch Logs that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, preflight, recorded


def metric(pattern: str = "ERROR", **changes: Any) -> Params:
    made = {"metricName": "errors", "metricNamespace": "chat", "metricValue": "1", **changes}
    return {"logGroupName": "/chat", "filterName": "errors", "filterPattern": pattern, "metricTransformations": [made]}


STRANGE: tuple[Case, ...] = (
    refused(
        "logs",
        "CreateLogGroup",
        "name taken",
        lambda w: {"logGroupName": "/chat"},
        "ResourceAlreadyExistsException",
        recorded("logs", "test_create_log_group_duplicate_error"),
    ),
    refused(
        "logs",
        "CreateLogGroup",
        "name of 513 characters",
        lambda w: {"logGroupName": "g" * 513},
        "InvalidParameterException",
        recorded("logs", "test_create_log_group_invalid_name_length"),
    ),
    refused(
        "logs",
        "CreateLogGroup",
        "colon in the name",
        lambda w: {"logGroupName": "chat:app"},
        "InvalidParameterException",
        api("logs", "CreateLogGroup"),
    ),
    refused(
        "logs",
        "CreateLogGroup",
        "a class that does not exist",
        lambda w: {"logGroupName": "/new", "logGroupClass": "GLACIER"},
        "InvalidParameterException",
        api("logs", "CreateLogGroup"),
    ),
    refused(
        "logs",
        "PutRetentionPolicy",
        "100 days",
        lambda w: {"logGroupName": "/chat", "retentionInDays": 100},
        "InvalidParameterException",
        api("logs", "PutRetentionPolicy"),
    ),
    refused(
        "logs",
        "PutRetentionPolicy",
        "group that is not there",
        lambda w: {"logGroupName": "/gone", "retentionInDays": 30},
        "ResourceNotFoundException",
        recorded("logs", "test_resource_does_not_exist"),
    ),
    refused(
        "logs",
        "CreateLogStream",
        "colon in the name",
        lambda w: {"logGroupName": "/chat", "logStreamName": "a:b"},
        "InvalidParameterException",
        api("logs", "CreateLogStream"),
    ),
    refused(
        "logs",
        "PutLogEvents",
        "stream that is not there",
        lambda w: {"logGroupName": "/chat", "logStreamName": "gone", "logEvents": [{"timestamp": 1, "message": "x"}]},
        "ResourceNotFoundException",
        recorded("logs", "test_put_log_events_to_invalid_stream"),
    ),
    refused(
        "logs",
        "PutMetricFilter",
        "dimensions and a default",
        lambda w: metric("{$.level = *}", defaultValue=0.0, dimensions={"level": "$.level"}),
        "InvalidParameterException",
        preflight("logs-metric-dimensions-default-exclusive"),
    ),
    refused(
        "logs",
        "PutMetricFilter",
        "AWS's own namespace",
        lambda w: metric(metricNamespace="AWS/Chat"),
        "InvalidParameterException",
        preflight("logs-metric-namespace-reserved"),
    ),
    refused(
        "logs",
        "PutMetricFilter",
        "bracket left open",
        lambda w: metric("[level, text"),
        "InvalidParameterException",
        preflight("logs-filter-pattern-bracket"),
    ),
    refused(
        "logs",
        "PutSubscriptionFilter",
        "role for a function",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "all",
            "filterPattern": "",
            "destinationArn": w.function_arn,
            "roleArn": w.lambda_role,
        },
        "InvalidParameterException",
        preflight("logs-subscription-lambda-no-role"),
    ),
    refused(
        "logs",
        "PutResourcePolicy",
        "policy that is none",
        lambda w: {"policyName": "delivery", "policyDocument": "allow"},
        "InvalidParameterException",
        preflight("logs-resource-policy-json"),
    ),
    refused(
        "logs",
        "DescribeLogGroups",
        "prefix and pattern",
        lambda w: {"logGroupNamePrefix": "/", "logGroupNamePattern": "chat"},
        "InvalidParameterException",
        recorded("logs", "test_describe_log_groups_prefix_and_pattern_error"),
    ),
)
