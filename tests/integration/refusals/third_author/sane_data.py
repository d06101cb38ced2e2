"""Sane calls on tables, logs and secrets, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import policy

KEY = {"pk": {"S": "u#1"}, "sk": {"S": "2026-11-29"}}
PULL = policy(
    {
        "Sid": "pull",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"],
    }
)

SANE: tuple[Case, ...] = (
    case(
        "dynamodb",
        "CreateTable",
        "an index, a stream, own figures",
        lambda w: w.table(
            TableName="t.e-s_t",
            BillingMode="PROVISIONED",
            TableClass="STANDARD",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "user")],
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
            LocalSecondaryIndexes=[
                {
                    "IndexName": "own",
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                    "KeySchema": [
                        {"AttributeName": "pk", "KeyType": "HASH"},
                        {"AttributeName": "user", "KeyType": "RANGE"},
                    ],
                }
            ],
        ),
    ),
    case(
        "dynamodb",
        "UpdateTable",
        "pays for requests from now on",
        lambda w: {"TableName": "t.e-s_t", "BillingMode": "PAY_PER_REQUEST"},
    ),
    case(
        "dynamodb",
        "PutItem",
        "every type, empty text",
        lambda w: {
            "TableName": "history",
            "Item": {
                **KEY,
                "n": {"N": "-1.5E10"},
                "b": {"BOOL": False},
                "z": {"NULL": True},
                "e": {"S": ""},
                "l": {"L": []},
                "m": {"M": {"a-b": {"S": "x"}}},
                "ss": {"SS": ["a", "b"]},
                "ns": {"NS": ["1", "2"]},
                "y": {"B": b""},
            },
        },
    ),
    case(
        "dynamodb",
        "UpdateItem",
        "path into a map, a size, a sum",
        lambda w: {
            "TableName": "history",
            "Key": KEY,
            "UpdateExpression": "SET m.#k = :v, n = n + :one DELETE ss :gone",
            "ConditionExpression": "size(l) = :none AND attribute_type(n, :num) AND NOT (b IN (:true))",
            "ExpressionAttributeNames": {"#k": "a-b"},
            "ExpressionAttributeValues": {
                ":v": {"S": "y"},
                ":one": {"N": "1"},
                ":gone": {"SS": ["a"]},
                ":none": {"N": "0"},
                ":num": {"S": "N"},
                ":true": {"BOOL": True},
            },
        },
    ),
    case(
        "dynamodb",
        "Query",
        "between, newest first, one page",
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "#p = :p AND sk BETWEEN :a AND :b",
            "FilterExpression": "attribute_exists(n) OR contains(ss, :x)",
            "ProjectionExpression": "sk, m.#k, l[0]",
            "ExpressionAttributeNames": {"#p": "pk", "#k": "a-b"},
            "ScanIndexForward": False,
            "Limit": 1,
            "ExpressionAttributeValues": {
                ":p": {"S": "u#1"},
                ":a": {"S": "2026"},
                ":b": {"S": "2027"},
                ":x": {"S": "b"},
            },
        },
    ),
    case(
        "dynamodb",
        "BatchWriteItem",
        "two items",
        lambda w: {
            "RequestItems": {
                "history": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": {**KEY, "pk": {"S": "u#2"}}}}]
            }
        },
    ),
    case(
        "dynamodb",
        "UpdateContinuousBackups",
        "on",
        lambda w: {"TableName": "history", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
    ),
    case(
        "logs",
        "CreateLogGroup",
        "every sign",
        lambda w: {"logGroupName": "/aws/lambda/a.b-c_d#e", "logGroupClass": "INFREQUENT_ACCESS", "tags": {"a": ""}},
    ),
    case("logs", "PutRetentionPolicy", "ten years", lambda w: {"logGroupName": "/chat", "retentionInDays": 3653}),
    case(
        "logs",
        "CreateLogStream",
        "every sign but two",
        lambda w: {"logGroupName": "/chat", "logStreamName": "2026/11/29/[$LATEST]a|b c"},
    ),
    case(
        "logs",
        "PutMetricFilter",
        "a word and not another",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "f",
            "filterPattern": '?ERROR ?"time out" -debug',
            "metricTransformations": [
                {"metricName": "m", "metricNamespace": "Chat/Prod", "metricValue": "1", "defaultValue": 0.0}
            ],
        },
    ),
    case(
        "logs",
        "FilterLogEvents",
        "numbers and parts of JSON",
        lambda w: {
            "logGroupName": "/chat",
            "filterPattern": "{ ($.status >= 500 && $.user.name = a*) || $.list[0] IS NULL }",
        },
    ),
    case(
        "secretsmanager",
        "CreateSecret",
        "every sign, empty text for later",
        lambda w: {"Name": "chat/prod+es_key=1.@-", "SecretString": "{}", "Tags": [{"Key": "App", "Value": ""}]},
    ),
    case(
        "secretsmanager",
        "PutSecretValue",
        "a stage of one's own",
        lambda w: {"SecretId": "chat/cookie", "SecretString": "x", "VersionStages": ["MINE"]},
    ),
    case(
        "secretsmanager",
        "PutResourcePolicy",
        "one role",
        lambda w: {
            "SecretId": w.secret,
            "BlockPublicPolicy": True,
            "ResourcePolicy": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": w.task_role},
                    "Action": "secretsmanager:GetSecretValue",
                    "Resource": "*",
                }
            ),
        },
    ),
    case(
        "secretsmanager",
        "DeleteSecret",
        "in thirty days",
        lambda w: {"SecretId": "chat/cookie", "RecoveryWindowInDays": 30},
    ),
    case("secretsmanager", "RestoreSecret", "back again", lambda w: {"SecretId": "chat/cookie"}),
)
