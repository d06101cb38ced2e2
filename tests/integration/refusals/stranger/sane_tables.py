"""Calls on DynamoDB that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, case

UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


KEY = {"pk": {"S": "USER#1"}, "sk": {"S": "CONV#1"}}


ATTRIBUTES = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "owner")]


def index(**changes: Any) -> Params:
    return {
        "IndexName": "by.owner-1_x",
        "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
        **changes,
    }


SANE: tuple[Case, ...] = (
    case(
        "dynamodb",
        "CreateTable",
        "on demand, all options",
        lambda w: w.table(
            TableName="chat.history-2_x",
            AttributeDefinitions=ATTRIBUTES,
            GlobalSecondaryIndexes=[index()],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": w.key},
            TableClass="STANDARD",
            DeletionProtectionEnabled=True,
            Tags=[{"Key": "Owner", "Value": "チーム"}],
            OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 100},
        ),
    ),
    case(
        "dynamodb",
        "CreateTable",
        "provisioned, both kinds of index",
        lambda w: w.table(
            TableName="provisioned",
            BillingMode="PROVISIONED",
            ProvisionedThroughput=UNITS,
            AttributeDefinitions=ATTRIBUTES,
            GlobalSecondaryIndexes=[index(ProvisionedThroughput=UNITS)],
            LocalSecondaryIndexes=[
                {
                    "IndexName": "local",
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                    "KeySchema": [
                        {"AttributeName": "pk", "KeyType": "HASH"},
                        {"AttributeName": "owner", "KeyType": "RANGE"},
                    ],
                }
            ],
        ),
    ),
    case(
        "dynamodb",
        "UpdateContinuousBackups",
        "seven days",
        lambda w: {
            "TableName": "history",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        },
    ),
    case(
        "dynamodb",
        "UpdateTimeToLive",
        "of a new table",
        lambda w: {"TableName": "provisioned", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
    ),
    case(
        "dynamodb",
        "UpdateTable",
        "protection off",
        lambda w: {"TableName": "protected", "DeletionProtectionEnabled": False},
    ),
    case(
        "dynamodb",
        "PutItem",
        "only if it is new",
        lambda w: {
            "TableName": "history",
            "Item": {
                **KEY,
                "name": {"S": ""},
                "n": {"N": "1"},
                "list": {"L": []},
                "ok": {"BOOL": True},
                "bin": {"B": b"\x00"},
                "tags": {"SS": ["a"]},
            },
            "ConditionExpression": "attribute_not_exists(pk) AND attribute_not_exists(#n)",
            "ExpressionAttributeNames": {"#n": "name"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
    ),
    case(
        "dynamodb",
        "UpdateItem",
        "every clause",
        lambda w: {
            "TableName": "history",
            "Key": KEY,
            "ReturnValues": "ALL_NEW",
            "UpdateExpression": (
                "SET #n = :s, #c = if_not_exists(#c, :zero) + :one, #l = list_append(#l, :l) REMOVE gone ADD n :one "
                "DELETE tags :t"
            ),
            "ConditionExpression": "size(#n) < :max AND (begins_with(sk, :s) OR #c BETWEEN :zero AND :max OR "
            "attribute_type(#l, :kind) OR NOT contains(#n, :s))",
            "ExpressionAttributeNames": {"#n": "name", "#c": "count", "#l": "list"},
            "ExpressionAttributeValues": {
                ":s": {"S": "CONV"},
                ":zero": {"N": "0"},
                ":one": {"N": "1"},
                ":l": {"L": [{"S": "x"}]},
                ":t": {"SS": ["b"]},
                ":max": {"N": "100"},
                ":kind": {"S": "L"},
            },
        },
    ),
    case(
        "dynamodb",
        "Query",
        "newest ten of a user",
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :p AND begins_with(sk, :s)",
            "ScanIndexForward": False,
            "Limit": 10,
            "ProjectionExpression": "sk, #n, #t",
            "FilterExpression": "#t > :now OR attribute_not_exists(#t)",
            "ExpressionAttributeNames": {"#n": "name", "#t": "ttl"},
            "ExpressionAttributeValues": {":p": {"S": "USER#1"}, ":s": {"S": "CONV#"}, ":now": {"N": "1700000000"}},
        },
    ),
    case(
        "dynamodb",
        "TransactWriteItems",
        "a message and its header",
        lambda w: {
            "TransactItems": [
                {
                    "Put": {
                        "TableName": "history",
                        "Item": {**KEY, "sk": {"S": "MSG#1"}},
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
                {
                    "Update": {
                        "TableName": "history",
                        "Key": KEY,
                        "UpdateExpression": "ADD n :one",
                        "ExpressionAttributeValues": {":one": {"N": "1"}},
                    }
                },
            ],
            "ClientRequestToken": "t" * 36,
        },
    ),
    case(
        "dynamodb",
        "BatchWriteItem",
        "25 messages",
        lambda w: {
            "RequestItems": {
                "history": [{"PutRequest": {"Item": {**KEY, "sk": {"S": f"MSG#{n:03}"}}}} for n in range(25)]
            }
        },
    ),
)
