"""Calls on DynamoDB that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import DYNAMODB_LIMITS, api, guide, preflight, recorded

KEY = {"pk": {"S": "USER#1"}, "sk": {"S": "MSG#1"}}


UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}


KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]


ATTRIBUTES = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}]


EXPRESSIONS = "amazondynamodb/latest/developerguide/Expressions."


def index(name: str = "by-sk", **changes: Any) -> Params:
    return {
        "IndexName": name,
        "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
        **changes,
    }


def local(name: str, keys: list[dict[str, str]] | None = None) -> Params:
    return {"IndexName": name, "KeySchema": keys or KEYS, "Projection": {"ProjectionType": "ALL"}}


def update(expression: str, **more: Any) -> Params:
    return {
        "TableName": "history",
        "Key": KEY,
        "UpdateExpression": expression,
        "ExpressionAttributeValues": {":v": {"S": "x"}},
        **more,
    }


def query(**changes: Any) -> Params:
    return {
        "TableName": "history",
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "USER#1"}},
        **changes,
    }


STRANGE: tuple[Case, ...] = (
    refused(
        "dynamodb",
        "CreateTable",
        "attribute that no key uses",
        lambda w: w.table(AttributeDefinitions=[*ATTRIBUTES, {"AttributeName": "text", "AttributeType": "S"}]),
        "ValidationException",
        preflight("dynamodb-attribute-definitions-usage"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "attribute twice",
        lambda w: w.table(AttributeDefinitions=[*ATTRIBUTES, {"AttributeName": "pk", "AttributeType": "N"}]),
        "ValidationException",
        preflight("dynamodb-duplicate-attribute-definitions"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "units on demand",
        lambda w: w.table(ProvisionedThroughput=UNITS),
        "ValidationException",
        recorded("dynamodb", "test_dynamodb_pay_per_request"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "index with units on demand",
        lambda w: w.table(GlobalSecondaryIndexes=[index(ProvisionedThroughput=UNITS)]),
        "ValidationException",
        preflight("dynamodb-gsi-billing-throughput"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "INCLUDE of nothing",
        lambda w: w.table(GlobalSecondaryIndexes=[index(Projection={"ProjectionType": "INCLUDE"})]),
        "ValidationException",
        preflight("dynamodb-gsi-projection-nonkey"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "two indexes of one name",
        lambda w: w.table(GlobalSecondaryIndexes=[index(), index()]),
        "ValidationException",
        preflight("dynamodb-duplicate-index-name"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "six local indexes",
        lambda w: w.table(LocalSecondaryIndexes=[local(f"local-{n}") for n in range(6)]),
        "ValidationException",
        preflight("dynamodb-lsi-count"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "local index of another key",
        lambda w: w.table(
            LocalSecondaryIndexes=[
                local(
                    "local", [{"AttributeName": "sk", "KeyType": "HASH"}, {"AttributeName": "pk", "KeyType": "RANGE"}]
                )
            ]
        ),
        "ValidationException",
        preflight("dynamodb-lsi-shape"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "range key first",
        lambda w: w.table(KeySchema=KEYS[::-1]),
        "ValidationException",
        preflight("dynamodb-key-schema-shape"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "type of encryption without encryption",
        lambda w: w.table(SSESpecification={"Enabled": False, "SSEType": "KMS"}),
        "ValidationException",
        preflight("dynamodb-sse-type"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "stream without a view",
        lambda w: w.table(StreamSpecification={"StreamEnabled": True}),
        "ValidationException",
        api("dynamodb", "StreamSpecification"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "name of two letters",
        lambda w: w.table(TableName="hi"),
        "ValidationException",
        preflight("dynamodb-table-name-length"),
    ),
    refused(
        "dynamodb",
        "CreateTable",
        "name taken",
        lambda w: w.table(TableName="history"),
        "ResourceInUseException",
        recorded("dynamodb", "test_create_duplicate_table"),
    ),
    refused(
        "dynamodb",
        "DeleteTable",
        "protected",
        lambda w: {"TableName": "protected"},
        "ValidationException",
        guide("amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html"),
    ),
    refused(
        "dynamodb",
        "UpdateTimeToLive",
        "another attribute while on",
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires"}},
        "ValidationException",
        api("dynamodb", "UpdateTimeToLive"),
    ),
    refused(
        "dynamodb",
        "UpdateContinuousBackups",
        "days of nothing",
        lambda w: {
            "TableName": "history",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False, "RecoveryPeriodInDays": 7},
        },
        "ValidationException",
        preflight("dynamodb-pitr-recovery-period"),
    ),
    refused(
        "dynamodb",
        "UpdateTable",
        "nothing to change",
        lambda w: {"TableName": "history"},
        "ValidationException",
        api("dynamodb", "UpdateTable"),
    ),
    refused(
        "dynamodb",
        "PutItem",
        "no range key",
        lambda w: {"TableName": "history", "Item": {"pk": KEY["pk"]}},
        "ValidationException",
        api("dynamodb", "PutItem"),
    ),
    refused(
        "dynamodb",
        "PutItem",
        "empty key",
        lambda w: {"TableName": "history", "Item": {**KEY, "sk": {"S": ""}}},
        "ValidationException",
        DYNAMODB_LIMITS,
    ),
    refused(
        "dynamodb",
        "PutItem",
        "key of another type",
        lambda w: {"TableName": "history", "Item": {**KEY, "sk": {"N": "1"}}},
        "ValidationException",
        api("dynamodb", "PutItem"),
    ),
    refused(
        "dynamodb",
        "PutItem",
        "more than 400 KB",
        lambda w: {"TableName": "history", "Item": {**KEY, "text": {"S": "x" * 410_000}}},
        "ValidationException",
        DYNAMODB_LIMITS,
    ),
    refused(
        "dynamodb",
        "UpdateItem",
        "reserved word",
        lambda w: update("SET name = :v"),
        "ValidationException",
        guide("amazondynamodb/latest/developerguide/ReservedWords.html"),
    ),
    refused(
        "dynamodb",
        "UpdateItem",
        "the key itself",
        lambda w: update("SET sk = :v"),
        "ValidationException",
        api("dynamodb", "UpdateItem"),
    ),
    refused(
        "dynamodb",
        "UpdateItem",
        "value that nothing uses",
        lambda w: update("REMOVE title"),
        "ValidationException",
        guide(EXPRESSIONS + "ExpressionAttributeValues.html"),
    ),
    refused(
        "dynamodb",
        "UpdateItem",
        "name that is not defined",
        lambda w: update("SET #t = :v"),
        "ValidationException",
        guide(EXPRESSIONS + "ExpressionAttributeNames.html"),
    ),
    refused(
        "dynamodb",
        "Query",
        "index that is not there",
        lambda w: query(IndexName="by-user"),
        "ValidationException",
        api("dynamodb", "Query"),
    ),
    refused(
        "dynamodb",
        "Query",
        "no key",
        lambda w: query(KeyConditionExpression="sk = :p"),
        "ValidationException",
        api("dynamodb", "Query"),
    ),
    refused(
        "dynamodb",
        "Query",
        "filter on the key",
        lambda w: query(FilterExpression="sk = :p"),
        "ValidationException",
        guide("amazondynamodb/latest/developerguide/Query.FilterExpression.html"),
    ),
    refused(
        "dynamodb",
        "BatchWriteItem",
        "26 requests",
        lambda w: {
            "RequestItems": {"history": [{"PutRequest": {"Item": {**KEY, "sk": {"S": f"MSG#{n}"}}}} for n in range(26)]}
        },
        "ValidationException",
        api("dynamodb", "BatchWriteItem"),
    ),
    refused(
        "dynamodb",
        "BatchWriteItem",
        "one item twice",
        lambda w: {"RequestItems": {"history": [{"PutRequest": {"Item": KEY}}, {"DeleteRequest": {"Key": KEY}}]}},
        "ValidationException",
        api("dynamodb", "BatchWriteItem"),
    ),
    refused(
        "dynamodb",
        "TransactWriteItems",
        "one item twice",
        lambda w: {
            "TransactItems": [
                {"Put": {"TableName": "history", "Item": KEY}},
                {"Delete": {"TableName": "history", "Key": KEY}},
            ]
        },
        "ValidationException",
        api("dynamodb", "TransactWriteItems"),
    ),
)
