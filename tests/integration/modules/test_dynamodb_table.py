"""dynamodb_table: every field, keys that cannot change, protection, ownership."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended, refused
from tests.integration.running import Runner

MODULE, NAME = "dynamodb_table", "ChatHistoryTest"
TABLE: dict[str, Any] = {
    "name": NAME,
    "billing_mode": "PAY_PER_REQUEST",
    "ttl_attribute": "ttl",
    "point_in_time_recovery": True,
    "sse_kms_key_id": "alias/aws/dynamodb",
    "deletion_protection": True,
    "deployment": DEPLOYMENT,
}


def test_drift(cloud: Cloud, run_module: Runner) -> None:
    arn = run_module.applied(MODULE, TABLE)["table"]["arn"]
    dynamodb = cloud.client("dynamodb")
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    dynamodb.update_table(TableName=NAME, BillingMode="PROVISIONED", ProvisionedThroughput=throughput)
    dynamodb.update_table(TableName=NAME, DeletionProtectionEnabled=False)
    off = {"PointInTimeRecoveryEnabled": False}
    dynamodb.update_continuous_backups(TableName=NAME, PointInTimeRecoverySpecification=off)
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "by", "Value": "hand"}])
    fields = {"billing_mode", "deletion_protection", "point_in_time_recovery", "tags"}
    drifted(run_module, MODULE, TABLE, fields)


def test_encryption_by_a_key_of_ones_own_and_without(cloud: Cloud, run_module: Runner) -> None:
    key = cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    made = run_module.applied(MODULE, {**TABLE, "sse_kms_key_id": key})
    assert made["table"]["sse_kms_key_id"] == key
    drifted(run_module, MODULE, {**TABLE, "sse_kms_key_id": ""}, {"sse_kms_key_id"})


def test_expiry_and_capacity(run_module: Runner) -> None:
    capacity = {"billing_mode": "PROVISIONED", "read_capacity": 2, "write_capacity": 3}
    run_module.applied(MODULE, {**TABLE, **capacity, "ttl_attribute": ""})
    drifted(run_module, MODULE, {**TABLE, **capacity, "ttl_attribute": "ttl"}, {"ttl_attribute"})
    drifted(run_module, MODULE, {**TABLE, **capacity, "read_capacity": 4}, {"read_capacity"})


def test_another_expiry_attribute_takes_two_runs(run_module: Runner) -> None:
    run_module(MODULE, TABLE)
    other = {**TABLE, "ttl_attribute": "expires"}
    with pytest.raises(AssertionError, match="up to an hour before another attribute"):
        run_module(MODULE, other)
    assert run_module.checked(MODULE, other)["changes"] == {"ttl_attribute": {"before": "", "after": "expires"}}


def test_other_keys_are_refused_with_what_to_do(cloud: Cloud, run_module: Runner) -> None:
    names = ("session_id", "timestamp")
    cloud.client("dynamodb").create_table(
        TableName=NAME,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ],
    )
    words = r"has the keys session_id \(HASH S\) and timestamp \(RANGE S\), but pk .* Choose another name"
    refused(run_module, MODULE, TABLE, words)


def test_one_key_of_another_type(run_module: Runner) -> None:
    plain = {"name": NAME, "hash_key": "id", "range_key": "", "attributes": {"id": "N"}}
    assert run_module.applied(MODULE, plain)["table"]["keys"] == {"id": "HASH N"}


def test_a_creation_cut_off_is_finished(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, {**TABLE, "ttl_attribute": None, "point_in_time_recovery": None})
    drifted(run_module, MODULE, TABLE, {"ttl_attribute", "point_in_time_recovery"})


def test_protected_until_forced(run_module: Runner) -> None:
    run_module(MODULE, {**TABLE, "deployment": None})
    adopted(run_module, MODULE, TABLE)
    refused(run_module, MODULE, {**TABLE, "state": "absent"}, "Set force: true")
    ended(run_module, MODULE, {**TABLE, "force": True})
