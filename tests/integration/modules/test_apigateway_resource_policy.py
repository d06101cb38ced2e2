"""apigateway_resource_policy: who may call an API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.modules.api import Api, policy
from tests.integration.running import ModuleFailed, Runner

POLICY = "apigateway_resource_policy"


@pytest.fixture(autouse=True)
def made(api: Api) -> None:
    api.make()


def test_policy_is_written_as_predicted_then_left_alone_then_removed(run_module: Runner, api: Api) -> None:
    options = {"rest_api_id": api.id, "policy": policy()}
    assert run_module.applied(POLICY, options)["action"] == "create"
    assert run_module.applied(POLICY, {"rest_api_id": api.id, "state": "absent"})["action"] == "delete"


@pytest.mark.parametrize(
    "other",
    [
        policy("execute-api:/prod/POST/"),
        policy(principal={"AWS": "arn:aws:iam::123456789012:role/ecs-task-role-sg"}),
        {**policy(), "Statement": [*policy()["Statement"], *policy("execute-api:/prod/*")["Statement"]]},
    ],
)
def test_a_policy_that_means_something_else_is_corrected(run_module: Runner, api: Api, other: dict[str, Any]) -> None:
    run_module(POLICY, {"rest_api_id": api.id, "policy": policy()})
    done = run_module.applied(POLICY, {"rest_api_id": api.id, "policy": other})
    assert list(done["changes"]) == ["policy"]


def test_spellings_of_one_policy_are_the_same(run_module: Runner, api: Api) -> None:
    full = f"arn:aws:execute-api:ap-northeast-1:123456789012:{api.id}/*"
    written = json.dumps(policy(full, {"AWS": ["*"]}))
    api.cloud.client("apigateway").update_rest_api(
        restApiId=api.id, patchOperations=[{"op": "replace", "path": "/policy", "value": written}]
    )
    run_module.unchanged(POLICY, {"rest_api_id": api.id, "policy": policy()})


def test_for_an_api_that_is_only_predicted(run_module: Runner, api: Api) -> None:
    unknown = "(known after apply: rest api id)"
    assert run_module.checked(POLICY, {"rest_api_id": unknown, "policy": policy()})["action"] == "create"


def test_of_an_api_that_is_gone_nothing_is_left_to_remove(run_module: Runner, api: Api) -> None:
    assert not run_module(POLICY, {"rest_api_id": "gone", "state": "absent"})["changed"]


def test_a_policy_is_required(run_module: Runner, api: Api) -> None:
    with pytest.raises(ModuleFailed, match="state is present but all of the following are missing: policy"):
        run_module(POLICY, {"rest_api_id": api.id})
