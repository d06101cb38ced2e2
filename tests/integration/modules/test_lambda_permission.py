"""lambda_permission: one statement, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.test_lambda_function import NAME, make_by_hand, package, role
from tests.integration.running import Runner

SOURCE = "arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/"
PERMISSION: dict[str, Any] = {
    "function_name": NAME,
    "statement_id": "api-gateway-post",
    "principal": "apigateway.amazonaws.com",
    "source_arn": SOURCE,
}


@pytest.fixture
def function(cloud: Cloud, tmp_path: Path) -> None:
    package(tmp_path / "code.zip")
    make_by_hand(cloud, {"role": role(cloud), "zip_file": str(tmp_path / "code.zip")})


@pytest.mark.usefixtures("function")
def test_added_as_predicted_then_left_alone_then_removed(run_module: Runner, cloud: Cloud) -> None:
    run_module.applied("lambda_permission", PERMISSION)
    policy = json.loads(cloud.client("lambda").get_policy(FunctionName=NAME)["Policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["api-gateway-post"]
    assert run_module.applied("lambda_permission", {**PERMISSION, "state": "absent"})["action"] == "delete"


@pytest.mark.usefixtures("function")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_arn", SOURCE.replace("POST", "GET")),
        ("source_account", "123456789012"),
        ("principal", "events.amazonaws.com"),
        ("source_arn", None),
    ],
)
def test_each_difference_replaces_the_statement(run_module: Runner, field: str, value: str | None) -> None:
    run_module("lambda_permission", PERMISSION)
    done = run_module.applied("lambda_permission", {**PERMISSION, field: value})
    assert (done["action"], list(done["changes"])) == ("update", [field])


@pytest.mark.usefixtures("function")
def test_an_account_is_compared_as_lambda_writes_it(run_module: Runner) -> None:
    account = {"function_name": NAME, "statement_id": "account", "principal": "210987654321"}
    predicted = run_module.checked("lambda_permission", account)
    assert predicted["permission"]["principal"] == "arn:aws:iam::210987654321:root"


@pytest.mark.usefixtures("function")
def test_statements_of_others_are_left_alone(run_module: Runner, cloud: Cloud) -> None:
    client = cloud.client("lambda")
    client.add_permission(
        FunctionName=NAME, StatementId="theirs", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    run_module.applied("lambda_permission", PERMISSION)
    run_module.applied("lambda_permission", {**PERMISSION, "state": "absent"})
    policy = json.loads(client.get_policy(FunctionName=NAME)["Policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["theirs"]


def test_for_a_function_that_is_only_predicted(run_module: Runner) -> None:
    unknown = {**PERMISSION, "source_arn": "(known after apply: rest api execution arn)/*/POST/"}
    assert run_module.checked("lambda_permission", unknown)["action"] == "create"
    assert not run_module("lambda_permission", {**PERMISSION, "state": "absent"})["changed"]
