"""What DynamoDB refuses of indexes, streams and changes of a table."""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "dynamodb"
INVALID = "ValidationException"
PREFLIGHT = "cdk-preflight 1.9.1, "
LOCAL_INDEXES = 5
ONE_OR_MORE = "One or more parameter values were invalid: "
# UpdateTable API reference: at least one of what can be changed.
CHANGEABLE = (
    *("ProvisionedThroughput", "BillingMode", "StreamSpecification", "GlobalSecondaryIndexUpdates"),
    *("SSESpecification", "ReplicaUpdates", "DeletionProtectionEnabled", "TableClass", "OnDemandThroughput"),
    *("WarmThroughput", "MultiRegionConsistency", "GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode"),
)


@refuses(
    "dynamodb-index",
    SERVICE,
    "CreateTable",
    code=INVALID,
    message=ONE_OR_MORE + "{fault}",
    source=PREFLIGHT + "dynamodb-gsi-billing-throughput, -duplicate-index-name, -gsi-projection-nonkey, -lsi-*",
)
def index(call: Call) -> Verdict:
    wide, local = call.get("GlobalSecondaryIndexes") or [], call.get("LocalSecondaryIndexes") or []
    faults = [_name_fault([*wide, *local]), *(_projection_fault(each) for each in [*wide, *local])]
    faults += [_throughput_fault(call, each) for each in wide]
    faults += [_local_fault(call, each) for each in local]
    if len(local) > LOCAL_INDEXES:
        faults.append(f"Number of LocalSecondaryIndexes exceeds per-table limit of {LOCAL_INDEXES}")
    fault = next((each for each in faults if each), None)
    return {"fault": fault} if fault else None


def _name_fault(indexes: list[dict[str, Any]]) -> str | None:
    names = [each.get("IndexName") for each in indexes]
    return next((f"Duplicate index name: {name}" for name in names if names.count(name) > 1), None)


def _projection_fault(one: dict[str, Any]) -> str | None:
    projection = one.get("Projection") or {}
    kind, names = projection.get("ProjectionType"), projection.get("NonKeyAttributes")
    if kind == "INCLUDE" and not names:
        return "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"
    return f"ProjectionType is {kind}, but NonKeyAttributes is specified" if kind != "INCLUDE" and names else None


def _throughput_fault(call: Call, one: dict[str, Any]) -> str | None:
    on_demand, sent = call.get("BillingMode") == "PAY_PER_REQUEST", one.get("ProvisionedThroughput")
    name = one.get("IndexName")
    if on_demand and sent:
        return f"ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
    return None if on_demand or sent else f"ProvisionedThroughput must be specified for index: {name}"


def _local_fault(call: Call, one: dict[str, Any]) -> str | None:
    keys = {each.get("KeyType"): each.get("AttributeName") for each in one.get("KeySchema") or []}
    own = {each.get("KeyType"): each.get("AttributeName") for each in call.get("KeySchema") or []}
    if "RANGE" not in keys:
        return f"Index KeySchema does not have a range key for index: {one.get('IndexName')}"
    if keys.get("HASH") != own.get("HASH"):
        return (
            f"Index KeySchema does not have the same leading hash key as table KeySchema for index: "
            f"{one.get('IndexName')}. index hash key: {keys.get('HASH')}, table hash key: {own.get('HASH')}"
        )
    return None


@refuses(
    "dynamodb-stream",
    SERVICE,
    ["CreateTable", "UpdateTable"],
    code=INVALID,
    message=ONE_OR_MORE + "{fault}",
    source="StreamSpecification API reference, StreamViewType; wording not verified",
)
def stream(call: Call) -> Verdict:
    sent = call.get("StreamSpecification")
    if not sent or bool(sent.get("StreamEnabled")) == bool(sent.get("StreamViewType")):
        return None
    missing = sent.get("StreamEnabled")
    return {
        "fault": "StreamViewType is required when the stream is enabled"
        if missing
        else "StreamViewType must not be specified when the stream is disabled"
    }


@refuses(
    "dynamodb-recovery-days",
    SERVICE,
    "UpdateContinuousBackups",
    code=INVALID,
    message="Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery",
    source=PREFLIGHT + "dynamodb-pitr-recovery-period",
)
def recovery_days(call: Call) -> Verdict:
    sent = call.params["PointInTimeRecoverySpecification"]
    return not sent.get("PointInTimeRecoveryEnabled") and sent.get("RecoveryPeriodInDays") is not None


@refuses(
    "dynamodb-nothing-to-change",
    SERVICE,
    "UpdateTable",
    code=INVALID,
    message="At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
    "SSESpecification or ReplicaUpdates is required",
    source="UpdateTable API reference; as quoted in public error reports",
)
def nothing_to_change(call: Call) -> Verdict:
    return all(call.get(name) is None for name in CHANGEABLE)
