"""apigateway_stage: deployed exactly when the definition changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.modules.api import MOCK, ORIGIN, Api, mock, policy, preflight
from tests.integration.running import ModuleFailed, Runner

MODULE = "apigateway_stage"


@pytest.fixture(autouse=True)
def made(api: Api) -> None:
    api.make_deployable()


def stage(api: Api, **more: Any) -> dict[str, Any]:
    return {
        "rest_api_id": api.id,
        "name": "prod",
        "description": "live",
        "throttling_rate_limit": 20,
        "throttling_burst_limit": 40,
        "metrics_enabled": True,
        "logging_level": "OFF",
        "tags": {"Team": "search"},
        "deployment": "chatbot-test",
        **more,
    }


def deployments(api: Api) -> list[str]:
    items = api.cloud.client("apigateway").get_deployments(restApiId=api.id)["items"]
    return [item["id"] for item in sorted(items, key=lambda item: item["createdDate"])]


def test_deployed_as_predicted_then_left_alone_then_deleted(run_module: Runner, api: Api) -> None:
    done = run_module.applied(MODULE, stage(api))
    assert done["action"] == "create"
    assert done["stage"]["invoke_url"] == f"https://{api.id}.execute-api.ap-northeast-1.amazonaws.com/prod/"
    assert deployments(api) == [done["stage"]["deployment_id"]]
    live = api.cloud.get(f"/_local/apigateway/{api.id}/prod")
    assert list(live["resources"]["/"]) == ["OPTIONS"]
    run_module.applied(MODULE, stage(api, state="absent"))
    assert deployments(api) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "another"),
        ("throttling_rate_limit", 10),
        ("throttling_burst_limit", 10),
        ("metrics_enabled", False),
        ("tags", {"Team": "other", "More": "1"}),
    ],
)
def test_a_changed_setting_is_corrected_without_a_deployment(
    run_module: Runner, api: Api, field: str, value: Any
) -> None:
    run_module(MODULE, stage(api))
    done = run_module.applied(MODULE, stage(api, **{field: value}))
    assert (done["action"], list(done["changes"])) == ("update", [field])
    assert len(deployments(api)) == 1


def defined(**options: Any) -> Callable[[Api], Any]:
    return lambda api: api.run("apigateway_definition", api.define(preflight(**options)))


CHANGES: dict[str, Any] = {
    "method": lambda api: api.run("apigateway_definition", api.define(preflight(), mock("GET", "/v1"))),
    "authorization": defined(authorization_type="AWS_IAM"),
    "integration": defined(integration={**MOCK, "timeout_ms": 5000}),
    "response": defined(integration_responses={"200": {"response_parameters": {ORIGIN: "'x'"}}}),
    "gateway response": lambda api: api.run(
        "apigateway_definition",
        api.define(gateway_responses=[{"response_type": "DEFAULT_5XX", "status_code": "503"}]),
    ),
    "policy": lambda api: api.run(
        "apigateway_resource_policy", {"rest_api_id": api.id, "policy": policy("execute-api:/prod/*")}
    ),
    "endpoints": lambda api: api.run("apigateway_rest_api", api.options(vpc_endpoint_ids=api.endpoints)),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_changed_definition_is_deployed(run_module: Runner, api: Api, what: str) -> None:
    first = run_module(MODULE, stage(api))["stage"]
    CHANGES[what](api)
    done = run_module.applied(MODULE, stage(api))
    assert list(done["changes"]) == ["definition"]
    assert done["stage"]["deployment_id"] != first["deployment_id"]


def test_what_is_changed_back_is_not_deployed(run_module: Runner, api: Api) -> None:
    run_module(MODULE, stage(api))
    CHANGES["authorization"](api)
    api.run("apigateway_definition", api.define())
    run_module.unchanged(MODULE, stage(api))


def test_a_name_or_a_tag_of_the_api_is_no_reason_to_deploy(run_module: Runner, api: Api) -> None:
    run_module(MODULE, stage(api))
    api.run("apigateway_rest_api", api.options(description="another", tags={}))
    run_module.unchanged(MODULE, stage(api))


def test_a_deployment_by_hand_is_replaced(run_module: Runner, api: Api) -> None:
    run_module(MODULE, stage(api))
    by_hand = api.cloud.client("apigateway").create_deployment(restApiId=api.id, stageName="prod")["id"]
    done = run_module.applied(MODULE, stage(api))
    assert done["changes"]["definition"]["before"] == ""
    assert by_hand in deployments(api)
    assert done["stage"]["deployment_id"] != by_hand


def test_a_change_by_an_earlier_task_is_deployed_as_predicted(run_module: Runner, api: Api) -> None:
    run_module(MODULE, stage(api))
    predicted = run_module.checked(MODULE, stage(api, redeploy=True))
    assert predicted["changes"]["definition"]["after"] == "(known after apply: definition)"
    done = run_module(MODULE, stage(api, redeploy=True))
    assert (done["action"], list(done["changes"])) == ("update", ["definition"])
    assert len(deployments(api)) == 2
    run_module.unchanged(MODULE, stage(api))


def test_superseded_deployments_are_deleted_but_not_those_in_use(run_module: Runner, api: Api) -> None:
    other = run_module(MODULE, stage(api, name="other"))["stage"]["deployment_id"]
    by_hand = api.cloud.client("apigateway").create_deployment(restApiId=api.id, description="by hand")["id"]
    for number in range(4):
        defined(integration={**MOCK, "timeout_ms": 5000 + number})(api)
        current = run_module(MODULE, stage(api, keep_deployments=1))["stage"]["deployment_id"]
    left = deployments(api)
    assert len(left) == 4
    assert {other, by_hand, current} < set(left)


def test_a_private_api_without_a_policy_is_refused_by_aws(run_module: Runner, api: Api) -> None:
    run_module("apigateway_resource_policy", {"rest_api_id": api.id, "state": "absent"})
    with pytest.raises(ModuleFailed, match="CreateDeployment was refused: Private REST API doesn't have"):
        run_module(MODULE, stage(api))


def test_foreign_stage_is_refused_then_adopted(run_module: Runner, api: Api) -> None:
    api.cloud.client("apigateway").create_deployment(restApiId=api.id, stageName="prod")
    with pytest.raises(ModuleFailed, match="stage prod exists already and was not made by this deployment"):
        run_module(MODULE, stage(api))
    assert not run_module(MODULE, stage(api, state="absent"))["changed"]
    run_module.applied(MODULE, stage(api, adopt=True))


def test_for_an_api_that_is_only_predicted(run_module: Runner, api: Api) -> None:
    predicted = run_module.checked(MODULE, stage(api, rest_api_id="(known after apply: rest api id)"))
    assert predicted["stage"]["deployment_id"] == "(known after apply: deployment id)"
    assert predicted["stage"]["definition"] == "(known after apply: definition)"
