"""What API Gateway takes from a function, what it says itself, and which method it finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_cloud.data.apigateway.errors import ApiError, internal, reply
from local_cloud.data.apigateway.integrations import mock
from local_cloud.data.apigateway.proxy_event import answer
from local_cloud.data.apigateway.snapshot import Deployed

TEMPLATE = '{"error":{"message":$context.error.messageString,"request_id":"$context.requestId"}}'


def test_a_proxy_response_with_repeated_headers_and_binary_body() -> None:
    output = {
        "statusCode": "201",
        "headers": {"X-A": 1, "Content-Length": "7"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": "aGVsbG8=",
        "isBase64Encoded": True,
    }
    made = answer(json.dumps(output).encode(), "r-1")
    assert (made.status, made.body) == (201, b"hello")
    assert [v for k, v in made.headers if k == "Set-Cookie"] == ["a=1", "b=2"]
    assert ("X-A", "1") in made.headers
    assert "Content-Length" not in dict(made.headers)


@pytest.mark.parametrize(
    "output",
    [
        "text",
        {"answer": 1},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "not base64!", "isBase64Encoded": True},
        {"statusCode": 200, "unknown": 1},
        {"statusCode": "many"},
        {"statusCode": 200, "headers": {"X": []}},
        None,
    ],
)
def test_anything_else_is_malformed(output: Any) -> None:
    with pytest.raises(ApiError) as error:
        answer(json.dumps(output).encode(), "r-1")
    assert (error.value.status, error.value.message) == (502, "Internal server error")


def test_gateway_responses_dress_errors() -> None:
    responses = {
        "DEFAULT_5XX": {
            "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'https://a'"},
            "responseTemplates": {"application/json": TEMPLATE},
        }
    }
    made = reply(internal(), "r-1", responses)
    assert dict(made.headers)["Access-Control-Allow-Origin"] == "https://a"
    assert json.loads(made.body) == {"error": {"message": "Internal server error", "request_id": "r-1"}}


def test_the_mock_of_cors() -> None:
    integration = {
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "integrationResponses": {
            "200": {
                "statusCode": "200",
                "responseParameters": {"method.response.header.Access-Control-Allow-Methods": "'OPTIONS,POST'"},
            }
        },
    }
    made = mock(integration, "r-1")
    assert made.status == 200
    assert dict(made.headers)["Access-Control-Allow-Methods"] == "OPTIONS,POST"


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("/items/7", "/items/{id}", {"id": "7"}),
        ("/items/all", "/items/all", {}),
        ("/x/y/z", "/{rest+}", {"rest": "x/y/z"}),
    ],
)
def test_the_most_exact_resource_is_found(path: str, resource: str, parameters: dict[str, str]) -> None:
    method = {"POST": {"authorizationType": "NONE", "integration": {}}}
    templates = ["/{rest+}", "/items/{id}", "/items/all", "/"]
    api = Deployed.from_answer({"rest_api_id": "abc", "stage": "prod", "resources": dict.fromkeys(templates, method)})
    found = api.find(path, "POST")
    assert found is not None
    assert (found.resource, found.path_parameters) == (resource, parameters)
    assert api.find(path, "GET") is None
