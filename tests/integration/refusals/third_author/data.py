"""Calls on tables, logs and secrets that AWS refuses, by the third author."""

from __future__ import annotations

import time
from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import DYNAMODB_LIMITS, guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World, policy

INVALID = "ValidationException"
BAD = "InvalidParameterException"
KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
db = of("dynamodb")
logs = of("logs")
secrets = of("secretsmanager")


def update(expression: str, **changes: Any) -> Params:
    """UpdateItem of the table with one expression."""
    return {"TableName": "history", "Key": KEY, "UpdateExpression": expression, **changes}


def by_user(**changes: Any) -> Params:
    """A CreateTable's second index."""
    index = {
        "IndexName": "by-user",
        "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        **changes,
    }
    return {"GlobalSecondaryIndexes": [index]}


def taken(w: World) -> Params:
    """PutItem that must not overwrite, and would."""
    w.clients("dynamodb").put_item(TableName="history", Item=KEY)
    return {"TableName": "history", "Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"}


def stream(w: World, *times: int) -> Params:
    """PutLogEvents into a new stream, at these seconds before now."""
    w.clients("logs").create_log_stream(logGroupName="/chat", logStreamName="s")
    now = int(time.time())
    events = [{"timestamp": 1000 * (now - before), "message": "m"} for before in times]
    return {"logGroupName": "/chat", "logStreamName": "s", "logEvents": events}


def deleted(w: World) -> Params:
    """PutSecretValue of a secret that waits for its deletion."""
    w.clients("secretsmanager").delete_secret(SecretId="chat/cookie", RecoveryWindowInDays=7)
    return {"SecretId": "chat/cookie", "SecretString": "x"}


def same_token(w: World) -> Params:
    """PutSecretValue with a token that stands for another value."""
    token = "0" * 32
    w.clients("secretsmanager").put_secret_value(SecretId="chat/cookie", SecretString="a", ClientRequestToken=token)
    return {"SecretId": "chat/cookie", "SecretString": "b", "ClientRequestToken": token}


