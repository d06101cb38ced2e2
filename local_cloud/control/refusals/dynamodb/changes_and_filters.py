"""What DynamoDB refuses of changes of a table and of filters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

# A name or its alias, not a function's, and not what follows a dot or a colon.
NAME = re.compile(r"(?<![\w.:#])(#?\w+)(?!\w*\s*\()")
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
