"""dynamodb_query_info: one partition of a table as plain data."""

from __future__ import annotations

import pytest

from tests.integration.cloud import Cloud
from tests.integration.running import ModuleFailed, Runner

QUERY = {"table": "History", "key": "pk", "value": "one"}


def test_items_of_the_partition_come_back_in_order(run_module: Runner, cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(
        TableName="History",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )
    for pk, sk in (("one", "b"), ("one", "a"), ("two", "c")):
        item = {"pk": {"S": pk}, "sk": {"S": sk}, "ttl": {"N": "17"}, "list": {"L": [{"BOOL": True}, {"NULL": True}]}}
        dynamodb.put_item(TableName="History", Item=item)
    result = run_module("dynamodb_query_info", QUERY)
    assert not result["changed"]
    assert [item["sk"] for item in result["items_found"]] == ["a", "b"]
    assert result["items_found"][0] == {"pk": "one", "sk": "a", "ttl": "17", "list": [True, None]}


def test_a_table_that_does_not_exist_is_one_message(run_module: Runner) -> None:
    with pytest.raises(ModuleFailed, match="Could not read the table History: Query was refused"):
        run_module("dynamodb_query_info", QUERY)
