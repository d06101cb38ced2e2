"""apigateway_definition: an API's methods and gateway responses, as one resource."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.api import INVOKE, MOCK, ORIGIN, Api, mock, preflight
from tests.integration.running import ModuleFailed, Runner

MODULE = "apigateway_definition"
PROXY: dict[str, Any] = {"type": "aws_proxy", "uri": INVOKE, "timeout_ms": 29000}
HEADER = "gatewayresponse.header.Access-Control-Allow-Origin"
UNKNOWN = "(known after apply: rest api id)"


@pytest.fixture(autouse=True)
def made(api: Api) -> None:
    api.make()


def post(**more: Any) -> dict[str, Any]:
    return {"http_method": "POST", "authorization_type": "AWS_IAM", "integration": PROXY, **more}


def response(**more: Any) -> dict[str, Any]:
    return {
        "response_type": "DEFAULT_4XX",
        "response_parameters": {HEADER: "'*'"},
        "response_templates": {"application/json": '{"message":$context.error.messageString}'},
        **more,
    }


def whole(api: Api) -> dict[str, Any]:
    return api.define(
        post(),
        post(path="/v1/chat"),
        preflight(),
        gateway_responses=[response(), response(response_type="DEFAULT_5XX")],
    )


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, api: Api) -> None:
    done = run_module.applied(MODULE, whole(api))
    assert done["action"] == "create"
    assert done["definition"]["POST /.integration"] == {
        "type": "AWS_PROXY",
        "uri": INVOKE,
        "integration_http_method": "POST",
        "timeout_ms": 29000,
    }
    assert api.paths() == ["/", "/v1", "/v1/chat"]
    assert run_module.applied(MODULE, {"rest_api_id": api.id, "state": "absent"})["action"] == "delete"
    assert api.paths() == ["/"]


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
    run_module(MODULE, api.define(preflight(), post()))
    done = run_module.applied(MODULE, api.define(preflight(), post(**{option: value})))
    assert (done["action"], list(done["changes"])) == ("update", [f"POST /.{field}"])


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
def test_responses_of_methods_are_exact(run_module: Runner, api: Api, option: str, value: Any) -> None:
    run_module(MODULE, api.define())
    done = run_module.applied(MODULE, api.define(preflight(**{option: value})))
    assert list(done["changes"]) == [f"OPTIONS /.{option}"]
    back = run_module.applied(MODULE, api.define())
    assert list(back["changes"]) == [f"OPTIONS /.{option}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("response_parameters", {HEADER: "'https://chat.corp.example'"}),
        ("response_parameters", {HEADER: "'*'", f"{HEADER}-Again": "'*'"}),
        ("response_templates", {"application/json": "{}"}),
        ("status_code", "418"),
    ],
)
def test_each_difference_of_a_gateway_response_is_corrected(
    run_module: Runner, api: Api, field: str, value: Any
) -> None:
    other = response(response_type="DEFAULT_5XX")
    run_module(MODULE, api.define(gateway_responses=[other, response(status_code="")]))
    done = run_module.applied(MODULE, api.define(gateway_responses=[other, response(**{field: value})]))
    assert list(done["changes"]) == [f"DEFAULT_4XX.{field}"]


def test_what_a_gateway_response_leaves_out_is_kept(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.define(gateway_responses=[response(status_code="418")]))
    changed = response(response_parameters={HEADER: "'x'"})
    del changed["response_templates"]
    done = run_module.applied(MODULE, api.define(gateway_responses=[changed]))
    assert done["definition"]["DEFAULT_4XX.status_code"] == "418"
    assert done["definition"]["DEFAULT_4XX.response_templates"] == response()["response_templates"]


def test_settings_left_out_are_not_managed(run_module: Runner, api: Api) -> None:
    set_before = post(integration={**PROXY, "timeout_ms": 5000, "passthrough_behavior": "NEVER"})
    run_module(MODULE, api.define(set_before, gateway_responses=[response()]))
    run_module.unchanged(MODULE, api.define(post(integration={"type": "aws_proxy", "uri": INVOKE})))
    run_module.unchanged(MODULE, {"rest_api_id": api.id, "gateway_responses": [response()]})


def test_streaming(run_module: Runner, api: Api) -> None:
    uri = INVOKE.replace("2015-03-31", "2021-11-15").replace("invocations", "response-streaming-invocations")
    run_module(MODULE, api.define(post()))
    streamed = {**PROXY, "uri": uri, "response_transfer_mode": "STREAM"}
    done = run_module.applied(MODULE, api.define(post(integration=streamed)))
    assert done["definition"]["POST /.integration"]["response_transfer_mode"] == "STREAM"
    run_module.applied(MODULE, api.define(post(integration={**PROXY, "response_transfer_mode": "BUFFERED"})))


def test_what_somebody_added_is_removed_with_its_resources(run_module: Runner, api: Api) -> None:
    by_hand = [mock("GET"), mock("POST", "/admin/users"), mock("GET", "/admin"), mock("GET", "/v1/chat")]
    wanted = api.define(preflight(), mock("POST", "/v1/chat"), gateway_responses=[response()])
    extra = [response(), response(response_type="THROTTLED", status_code="503")]
    run_module(MODULE, {**wanted, "methods": [*wanted["methods"], *by_hand], "gateway_responses": extra})
    done = run_module.applied(MODULE, wanted)
    assert done["changes"] == {
        "extra_methods": {"before": ["GET /", "GET /admin", "POST /admin/users", "GET /v1/chat"], "after": []},
        "extra_gateway_responses": {"before": ["THROTTLED"], "after": []},
    }
    assert api.paths() == ["/", "/v1", "/v1/chat"]


def test_a_method_that_goes_while_another_comes_and_a_third_stays(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.define(preflight(), mock("GET", "/v1/chat")))
    done = run_module.applied(MODULE, api.define(preflight(), mock("GET", "/v2")))
    fields = {"GET /v2.authorization_type", "GET /v2.api_key_required", "GET /v2.integration"}
    assert (done["action"], set(done["changes"])) == ("update", {"extra_methods", *fields})
    assert api.paths() == ["/", "/v2"]


def test_to_have_nothing_is_a_definition_too(run_module: Runner, api: Api) -> None:
    nothing = {"rest_api_id": api.id, "methods": [], "gateway_responses": []}
    run_module.unchanged(MODULE, nothing)
    run_module(MODULE, whole(api))
    done = run_module.applied(MODULE, nothing)
    assert (done["action"], set(done["changes"])) == ("update", {"extra_methods", "extra_gateway_responses"})


def test_creation_cut_off_before_the_integration_is_finished(run_module: Runner, api: Api) -> None:
    client = api.cloud.client("apigateway")
    root = client.get_resources(restApiId=api.id)["items"][0]["id"]
    client.put_method(restApiId=api.id, resourceId=root, httpMethod="OPTIONS", authorizationType="NONE")
    done = run_module.applied(MODULE, api.define(preflight(), post()))
    assert {field for field in done["changes"] if field.startswith("OPTIONS /")} == {
        "OPTIONS /.integration",
        "OPTIONS /.integration_responses",
        "OPTIONS /.method_responses",
    }


def test_numbers_as_status_codes_are_text(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.define())
    responses = preflight()
    for option in ("method_responses", "integration_responses"):
        responses[option] = {200: responses[option]["200"]}
    run_module.unchanged(MODULE, api.define(responses))


def test_all_faults_are_told_at_once_and_nothing_is_written(run_module: Runner, api: Api) -> None:
    options = api.define(
        preflight(path="chat"),
        preflight(path="/chat/"),
        post(integration={"type": "aws_proxy"}),
        preflight(method_responses={"200": {"headers": {}}}),
        preflight(),
        gateway_responses=[response(), response()],
    )
    api.cloud.forget()
    with pytest.raises(ModuleFailed) as failed:
        run_module(MODULE, options)
    assert str(failed.value) == (
        f"definition of the REST API {api.id}: OPTIONS / is named more than once; DEFAULT_4XX is named more than once; "
        "OPTIONS chat: path must start with / and must not end with it; "
        "OPTIONS /chat/: path must start with / and must not end with it; "
        "POST /: integration: aws_proxy needs uri, the invoke ARN of the function; "
        "OPTIONS /: method_responses: 200 takes response_parameters, response_models and nothing else"
    )
    assert api.cloud.mutations() == []


def test_for_an_api_that_is_only_predicted_or_gone(run_module: Runner, api: Api) -> None:
    assert run_module.checked(MODULE, {**whole(api), "rest_api_id": UNKNOWN})["action"] == "create"
    assert not run_module(MODULE, {"rest_api_id": "gone", "state": "absent"})["changed"]
