"""Calls on DynamoDB, CloudWatch Logs, scaling and Bedrock that AWS refuses, by the second author."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import DYNAMODB_LIMITS, api, guide
from tests.integration.refusals.world import World

VALIDATION, PARAMETER = "ValidationException", "InvalidParameterException"
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
EVENTS = api("logs", "PutLogEvents")
NOW = 1_700_000_000_000


def item(**values: str) -> Params:
    """Attributes of strings."""
    return {name: {"S": value} for name, value in values.items()}


def index(name: str) -> Params:
    """The creation of an index over the sort key."""
    keys = [{"AttributeName": "sk", "KeyType": "HASH"}]
    return {"Create": {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}}


def metric(pattern: str, **changes: Any) -> Params:
    """PutMetricFilter."""
    made = {"metricName": "errors", "metricNamespace": "chat", "metricValue": "1", **changes}
    return {
        "logGroupName": "/chat",
        "filterName": "errors",
        "filterPattern": pattern,
        "metricTransformations": [made],
    }


def put(w: World, stream: str, *times: int) -> Params:
    """PutLogEvents to a new stream."""
    w.clients("logs").create_log_stream(logGroupName="/chat", logStreamName=stream)
    events = [{"timestamp": time, "message": "hello"} for time in times]
    return {"logGroupName": "/chat", "logStreamName": stream, "logEvents": events}


def second_policy(w: World) -> Params:
    """PutScalingPolicy on a metric that another policy tracks."""
    w.clients("application-autoscaling").put_scaling_policy(**w.scaling())
    return {**w.scaling(TargetValue=50.0), "PolicyName": "cpu-again"}


FAULTY: tuple[Case, ...] = (
    refused(
        "dynamodb",
        "UpdateTable",
        "two indexes at once",
        lambda w: {
            "TableName": "history",
            "AttributeDefinitions": [{"AttributeName": "sk", "AttributeType": "S"}],
            "GlobalSecondaryIndexUpdates": [index("one"), index("two")],
        },
        "LimitExceededException",
        DYNAMODB_LIMITS,
    ),
    refused(
        "dynamodb",
        "UpdateTable",
        "provisioned, without a throughput",
        lambda w: {"TableName": "history", "BillingMode": "PROVISIONED"},
        VALIDATION,
        api("dynamodb", "UpdateTable"),
    ),
    refused(
        "dynamodb",
        "UpdateTimeToLive",
        "enabled a second time",
        lambda w: {
            "TableName": "history",
            "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"},
        },
        VALIDATION,
        api("dynamodb", "UpdateTimeToLive"),
    ),
    refused(
        "dynamodb",
        "Query",
        "filters by the sort key",
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :p",
            "FilterExpression": "sk > :s",
            "ExpressionAttributeValues": item(**{":p": "a", ":s": "b"}),
        },
        VALIDATION,
        guide("amazondynamodb/latest/developerguide/Query.FilterExpression.html"),
    ),
    refused(
        "dynamodb",
        "TransactWriteItems",
        "one item twice",
        lambda w: {
            "TransactItems": [
                {"Put": {"TableName": "history", "Item": item(pk="a", sk="b")}},
                {"Delete": {"TableName": "history", "Key": item(pk="a", sk="b")}},
            ]
        },
        VALIDATION,
        api("dynamodb", "TransactWriteItems"),
    ),
    refused(
        "dynamodb",
        "UpdateItem",
        "changes the sort key",
        lambda w: {
            "TableName": "history",
            "Key": item(pk="a", sk="b"),
            "UpdateExpression": "SET sk = :s",
            "ExpressionAttributeValues": item(**{":s": "c"}),
        },
        VALIDATION,
        api("dynamodb", "UpdateItem"),
    ),
    refused(
        "logs",
        "PutMetricFilter",
        "dimensions of a pattern of words",
        lambda w: metric("?ERROR ?WARN", dimensions={"service": "$.service"}),
        PARAMETER,
        "github.com/hashicorp/terraform-provider-aws issue 22105",
    ),
    refused(
        "logs",
        "PutSubscriptionFilter",
        "function that logs may not invoke",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "ship",
            "filterPattern": "",
            "destinationArn": w.function_arn,
        },
        PARAMETER,
        api("logs", "PutSubscriptionFilter"),
    ),
    refused("logs", "PutLogEvents", "in no order", lambda w: put(w, "order", NOW, NOW - 1), PARAMETER, EVENTS),
    refused(
        "logs",
        "PutLogEvents",
        "of more than one day",
        lambda w: put(w, "day", NOW, NOW + 25 * 3600 * 1000),
        PARAMETER,
        EVENTS,
    ),
    refused(
        "logs",
        "CreateLogGroup",
        "key that logs may not use",
        lambda w: {"logGroupName": "/secret", "kmsKeyId": w.key},
        "AccessDeniedException",
        guide("AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "second policy of one metric",
        second_policy,
        VALIDATION,
        "github.com/cdklabs/cdk-ecs-service-extensions issue 35",
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "requests of a target, no target named",
        lambda w: w.scaling(PredefinedMetricSpecification={"PredefinedMetricType": "ALBRequestCountPerTarget"}),
        VALIDATION,
        api("autoscaling", "PredefinedMetricSpecification"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "cron of five fields",
        lambda w: {
            **w.scalable(),
            "ScheduledActionName": "night",
            "Schedule": "cron(0 22 * * *)",
            "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 1},
        },
        VALIDATION,
        api("autoscaling", "PutScheduledAction"),
    ),
    refused(
        "bedrock-runtime",
        "Converse",
        "begins with the assistant",
        lambda w: {"modelId": MODEL, "messages": [{"role": "assistant", "content": [{"text": "hello"}]}]},
        VALIDATION,
        "github.com/langgenius/dify issue 12340",
    ),
)
