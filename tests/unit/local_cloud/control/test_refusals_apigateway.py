"""What API Gateway refuses, each with AWS's code, and only by its rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from control_builders import ALLOW_ALL, LAMBDA_URI, POLICY, Api, Cloud, unique

Refused = Callable[..., None]
PRIVATE = {"types": ["PRIVATE"]}


def create_api(cloud: Cloud, **params: Any) -> Any:
    return cloud.client("apigateway").create_rest_api(name=unique("api"), **params)


def test_private_api_without_policy(cloud: Cloud, api: Api, refused: Refused) -> None:
    gateway = cloud.client("apigateway")
    gateway.update_rest_api(restApiId=api.id, patchOperations=[{"op": "remove", "path": "/policy"}])
    refused(
        "apigateway-private-without-policy",
        "BadRequestException",
        "Private REST API doesn't have a resource policy attached to it",
        lambda: gateway.create_deployment(restApiId=api.id, stageName="prod"),
    )


def test_unknown_endpoint_of_an_api(cloud: Cloud, refused: Refused) -> None:
    refused(
        "apigateway-unknown-endpoint",
        "BadRequestException",
        "vpce-0123456789abcdef0",
        lambda: create_api(cloud, endpointConfiguration={**PRIVATE, "vpcEndpointIds": ["vpce-0123456789abcdef0"]}),
    )


def test_endpoint_of_a_public_api(cloud: Cloud, endpoint: str, refused: Refused) -> None:
    configuration = {"types": ["REGIONAL"], "vpcEndpointIds": [endpoint]}
    refused(
        "apigateway-endpoints-of-public-api",
        "BadRequestException",
        "VPCEndpoints can only be specified with PRIVATE apis.",
        lambda: create_api(cloud, endpointConfiguration=configuration),
    )


def test_policy_without_effect(cloud: Cloud, refused: Refused) -> None:
    statement = {key: value for key, value in ALLOW_ALL.items() if key != "Effect"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    refused(
        "apigateway-bad-policy",
        "BadRequestException",
        "Invalid policy document",
        lambda: create_api(cloud, endpointConfiguration=PRIVATE, policy=policy),
    )


def test_duplicate_method_and_resource(cloud: Cloud, api: Api, refused: Refused) -> None:
    gateway = cloud.client("apigateway")
    refused(
        "apigateway-duplicate-method",
        "ConflictException",
        "Method already exists for this resource",
        lambda: gateway.put_method(restApiId=api.id, resourceId=api.root, httpMethod="POST", authorizationType="NONE"),
    )
    cloud.local("PUT", "refusals", {"disabled": []})
    gateway.create_resource(restApiId=api.id, parentId=api.root, pathPart="chat")
    refused(
        "apigateway-duplicate-resource",
        "ConflictException",
        "Another resource with the same parent already has this name: chat",
        lambda: gateway.create_resource(restApiId=api.id, parentId=api.root, pathPart="chat"),
    )


def put_integration(cloud: Cloud, api: Api, **changes: Any) -> Any:
    params = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": LAMBDA_URI, **changes}
    return cloud.client("apigateway").put_integration(
        restApiId=api.id, resourceId=api.root, httpMethod="POST", **params
    )


@pytest.mark.parametrize(
    ("rule", "words", "changes"),
    [
        ("apigateway-integration-timeout", "between 50 ms and 29000 ms", {"timeoutInMillis": 30_000}),
    ],
)
def test_integration(cloud: Cloud, api: Api, refused: Refused, rule: str, words: str, changes: dict[str, Any]) -> None:
    refused(rule, "BadRequestException", words, lambda: put_integration(cloud, api, **changes))


def test_authorization_type(cloud: Cloud, api: Api, refused: Refused) -> None:
    refused(
        "apigateway-authorization-type",
        "BadRequestException",
        "Invalid authorization type",
        lambda: cloud.client("apigateway").put_method(
            restApiId=api.id, resourceId=api.root, httpMethod="GET", authorizationType="IAM"
        ),
    )


def test_undeclared_header(cloud: Cloud, api: Api, refused: Refused) -> None:
    gateway = cloud.client("apigateway")
    method = {"restApiId": api.id, "resourceId": api.root, "httpMethod": "POST", "statusCode": "200"}
    gateway.put_method_response(**method)
    header = "method.response.header.Access-Control-Allow-Origin"
    refused(
        "apigateway-undeclared-header",
        "BadRequestException",
        f"Invalid mapping expression parameter specified: {header}",
        lambda: gateway.put_integration_response(**method, responseParameters={header: "'*'"}),
    )


def test_logs_without_account_role(cloud: Cloud, api: Api, refused: Refused) -> None:
    gateway = cloud.client("apigateway")
    gateway.create_deployment(restApiId=api.id, stageName="prod")
    patch = {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}
    refused(
        "apigateway-logs-without-account-role",
        "BadRequestException",
        "CloudWatch Logs role ARN must be set in account settings",
        lambda: gateway.update_stage(restApiId=api.id, stageName="prod", patchOperations=[patch]),
    )


def test_gateway_response_that_was_not_put(cloud: Cloud, api: Api, refused: Refused) -> None:
    refused(
        "apigateway-gateway-response-not-put",
        "NotFoundException",
        "Gateway response type not defined on api",
        lambda: cloud.client("apigateway").delete_gateway_response(restApiId=api.id, responseType="DEFAULT_4XX"),
    )


def test_policy_is_valid_for_the_other_tests() -> None:
    assert json.loads(POLICY)["Statement"] == [ALLOW_ALL]
