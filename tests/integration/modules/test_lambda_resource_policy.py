"""lambda_resource_policy: all statements of a function's policy, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import drifted, ended, refused
from tests.integration.modules.test_lambda_function import NAME, make_by_hand, package, role
from tests.integration.running import Runner

MODULE = "lambda_resource_policy"
SOURCE = "arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/"
POST: dict[str, Any] = {
    "statement_id": "api-gateway-post",
    "principal": "apigateway.amazonaws.com",
    "source_arn": SOURCE,
}
STREAM: dict[str, Any] = {**POST, "statement_id": "api-gateway-post-stream", "source_arn": f"{SOURCE}stream"}
FIELDS = {"principal", "action", "source_arn", "source_account", "other_conditions"}


def policy(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The options of the module for these statements."""
    return {"function_name": NAME, "statements": list(statements), **more}


GONE = {"function_name": NAME, "state": "absent"}


@pytest.fixture
def function(cloud: Cloud, tmp_path: Path) -> None:
    package(tmp_path / "code.zip")
    make_by_hand(cloud, {"role": role(cloud), "zip_file": str(tmp_path / "code.zip")})


def add_by_hand(cloud: Cloud, sid: str, **more: str) -> None:
    cloud.client("lambda").add_permission(
        **{
            "FunctionName": NAME,
            "StatementId": sid,
            "Action": "lambda:InvokeFunction",
            "Principal": "s3.amazonaws.com",
            **more,
        }
    )


def on_aws(cloud: Cloud) -> set[str]:
    """The ids of the statements that are there."""
    client = cloud.client("lambda")
    try:
        found = json.loads(client.get_policy(FunctionName=NAME)["Policy"])
    except client.exceptions.ResourceNotFoundException:
        return set()
    return {statement["Sid"] for statement in found["Statement"]}


@pytest.mark.usefixtures("function")
def test_added_as_predicted_then_left_alone_then_removed(run_module: Runner, cloud: Cloud) -> None:
    done = run_module.applied(MODULE, policy(POST, STREAM))
    assert done["action"] == "create"
    assert done["policy"]["api-gateway-post.source_arn"] == SOURCE
    assert on_aws(cloud) == {"api-gateway-post", "api-gateway-post-stream"}
    ended(run_module, MODULE, GONE)
    assert on_aws(cloud) == set()


@pytest.mark.usefixtures("function")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_arn", SOURCE.replace("POST", "GET")),
        ("source_account", "123456789012"),
        ("principal", "events.amazonaws.com"),
        ("action", "lambda:GetFunction"),
        ("source_arn", None),
    ],
)
def test_each_difference_replaces_the_statement(
    run_module: Runner, cloud: Cloud, field: str, value: str | None
) -> None:
    run_module(MODULE, policy(POST, STREAM))
    wanted = policy({**POST, field: value}, STREAM)
    drifted(run_module, MODULE, wanted, {f"api-gateway-post.{field}"})
    run_module(MODULE, policy(POST, STREAM))
    cloud.forget()
    run_module(MODULE, wanted)
    assert cloud.mutations() == ["lambda:RemovePermission", "lambda:AddPermission"]


@pytest.mark.usefixtures("function")
def test_a_condition_that_was_added_by_hand_is_a_difference(run_module: Runner, cloud: Cloud) -> None:
    account = {"statement_id": "account", "principal": "arn:aws:iam::210987654321:root"}
    add_by_hand(cloud, "account", Principal=account["principal"], PrincipalOrgID="o-a1b2c3d4e5")
    changes = drifted(run_module, MODULE, policy(account), {"account.other_conditions"})
    assert changes["account.other_conditions"]["before"] == {"aws:principalorgid": "o-a1b2c3d4e5"}


@pytest.mark.usefixtures("function")
def test_an_account_is_compared_as_lambda_writes_it(run_module: Runner) -> None:
    predicted = run_module.checked(MODULE, policy({"statement_id": "account", "principal": "210987654321"}))
    assert predicted["policy"]["account.principal"] == "arn:aws:iam::210987654321:root"


@pytest.mark.usefixtures("function")
def test_other_statements_are_removed(run_module: Runner, cloud: Cloud) -> None:
    run_module(MODULE, policy(POST))
    add_by_hand(cloud, "theirs")
    add_by_hand(cloud, "by-hand")
    changes = drifted(run_module, MODULE, policy(POST), {"extra_statements"})
    assert changes["extra_statements"] == {"before": ["by-hand", "theirs"], "after": []}
    assert on_aws(cloud) == {"api-gateway-post"}


@pytest.mark.usefixtures("function")
def test_an_empty_policy_removes_and_then_finds_nothing_to_do(run_module: Runner, cloud: Cloud) -> None:
    run_module.unchanged(MODULE, policy())
    add_by_hand(cloud, "theirs")
    drifted(run_module, MODULE, policy(), {"extra_statements"})
    assert on_aws(cloud) == set()


@pytest.mark.usefixtures("function")
def test_a_statement_that_is_lacking_is_added_to_the_other(run_module: Runner, cloud: Cloud) -> None:
    run_module(MODULE, policy(STREAM))
    drifted(run_module, MODULE, policy(POST, STREAM), {f"api-gateway-post.{field}" for field in FIELDS})
    assert on_aws(cloud) == {"api-gateway-post", "api-gateway-post-stream"}


@pytest.mark.usefixtures("function")
def test_an_active_function_is_waited_for_only_where_something_is_added(run_module: Runner, cloud: Cloud) -> None:
    def questions(wanted: dict[str, Any]) -> set[str]:
        cloud.forget()
        run_module(MODULE, wanted)
        return {call["operation"] for call in cloud.get("/_local/requests")}

    assert "GetFunction" in questions(policy(POST, STREAM))
    assert "GetFunction" in questions(policy({**POST, "source_arn": None}, STREAM))
    for wanted in (policy(STREAM), policy(STREAM), policy(), GONE):
        assert "GetFunction" not in questions(wanted)


def test_for_a_function_that_is_only_predicted(run_module: Runner) -> None:
    unknown = {**POST, "source_arn": "(known after apply: rest api execution arn)/*/POST/"}
    for name in (NAME, "(known after apply: function arn)"):
        assert run_module.checked(MODULE, policy(unknown, function_name=name))["action"] == "create"
        assert run_module.checked(MODULE, policy(function_name=name))["action"] == "none"
    run_module.unchanged(MODULE, GONE)


@pytest.mark.usefixtures("function")
def test_every_fault_is_told_at_once(run_module: Runner) -> None:
    wrong = (POST, POST, {"statement_id": "nobody"}, {**POST, "statement_id": "no id"})
    words = (
        "api-gateway-post is named more than once",
        "nobody: principal is missing",
        "'no id' is no id of a statement",
    )
    refused(run_module, MODULE, policy(*wrong), "".join(f"(?=.*{each})" for each in words))


@pytest.mark.usefixtures("function")
def test_a_policy_that_was_left_out_is_not_taken_for_an_empty_one(run_module: Runner, cloud: Cloud) -> None:
    add_by_hand(cloud, "theirs")
    for left_out in ({"function_name": NAME}, policy(statements=None)):
        refused(run_module, MODULE, left_out, "statements is missing; for none, give an empty list")
