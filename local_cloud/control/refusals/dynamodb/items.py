"""What DynamoDB refuses of items, keys and expressions, and of indexes and backups that there are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

INVALID = "ValidationException"
SETS = {"SS": "string", "NS": "number", "BS": "binary"}
PARTS = ("Item", "Key", "ExpressionAttributeValues")
LEGACY = (
    "AttributesToGet",
    "AttributeUpdates",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
)
EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)


def _table(call: Call, name: str | None) -> Any:
    return backend("dynamodb", call.region).tables.get(name)


def _values(part: Any) -> Iterator[tuple[str, Any]]:
    """Every typed value below: its type and what it holds."""
    for value in (part or {}).values():
        for kind, held in value.items() if isinstance(value, dict) else ():
            yield kind, held
            nested = held if kind == "M" else dict(enumerate(held)) if kind == "L" else {}
            yield from _values(nested)


def _parts(call: Call) -> Iterator[dict[str, Any]]:
    """Where a request holds typed values: the call itself, a batch's or a transaction's requests."""
    requests = [each for sent in (call.get("RequestItems") or {}).values() if isinstance(sent, list) for each in sent]
    inner = [value for each in [*requests, *(call.get("TransactItems") or [])] for value in each.values()]
    for holder in [call.params, *inner]:
        yield from (holder[name] for name in PARTS if isinstance(holder.get(name), dict))


@refuses(
    "dynamodb-set",
    "dynamodb",
    ["PutItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"],
    code=INVALID,
    message="One or more parameter values were invalid: {fault}",
    source="DynamoDB guide, 'Naming rules and data types', sets: unique elements, none empty; as quoted in public "
    "error reports",
)
def a_set(call: Call) -> Verdict:
    for part in _parts(call):
        for kind, held in _values(part):
            if kind in SETS and not held:
                return {"fault": f"An {SETS[kind]} set may not be empty"}
            if kind in SETS and len(set(held)) < len(held):
                return {"fault": f"Input collection [{', '.join(map(str, held))}] contains duplicates."}
    return None


@refuses(
    "dynamodb-batch-twice",
    "dynamodb",
    ["BatchWriteItem", "BatchGetItem"],
    code=INVALID,
    message="Provided list of item keys contains duplicates",
    source="BatchWriteItem and BatchGetItem API references; as quoted in public error reports",
)
def batch_twice(call: Call) -> Verdict:
    for name, sent in (call.get("RequestItems") or {}).items():
        table = _table(call, name.rpartition("/")[2])
        names = [table.hash_key_attr, table.range_key_attr] if table else []
        keys = sent.get("Keys") or [] if isinstance(sent, dict) else [_key_of(each) for each in sent]
        seen = [json.dumps([key.get(each) for each in names if each], default=str) for key in keys]
        if names and len(set(seen)) < len(seen):
            return True
    return None


def _key_of(request: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = request.get("PutRequest") or request.get("DeleteRequest") or {}
    return sent.get("Item") or sent.get("Key") or {}


@refuses(
    "dynamodb-two-languages",
    "dynamodb",
    ["PutItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Scan"],
    code=INVALID,
    message="Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
    "{{{legacy}}} Expression parameters: {{{expressions}}}",
    source="DynamoDB guide, 'Legacy conditional parameters'; as quoted in public error reports",
)
def two_languages(call: Call) -> Verdict:
    legacy = [name for name in LEGACY if call.get(name)]
    expressions = [name for name in EXPRESSIONS if call.get(name)]
    return {"legacy": ", ".join(legacy), "expressions": ", ".join(expressions)} if legacy and expressions else None


@refuses(
    "dynamodb-select",
    "dynamodb",
    ["Query", "Scan"],
    code=INVALID,
    message="{fault}",
    source="Query API reference, Select; as quoted in public error reports",
)
def select(call: Call) -> Verdict:
    wanted, projected = call.get("Select"), bool(call.get("ProjectionExpression") or call.get("AttributesToGet"))
    if wanted == "SPECIFIC_ATTRIBUTES" and not projected:
        words = "Must specify the AttributesToGet or ProjectionExpression"
        return {"fault": f"{words} when choosing to get {wanted}"}
    if wanted not in (None, "SPECIFIC_ATTRIBUTES") and projected:
        return {"fault": f"Cannot specify the ProjectionExpression when choosing to get {wanted}"}
    if wanted == "ALL_PROJECTED_ATTRIBUTES" and not call.get("IndexName"):
        return {"fault": "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"}
    return None


def _index_changes(call: Call, kind: str) -> list[str]:
    sent = [each.get(kind) for each in call.get("GlobalSecondaryIndexUpdates") or []]
    return [each["IndexName"] for each in sent if each]


@refuses(
    "dynamodb-unknown-index",
    "dynamodb",
    "UpdateTable",
    code="ResourceNotFoundException",
    message="Requested resource not found: index {name} of table {table} not found",
    source="UpdateTable API reference, ResourceNotFoundException; wording not verified",
)
def unknown_index(call: Call) -> Verdict:
    table = _table(call, call.params["TableName"])
    known = {each.name for each in table.global_indexes} if table else set()
    for name in [*_index_changes(call, "Delete"), *_index_changes(call, "Update")] if table else []:
        if name not in known:
            return {"name": name, "table": table.name}
    return None


@refuses(
    "dynamodb-index-taken",
    "dynamodb",
    "UpdateTable",
    code=INVALID,
    message="Attempting to create an index which already exists",
    source="UpdateTable API reference; as quoted in public error reports",
)
def index_taken(call: Call) -> Verdict:
    table = _table(call, call.params["TableName"])
    known = {each.name for each in [*table.global_indexes, *table.indexes]} if table else set()
    return any(name in known for name in _index_changes(call, "Create"))


@refuses(
    "dynamodb-no-recovery",
    "dynamodb",
    "RestoreTableToPointInTime",
    code="PointInTimeRecoveryUnavailableException",
    message="Point in time recovery is not enabled for table '{table}'",
    source="RestoreTableToPointInTime API reference, PointInTimeRecoveryUnavailableException; wording from memory",
)
def no_recovery(call: Call) -> Verdict:
    table = _table(call, call.get("SourceTableName") or (call.get("SourceTableArn") or "").rpartition("/")[2])
    shown = table.continuous_backups.get("PointInTimeRecoveryDescription") or {} if table else {}
    return {"table": table.name} if table and shown.get("PointInTimeRecoveryStatus") != "ENABLED" else None
