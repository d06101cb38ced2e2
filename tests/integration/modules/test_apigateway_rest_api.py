"""apigateway_rest_api: the API itself, whose it is, and stages that nobody asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.api import Api
from tests.integration.running import ModuleFailed, Runner

MODULE = "apigateway_rest_api"


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, api: Api) -> None:
    predicted = run_module.checked(MODULE, api.options())
    assert predicted["rest_api"]["id"] == "(known after apply: rest api id)"
    done = run_module.applied(MODULE, api.options())
    found = done["rest_api"]
    assert found["execution_arn"] == f"arn:aws:execute-api:ap-northeast-1:123456789012:{found['id']}"
    assert run_module.applied(MODULE, api.options(state="absent"))["action"] == "delete"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "another"),
        ("minimum_compression_size", 1024),
        ("disable_execute_api_endpoint", True),
        ("tags", {"Team": "other", "More": "1"}),
    ],
)
def test_each_difference_is_corrected_and_named(run_module: Runner, api: Api, field: str, value: Any) -> None:
    run_module(MODULE, api.options())
    done = run_module.applied(MODULE, api.options(**{field: value}))
    assert (done["action"], list(done["changes"])) == ("update", [field])


def test_compression_is_turned_off_again(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.options(minimum_compression_size=0))
    done = run_module.applied(MODULE, api.options(minimum_compression_size=-1))
    assert done["changes"] == {"minimum_compression_size": {"before": 0, "after": -1}}


def test_endpoints_are_exact(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.options())
    moved = run_module.applied(MODULE, api.options(vpc_endpoint_ids=api.endpoints[1:]))
    assert moved["rest_api"]["vpc_endpoint_ids"] == api.endpoints[1:]
    assert moved["rest_api"]["endpoint_types"] == ["PRIVATE"]
    both = run_module.applied(MODULE, api.options(vpc_endpoint_ids=api.endpoints))
    assert both["rest_api"]["vpc_endpoint_ids"] == sorted(api.endpoints)


def test_a_regional_api_becomes_private(run_module: Runner, api: Api) -> None:
    run_module(MODULE, api.options(endpoint_types=["REGIONAL"], vpc_endpoint_ids=None))
    done = run_module.applied(MODULE, api.options(vpc_endpoint_ids=None))
    assert done["changes"] == {"endpoint_types": {"before": ["REGIONAL"], "after": ["PRIVATE"]}}


def test_stages_added_by_hand_are_deleted(run_module: Runner, api: Api) -> None:
    api.make_deployable()
    client = api.cloud.client("apigateway")
    for name in ("prod", "by-hand"):
        client.create_deployment(restApiId=api.id, stageName=name)
    run_module.unchanged(MODULE, api.options())
    done = run_module.applied(MODULE, api.options(stages=["prod"]))
    assert done["changes"] == {"extra_stages": {"before": ["by-hand"], "after": []}}


def test_options_left_out_are_not_managed(run_module: Runner, api: Api) -> None:
    api.make()
    run_module.unchanged(MODULE, {"name": "ChatbotApiTest"})


def test_foreign_api_is_refused_then_adopted(run_module: Runner, api: Api) -> None:
    made = api.cloud.client("apigateway").create_rest_api(
        name="ChatbotApiTest", endpointConfiguration={"types": ["PRIVATE"]}
    )
    with pytest.raises(ModuleFailed, match=r"not made by this deployment.*vpc_endpoint_ids"):
        run_module(MODULE, api.options())
    assert not run_module(MODULE, api.options(state="absent"))["changed"]
    adopted = run_module.applied(MODULE, api.options(adopt=True))
    assert adopted["rest_api"]["id"] == made["id"]


def test_two_namesakes_are_refused_but_ours_is_known(run_module: Runner, api: Api) -> None:
    client = api.cloud.client("apigateway")
    for _number in range(2):
        client.create_rest_api(name="ChatbotApiTest")
    with pytest.raises(ModuleFailed, match="several APIs have this name"):
        run_module(MODULE, api.options(), check=True)
    run_module.unchanged(MODULE, api.options(state="absent"))
    ours = client.create_rest_api(name="ChatbotApiTest", tags={"private-rag:deployment": "chatbot-test"})["id"]
    assert run_module(MODULE, api.options())["rest_api"]["id"] == ours


def test_more_than_one_type_is_refused(run_module: Runner, api: Api) -> None:
    with pytest.raises(ModuleFailed, match="endpoint_types takes exactly one type"):
        run_module(MODULE, api.options(endpoint_types=["PRIVATE", "EDGE"]))
