"""apigateway_method: a method with its integration and responses, as one resource."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.api import INVOKE, MOCK, ORIGIN, Api
from tests.integration.running import ModuleFailed, Runner

MODULE = "apigateway_method"
PROXY: dict[str, Any] = {"type": "aws_proxy", "uri": INVOKE, "timeout_ms": 29000}


@pytest.fixture(autouse=True)
def made(api: Api) -> None:
    api.make()


def post(api: Api, **more: Any) -> dict[str, Any]:
    return {
        "rest_api_id": api.id,
        "http_method": "POST",
        "authorization_type": "AWS_IAM",
        "integration": PROXY,
        **more,
    }


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, api: Api) -> None:
    done = run_module.applied(MODULE, post(api))
    assert done["action"] == "create"
    assert done["method"]["integration"] == {
        "type": "AWS_PROXY",
        "uri": INVOKE,
        "integration_http_method": "POST",
        "timeout_ms": 29000,
    }
    assert run_module.applied(MODULE, post(api, state="absent"))["action"] == "delete"


@pytest.mark.parametrize(
    ("option", "value", "field"),
    [
        ("authorization_type", "NONE", "authorization_type"),
        ("api_key_required", True, "api_key_required"),
        ("integration", {**PROXY, "uri": INVOKE.replace("Chatbot", "Other")}, "integration"),
        ("integration", {**PROXY, "timeout_ms": 5000}, "integration"),
        ("integration", MOCK, "integration"),
    ],
)
def test_each_difference_is_corrected_and_named(
    run_module: Runner, api: Api, option: str, value: Any, field: str
) -> None:
    run_module(MODULE, post(api))
    done = run_module.applied(MODULE, post(api, **{option: value}))
    assert (done["action"], list(done["changes"])) == ("update", [field])


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("method_responses", {"200": {"response_parameters": {ORIGIN: True}}, "400": {}}),
        (
            "method_responses",
            {"200": {"response_parameters": {ORIGIN: True}, "response_models": {"text/plain": "Empty"}}},
        ),
        ("integration_responses", {"200": {"response_parameters": {ORIGIN: "'https://chat.corp.example'"}}}),
        ("integration_responses", {"200": {"response_templates": {"application/json": "{}"}}}),
    ],
)
def test_responses_are_exact(run_module: Runner, api: Api, option: str, value: Any) -> None:
    run_module(MODULE, api.method())
    done = run_module.applied(MODULE, api.method(**{option: value}))
    assert list(done["changes"]) == [option]
    back = run_module.applied(MODULE, api.method())
    assert list(back["changes"]) == [option]


def test_settings_left_out_are_not_managed(run_module: Runner, api: Api) -> None:
    run_module(MODULE, post(api, integration={**PROXY, "timeout_ms": 5000, "passthrough_behavior": "NEVER"}))
    run_module.unchanged(MODULE, post(api, integration={"type": "aws_proxy", "uri": INVOKE}))


def test_streaming(run_module: Runner, api: Api) -> None:
    uri = INVOKE.replace("2015-03-31", "2021-11-15").replace("invocations", "response-streaming-invocations")
    run_module(MODULE, post(api))
    streamed = {**PROXY, "uri": uri, "response_transfer_mode": "STREAM"}
    done = run_module.applied(MODULE, post(api, integration=streamed))
    assert done["method"]["integration"]["response_transfer_mode"] == "STREAM"
    run_module.applied(MODULE, post(api, integration={**PROXY, "response_transfer_mode": "BUFFERED"}))


def test_resources_on_the_way_are_made_and_removed(run_module: Runner, api: Api) -> None:
    for method in ("GET", "POST"):
        run_module.applied(MODULE, post(api, http_method=method, path="/v1/chat", integration=MOCK))
    run_module.applied(MODULE, post(api, path="/v1/chat", state="absent"))
    assert paths(api) == ["/", "/v1", "/v1/chat"]
    run_module.applied(MODULE, post(api, http_method="GET", path="/v1/chat", state="absent"))
    assert paths(api) == ["/"]


def paths(api: Api) -> list[str]:
    return sorted(item["path"] for item in api.cloud.client("apigateway").get_resources(restApiId=api.id)["items"])


def test_creation_cut_off_before_the_integration_is_finished(run_module: Runner, api: Api) -> None:
    client = api.cloud.client("apigateway")
    root = client.get_resources(restApiId=api.id)["items"][0]["id"]
    client.put_method(restApiId=api.id, resourceId=root, httpMethod="OPTIONS", authorizationType="NONE")
    done = run_module.applied(MODULE, api.method())
    assert list(done["changes"]) == ["integration", "integration_responses", "method_responses"]


def test_numbers_as_status_codes_are_text(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.method())
    responses = api.method()
    for option in ("method_responses", "integration_responses"):
        responses[option] = {200: responses[option]["200"]}
    run_module.unchanged(MODULE, responses)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": "chat"}, "must start with /"),
        ({"path": "/chat/"}, "must not end with it"),
        ({"integration": {"type": "aws_proxy"}}, "aws_proxy needs uri"),
        ({"method_responses": {"200": {"headers": {}}}}, "method_responses: 200 takes response_parameters"),
    ],
)
def test_options_that_are_wrong_are_refused(run_module: Runner, api: Api, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ModuleFailed, match=words):
        run_module(MODULE, api.method(**options), check=True)


def test_for_an_api_that_is_only_predicted(run_module: Runner, api: Api) -> None:
    unknown = post(api, rest_api_id="(known after apply: rest api id)")
    assert run_module.checked(MODULE, unknown)["action"] == "create"
    assert not run_module(MODULE, post(api, rest_api_id="gone", state="absent"))["changed"]