FAULTY: tuple[Case, ...] = (
    db("CreateTable", "provisioned without figures", INVALID, lambda w: w.table(BillingMode="PROVISIONED")),
    db(
        "CreateTable",
        "figures beside paying for requests",
        INVALID,
        lambda w: w.table(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}),
    ),
    db(
        "CreateTable",
        "key of a list",
        INVALID,
        lambda w: w.table(
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "L"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ]
        ),
    ),
    db(
        "CreateTable",
        "attribute that no key uses",
        INVALID,
        lambda w: w.table(
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "user")]
        ),
    ),
    db(
        "CreateTable",
        "index with attributes beside ALL",
        INVALID,
        lambda w: w.table(**by_user(Projection={"ProjectionType": "ALL", "NonKeyAttributes": ["title"]})),
        guide("amazondynamodb/latest/APIReference/API_Projection.html"),
    ),
    db(
        "CreateTable",
        "stream without a view",
        INVALID,
        lambda w: w.table(StreamSpecification={"StreamEnabled": True}),
        guide("amazondynamodb/latest/APIReference/API_StreamSpecification.html"),
    ),
    db("UpdateTable", "nothing", INVALID, lambda w: {"TableName": "history"}),
    db(
        "UpdateTable",
        "index that does not exist deleted",
        "ResourceNotFoundException",
        lambda w: {"TableName": "history", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-user"}}]},
    ),
    db("DeleteTable", "protected", INVALID, lambda w: {"TableName": "protected"}),
    db(
        "UpdateTimeToLive",
        "another attribute while one is on",
        INVALID,
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "until"}},
    ),
    db(
        "PutItem",
        "key of another type",
        INVALID,
        lambda w: {"TableName": "history", "Item": {"pk": {"N": "1"}, "sk": {"S": "b"}}},
    ),
    db(
        "PutItem",
        "number that is none",
        INVALID,
        lambda w: {"TableName": "history", "Item": {**KEY, "n": {"N": "many"}}},
    ),
    db(
        "PutItem",
        "a set with one twice",
        INVALID,
        lambda w: {"TableName": "history", "Item": {**KEY, "s": {"SS": ["a", "a"]}}},
    ),
    db("PutItem", "exists already", "ConditionalCheckFailedException", taken),
    db(
        "PutItem",
        "500 KB",
        INVALID,
        lambda w: {"TableName": "history", "Item": {**KEY, "t": {"S": "t" * 500_000}}},
        DYNAMODB_LIMITS,
    ),
    db("UpdateItem", "its key", INVALID, lambda w: update("SET sk = :v", ExpressionAttributeValues={":v": {"S": "c"}})),
    db(
        "UpdateItem",
        "value that nobody uses",
        INVALID,
        lambda w: update("REMOVE draft", ExpressionAttributeValues={":v": {"S": "c"}}),
    ),
    db(
        "UpdateItem",
        "one attribute by two clauses",
        INVALID,
        lambda w: update("SET a = :v REMOVE a", ExpressionAttributeValues={":v": {"S": "c"}}),
    ),
    db(
        "Query",
        "no partition",
        INVALID,
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "sk = :v",
            "ExpressionAttributeValues": {":v": {"S": "b"}},
        },
    ),
    db(
        "Query",
        "filter by the key",
        INVALID,
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :v",
            "FilterExpression": "sk = :v",
            "ExpressionAttributeValues": {":v": {"S": "b"}},
        },
    ),
    db(
        "Query",
        "key by its end",
        INVALID,
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :v AND contains(sk, :v)",
            "ExpressionAttributeValues": {":v": {"S": "b"}},
        },
    ),
    db("Scan", "fifth of four parts", INVALID, lambda w: {"TableName": "history", "Segment": 4, "TotalSegments": 4}),
    db(
        "BatchWriteItem",
        "one item twice",
        INVALID,
        lambda w: {"RequestItems": {"history": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}]}},
    ),
    db(
        "TransactWriteItems",
        "one item twice",
        INVALID,
        lambda w: {
            "TransactItems": [
                {"Put": {"TableName": "history", "Item": KEY}},
                {"Delete": {"TableName": "history", "Key": KEY}},
            ]
        },
    ),
    db(
        "RestoreTableToPointInTime",
        "no continuous backups",
        "PointInTimeRecoveryUnavailableException",
        lambda w: {"SourceTableName": "history", "TargetTableName": "again", "UseLatestRestorableTime": True},
    ),
    logs("CreateLogGroup", "space in the name", BAD, lambda w: {"logGroupName": "/chat app"}),
    logs("CreateLogGroup", "name that is AWS's", BAD, lambda w: {"logGroupName": "aws/chat"}),
    logs(
        "CreateLogGroup",
        "key that does not exist",
        BAD,
        lambda w: {
            "logGroupName": "/new",
            "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
        },
    ),
    logs("PutRetentionPolicy", "45 days", BAD, lambda w: {"logGroupName": "/chat", "retentionInDays": 45}),
    logs("CreateLogStream", "colon in the name", BAD, lambda w: {"logGroupName": "/chat", "logStreamName": "a:b"}),
    logs("PutLogEvents", "later one first", BAD, lambda w: stream(w, 10, 20)),
    logs(
        "PutLogEvents",
        "stream that does not exist",
        "ResourceNotFoundException",
        lambda w: {**stream(w, 1), "logStreamName": "nothing"},
    ),
    logs(
        "FilterLogEvents",
        "names and a beginning",
        BAD,
        lambda w: {"logGroupName": "/chat", "logStreamNames": ["s"], "logStreamNamePrefix": "s"},
    ),
    logs(
        "FilterLogEvents",
        "pattern that is not closed",
        BAD,
        lambda w: {"logGroupName": "/chat", "filterPattern": '{ $.level = "ERROR" '},
    ),
    logs(
        "DescribeLogGroups",
        "beginning and pattern",
        BAD,
        lambda w: {"logGroupNamePrefix": "/c", "logGroupNamePattern": "chat"},
    ),
    logs(
        "PutMetricFilter",
        "default beside dimensions",
        BAD,
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "f",
            "filterPattern": "{ $.a = 1 }",
            "metricTransformations": [
                {
                    "metricName": "m",
                    "metricNamespace": "n",
                    "metricValue": "1",
                    "defaultValue": 0.0,
                    "dimensions": {"a": "$.a"},
                }
            ],
        },
        guide("AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html"),
    ),
    logs(
        "PutSubscriptionFilter",
        "function that the logs may not call",
        BAD,
        lambda w: {"logGroupName": "/chat", "filterName": "f", "filterPattern": "", "destinationArn": w.function_arn},
    ),
    logs(
        "TagResource",
        "group that does not exist",
        "ResourceNotFoundException",
        lambda w: {"resourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/nothing", "tags": {"a": "b"}},
    ),
    logs("PutResourcePolicy", "not JSON", BAD, lambda w: {"policyName": "p", "policyDocument": "{"}),
    secrets(
        "CreateSecret", "text and bytes", BAD, lambda w: {"Name": "new", "SecretString": "a", "SecretBinary": b"b"}
    ),
    secrets(
        "CreateSecret", "space in the name", "ValidationException", lambda w: {"Name": "my secret", "SecretString": "a"}
    ),
    secrets("PutSecretValue", "waits for its deletion", "InvalidRequestException", deleted),
    secrets("PutSecretValue", "token of another value", "ResourceExistsException", same_token),
    secrets(
        "DeleteSecret",
        "at once, in seven days",
        BAD,
        lambda w: {"SecretId": "chat/cookie", "ForceDeleteWithoutRecovery": True, "RecoveryWindowInDays": 7},
    ),
    secrets("DeleteSecret", "in six days", BAD, lambda w: {"SecretId": "chat/cookie", "RecoveryWindowInDays": 6}),
    secrets(
        "PutResourcePolicy",
        "to everyone, which was to be blocked",
        "PublicPolicyException",
        lambda w: {
            "SecretId": "chat/cookie",
            "BlockPublicPolicy": True,
            "ResourcePolicy": policy(
                {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}
            ),
        },
    ),
    secrets(
        "GetSecretValue",
        "stage that does not exist",
        "ResourceNotFoundException",
        lambda w: {"SecretId": "chat/cookie", "VersionStage": "AWSNEXT"},
    ),
    secrets("GetRandomPassword", "5,000 characters", BAD, lambda w: {"PasswordLength": 5000}),
    secrets(
        "UpdateSecretVersionStage",
        "from no version to none",
        BAD,
        lambda w: {"SecretId": "chat/cookie", "VersionStage": "AWSCURRENT"},
    ),
    secrets("RotateSecret", "no function", "InvalidRequestException", lambda w: {"SecretId": "chat/cookie"}),
)
