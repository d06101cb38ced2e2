"""Calls on CloudWatch Logs that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import policy

SANE: tuple[Case, ...] = (
    case(
        "logs",
        "CreateLogGroup",
        "infrequent access",
        lambda w: {
            "logGroupName": "/aws/chat_2/app.log#1",
            "logGroupClass": "INFREQUENT_ACCESS",
            "tags": {"Owner": "team"},
        },
    ),
    case("logs", "PutRetentionPolicy", "two years", lambda w: {"logGroupName": "/chat", "retentionInDays": 731}),
    case(
        "logs",
        "CreateLogStream",
        "as Lambda names them",
        lambda w: {"logGroupName": "/chat", "logStreamName": "2027/01/01/[$LATEST]0123456789abcdef"},
    ),
    case(
        "logs",
        "PutMetricFilter",
        "JSON with a dimension",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "errors",
            "filterPattern": '{ ($.level = "ERROR") && ($.ms > 100) }',
            "metricTransformations": [
                {
                    "metricName": "errors",
                    "metricNamespace": "Chat/Prod",
                    "metricValue": "1",
                    "unit": "Count",
                    "dimensions": {"stage": "$.stage"},
                }
            ],
        },
    ),
    case(
        "logs",
        "PutMetricFilter",
        "columns with a default",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "slow",
            "filterPattern": "[ip, user, ms > 1000, ...]",
            "metricTransformations": [
                {"metricName": "slow", "metricNamespace": "Chat", "metricValue": "$ms", "defaultValue": 0.0}
            ],
        },
    ),
    case(
        "logs",
        "PutResourcePolicy",
        "for Route 53",
        lambda w: {
            "policyName": "route53",
            "policyDocument": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "route53.amazonaws.com"},
                    "Action": "logs:PutLogEvents",
                    "Resource": f"arn:aws:logs:*:{ACCOUNT}:log-group:/aws/route53/*",
                }
            ),
        },
    ),
    case("logs", "DescribeLogGroups", "by prefix", lambda w: {"logGroupNamePrefix": "/", "limit": 50}),
)
