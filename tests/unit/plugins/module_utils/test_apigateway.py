# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A REST API's definition and its fingerprint, its methods, its policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway_method as method
from ansible_collections.private_rag.aws.plugins.module_utils._apigateway_resources import leads_to
from ansible_collections.private_rag.aws.plugins.modules.apigateway_rest_api import patches_for, type_patch

API = "a1b2c3d4e5"
FULL = f"arn:aws:execute-api:ap-northeast-1:123456789012:{API}"


class Pages:
    """A client whose paginators return these items, by operation."""

    def __init__(self, **items: list[dict[str, Any]]) -> None:
        self.items = items

    def get_paginator(self, operation: str) -> Pages:
        self.asked = operation
        return self

    def paginate(self, **_parameters: Any) -> Pages:
        return self

    def build_full_result(self) -> dict[str, Any]:
        return {"items": self.items[self.asked]}


class Client(Pages):
    """An API with one method, as GetRestApi and GetResources show it."""

    def __init__(self, api: dict[str, Any], post: dict[str, Any], responses: list[dict[str, Any]]) -> None:
        resources = [{"id": "r1", "path": "/", "resourceMethods": {"POST": post}}]
        super().__init__(get_resources=resources, get_gateway_responses=responses)
        self.api = api

    def get_rest_api(self, **parameters: Any) -> dict[str, Any]:
        return {"id": parameters["restApiId"], "ResponseMetadata": {"RequestId": "1"}, **self.api}


def print_of(api: Any = None, post: Any = None, responses: Any = None) -> str:
    whole = {"endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["b", "a"]}, **(api or {})}
    client = Client(whole, post or {"authorizationType": "AWS_IAM"}, responses or [])
    return gateway.fingerprint(gateway.definition(client, API))


def policy(resource: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "same",
    [
        {"api": {"endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["a", "b"]}}},
        {"api": {"description": "another", "tags": {"a": "b"}, "createdDate": "2026-11-23"}},
        {"post": {"authorizationType": "AWS_IAM", "methodIntegration": None}},
        {"responses": [{"responseType": "DEFAULT_4XX", "defaultResponse": True}]},
    ],
)
def test_what_does_not_change_the_definition(same: dict[str, Any]):
    assert print_of(**same) == print_of()


@pytest.mark.parametrize(
    "other",
    [
        {"api": {"endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["a"]}}},
        {"api": {"policy": policy("execute-api:/*")}},
        {"api": {"minimumCompressionSize": 0}},
        {"post": {"authorizationType": "NONE"}},
        {"post": {"authorizationType": "AWS_IAM", "methodResponses": {"200": {"statusCode": "200"}}}},
        {"responses": [{"responseType": "DEFAULT_4XX", "statusCode": "400", "defaultResponse": False}]},
    ],
)
def test_what_changes_the_definition(other: dict[str, Any]):
    assert print_of(**other) != print_of()


def test_ids_of_a_method_made_again_do_not_count():
    one = {"authorizationType": "NONE", "methodIntegration": {"type": "MOCK", "cacheNamespace": "r1"}}
    two = {"authorizationType": "NONE", "methodIntegration": {"type": "MOCK", "cacheNamespace": "r9"}}
    assert print_of(post=one) == print_of(post=two)


@pytest.mark.parametrize(
    "written", [policy("execute-api:/*"), policy(f"{FULL}/*"), policy(f"{FULL}/*").replace('"', '\\"')]
)
def test_spellings_of_one_policy(written: str):
    assert gateway.canonical_api_policy(written, API)["Statement"][0]["Resource"] == ["execute-api:/*"]


def test_another_apis_arn_stays_as_it_is():
    other = FULL.replace(API, "zzzzzzzzzz")
    assert gateway.canonical_api_policy(policy(f"{other}/*"), API)["Statement"][0]["Resource"] == [f"{other}/*"]
    assert gateway.canonical_api_policy(None, API) is None


def test_what_an_integration_leaves_out_has_its_default():
    found = {"type": "MOCK", "requestTemplates": {"application/json": None}, "timeoutInMillis": 5000}
    fields = {"type", "timeout_ms", "request_templates", "response_transfer_mode"}
    assert method.integration_of(found, fields) == {
        "type": "MOCK",
        "timeout_ms": 5000,
        "response_transfer_mode": "BUFFERED",
        "request_templates": {"application/json": ""},
    }
    assert method.integration_of({}, fields) == {}


def test_a_lambda_integration_is_asked_by_post():
    wanted = method.wanted_integration({"type": "aws_proxy", "uri": "arn", "timeout_ms": None})
    assert method.integration_request(wanted) == {"type": "AWS_PROXY", "uri": "arn", "integrationHttpMethod": "POST"}


def test_responses_are_filled_on_both_sides():
    names = method.INTEGRATION_RESPONSE
    found = method.responses_of({"200": {"statusCode": "200", "responseTemplates": {"application/json": None}}}, names)
    wanted = method.wanted_responses({200: {"response_templates": {"application/json": ""}}}, names)
    assert found == wanted == {"200": {"response_parameters": {}, "response_templates": {"application/json": ""}}}
    assert method.wanted_responses({"204": None}, method.METHOD_RESPONSE) == {
        "204": {"response_parameters": {}, "response_models": {}}
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": "chat"}, "POST chat: path must start with / and must not end with it"),
        ({"path": "/chat/"}, "POST /chat/: path must start with / and must not end with it"),
        ({"integration": {"type": "aws_proxy"}}, "POST /: integration: aws_proxy needs uri"),
        ({"method_responses": {"200": {"headers": {}}}}, "POST /: method_responses: 200 takes response_parameters"),
        ({"integration_responses": {"200": "text"}}, "POST /: integration_responses: 200 takes response_parameters"),
    ],
)
def test_each_fault_of_a_method_in_words(options: dict[str, Any], words: str):
    right = {"path": "/", "http_method": "POST", "integration": {"type": "mock"}, "method_responses": {"204": None}}
    assert list(method.faults(right)) == []
    (told,) = method.faults({**right, **options})
    assert told.startswith(words)


@pytest.mark.parametrize(
    ("path", "other", "leads"),
    [("/", "/a", True), ("/a", "/a/b", True), ("/a", "/a", True), ("/a", "/ab", False), ("/a/b", "/a", False)],
)
def test_which_resource_leads_to_which(path: str, other: str, leads: bool):
    assert leads_to(path, other) is leads


def test_patches_of_an_api():
    current = {"endpoint_types": ["EDGE"], "vpc_endpoint_ids": ["a", "b"]}
    changes = {
        "minimum_compression_size": (0, -1),
        "vpc_endpoint_ids": (["a", "b"], ["b", "c"]),
        "endpoint_types": (["EDGE"], ["PRIVATE"]),
    }
    assert patches_for(current, changes) == [
        {"op": "replace", "path": "/minimumCompressionSize"},
        {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": "c"},
        {"op": "remove", "path": "/endpointConfiguration/vpcEndpointIds", "value": "a"},
    ]
    assert type_patch(current, changes) == {
        "op": "replace",
        "path": "/endpointConfiguration/types/EDGE",
        "value": "PRIVATE",
    }
