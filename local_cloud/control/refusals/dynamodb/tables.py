"""What DynamoDB refuses of a table's name, keys and settings."""

from __future__ import annotations

import re

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

PREFLIGHT = "cdk-preflight 1.9.1, "
BAD_TABLE = "ValidationException"


@refuses(
    "dynamodb-encryption",
    "dynamodb",
    ["CreateTable", "UpdateTable"],
    code=BAD_TABLE,
    message="One or more parameter values were invalid: {fault}",
    source=PREFLIGHT + "dynamodb-sse-type",
)
def encryption(call: Call) -> Verdict:
    sent = call.get("SSESpecification") or {}
    if sent.get("SSEType") and not sent.get("Enabled"):
        return {"fault": "SSEType can not be specified if Enabled is false"}
    kind = sent.get("SSEType")
    return {"fault": f"SSEType {kind} is not supported"} if kind not in (None, "KMS") else None


@refuses(
    "dynamodb-on-demand-throughput",
    "dynamodb",
    "CreateTable",
    code=BAD_TABLE,
    message="One or more parameter values were invalid: {fault}",
    source=PREFLIGHT + "dynamodb-ondemand-throughput-billing and -billing-throughput; localstack/localstack, "
    "test_dynamodb_pay_per_request",
)
def on_demand_throughput(call: Call) -> Verdict:
    on_demand, units = call.get("BillingMode") == "PAY_PER_REQUEST", call.get("ProvisionedThroughput")
    if on_demand and units:
        words = "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        return {"fault": words}
    if not on_demand and call.get("OnDemandThroughput"):
        return {"fault": "OnDemandThroughput can't be used with PROVISIONED BillingMode"}
    words = "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
    return None if on_demand or units else {"fault": words}


@refuses(
    "dynamodb-attribute-definitions",
    "dynamodb",
    "CreateTable",
    code=BAD_TABLE,
    message="{fault}",
    source=PREFLIGHT + "dynamodb-duplicate-attribute-definitions and -attribute-definitions-usage",
)
def attribute_definitions(call: Call) -> Verdict:
    names = [each.get("AttributeName") for each in call.get("AttributeDefinitions") or []]
    if len(set(names)) < len(names):
        return {"fault": "An attribute appears more than once in AttributeDefinitions"}
    schemas = [call.get("KeySchema") or []]
    schemas += [each.get("KeySchema") or [] for each in call.get("GlobalSecondaryIndexes") or []]
    schemas += [each.get("KeySchema") or [] for each in call.get("LocalSecondaryIndexes") or []]
    used = {key.get("AttributeName") for schema in schemas for key in schema}
    words = "Number of attributes in KeySchema does not exactly match number of attributes defined in"
    fault = f"One or more parameter values were invalid: {words} AttributeDefinitions"
    return {"fault": fault} if set(names) - used else None


@refuses(
    "dynamodb-ttl-of-another-attribute",
    "dynamodb",
    "UpdateTimeToLive",
    code=BAD_TABLE,
    message="TimeToLive is active on a different AttributeName: current AttributeName is {name}",
    source="as quoted in public error reports",
)
def ttl_of_another_attribute(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    known = table.ttl if table is not None else {}
    sent = call.params["TimeToLiveSpecification"]
    active = known.get("TimeToLiveStatus") == "ENABLED" and known.get("AttributeName")
    return {"name": active} if active and sent.get("AttributeName") != active else None


@refuses(
    "dynamodb-table-name",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    source="CreateTable API reference, TableName (boto3's model has the pattern of ARNs); localstack/localstack",
)
def table_name(call: Call) -> Verdict:
    name = call.params["TableName"]
    return None if re.fullmatch("[a-zA-Z0-9_.-]+", name) else {"name": name}


@refuses(
    "dynamodb-table-name-length",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="TableName must be at least 3 characters long and at most 255 characters long",
    source="CreateTable API reference, TableName; as quoted in public error reports",
)
def table_name_length(call: Call) -> Verdict:
    return not 3 <= len(call.params["TableName"]) <= 255


@refuses(
    "dynamodb-key-schema",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="Invalid KeySchema: {fault}",
    source="CreateTable API reference, KeySchema; as quoted in public error reports",
)
def key_schema(call: Call) -> Verdict:
    kinds = [each.get("KeyType") for each in call.get("KeySchema") or []]
    if kinds[:1] != ["HASH"]:
        return {"fault": "The first KeySchemaElement is not a HASH key type"}
    return (
        {"fault": "The second KeySchemaElement is not a RANGE key type"} if kinds[1:] not in ([], ["RANGE"]) else None
    )


@refuses(
    "dynamodb-deletion-protection",
    "dynamodb",
    "DeleteTable",
    code="ValidationException",
    message="Resource cannot be deleted as it is currently protected against deletion. "
    "Disable deletion protection first.",
    source="DynamoDB guide, 'Using deletion protection'; wording from memory",
)
def deletion_protection(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    return table is not None and bool(table.deletion_protection_enabled)


@refuses(
    "dynamodb-ttl-twice",
    "dynamodb",
    "UpdateTimeToLive",
    code="ValidationException",
    message="TimeToLive is already {state}",
    source="as quoted in public error reports",
)
def ttl_twice(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    wanted = bool(call.params["TimeToLiveSpecification"]["Enabled"])
    if table is None or (table.ttl.get("TimeToLiveStatus") == "ENABLED") != wanted:
        return None
    return {"state": "enabled" if wanted else "disabled"}
