"""DynamoDB tables: identity, encryption and its removal as DescribeTable shows them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call, Proceed, Result, repairs

Record = dict[str, Any]


@repairs("dynamodb", "CreateTable")
def create_table(call: Call, proceed: Proceed) -> Result:
    """A new table has an id of its own, also when an older one had its name."""
    result = proceed()
    shown = result["TableDescription"]
    extra = call.state.kept[shown["TableArn"]] = {"TableId": str(uuid.uuid4())}
    _keep(call, extra)
    return {"TableDescription": _complete(call, shown)}


def _keep(call: Call, extra: Record) -> None:
    if call.get("TableClass"):
        extra["TableClassSummary"] = {"TableClass": call.params["TableClass"]}
    if call.get("BillingMode") == "PAY_PER_REQUEST":
        extra["PayPerRequestSince"] = datetime.now(UTC)
    if call.get("OnDemandThroughput"):
        extra["OnDemandThroughput"] = call.params["OnDemandThroughput"]


def _complete(call: Call, shown: Record) -> Record:
    extra = dict(call.state.kept.get(shown["TableArn"], {}))
    since = extra.pop("PayPerRequestSince", None)
    summary = shown.get("BillingModeSummary") or {}
    if summary.get("BillingMode") == "PAY_PER_REQUEST":
        summary["LastUpdateToPayPerRequestDateTime"] = since or shown["CreationDateTime"]
        # ProvisionedThroughput API reference: 0 in this mode, also where the table had another before.
        shown["ProvisionedThroughput"] |= {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    else:
        # BillingModeSummary: only for tables that were on demand at some time.
        shown.pop("BillingModeSummary", None)
    for empty in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not shown.get(empty):
            shown.pop(empty, None)
    shown.update(extra)
    return shown


@repairs("dynamodb", "DescribeTable")
def describe_table(call: Call, proceed: Proceed) -> Result:
    """The complete description."""
    return {"Table": _complete(call, proceed()["Table"])}


@repairs("dynamodb", "UpdateTable")
def update_table(call: Call, proceed: Proceed) -> Result:
    """moto ignores that encryption with a KMS key is switched on or off."""
    shown = proceed()["TableDescription"]
    if call.get("SSESpecification") is not None:
        table = backend("dynamodb", call.region).tables[shown["TableName"]]
        shown.pop("SSEDescription", None)
        shown.update(_encrypt(call, table, call.params["SSESpecification"]))
    _keep(call, call.state.extra(shown["TableArn"]))
    return {"TableDescription": _complete(call, shown)}


def _encrypt(call: Call, table: Any, specification: Record) -> Record:
    """Set a table's encryption; with no key named it is AWS's own KMS key (SSESpecification API reference)."""
    if not specification.get("Enabled"):
        table.sse_specification = None
        return {}
    key = specification.get("KMSMasterKeyId") or table._get_default_encryption_key(call.account, call.region)
    table.sse_specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    return {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}}


@repairs("dynamodb", "DeleteTable")
def delete_table(call: Call, proceed: Proceed) -> Result:
    """The answer says DELETING; the table is gone with the next call."""
    shown = _complete(call, proceed()["TableDescription"])
    call.state.kept.pop(shown["TableArn"], None)
    shown["TableStatus"] = "DELETING"
    return {"TableDescription": shown}


@repairs("dynamodb", "TagResource")
def tag_resource(call: Call, proceed: Proceed) -> Result:
    """A key that is there gets the new value (API_TagResource); moto would have it twice."""
    keys = [tag["Key"] for tag in call.params["Tags"]]
    backend("dynamodb", call.region).untag_resource(call.params["ResourceArn"], keys)
    return proceed()
