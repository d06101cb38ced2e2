"""Calls on methods and integrations of REST APIs that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import guide, preflight, recorded
from tests.integration.refusals.stranger.common import API_REFERENCE
from tests.integration.refusals.world import World


def got(w: World, **changes: Any) -> Params:
    """PutMethod of GET on /history."""
    return {"restApiId": w.api, "resourceId": w.child, "httpMethod": "GET", "authorizationType": "NONE", **changes}


STRANGE: tuple[Case, ...] = (
    refused(
        "apigateway",
        "PutMethod",
        "verb that does not exist",
        lambda w: got(w, httpMethod="FETCH"),
        "BadRequestException",
        recorded("apigateway", "test_put_method_validation"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "authorizer not named",
        lambda w: got(w, authorizationType="CUSTOM"),
        "BadRequestException",
        recorded("apigateway", "test_put_method_validation"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "validator that is not there",
        lambda w: got(w, requestValidatorId="abc123"),
        "BadRequestException",
        recorded("apigateway", "test_put_method_validation"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "model that is not there",
        lambda w: got(w, requestModels={"application/json": "petModel"}),
        "BadRequestException",
        recorded("apigateway", "test_put_method_validation"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "one name in header and query",
        lambda w: got(w, requestParameters={"method.request.header.a": True, "method.request.querystring.a": True}),
        "BadRequestException",
        recorded("apigateway", "test_method_request_parameters"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "scopes for IAM",
        lambda w: got(w, authorizationType="AWS_IAM", authorizationScopes=["chat/read"]),
        "BadRequestException",
        preflight("apigw-method-authorization-scopes-cognito"),
    ),
    refused(
        "apigateway",
        "PutMethod",
        "method is there",
        lambda w: {**w.method(), "authorizationType": "AWS_IAM"},
        "ConflictException",
        guide(API_REFERENCE + "PutMethod.html"),
    ),
    refused(
        "apigateway",
        "PutMethodResponse",
        "status of two digits",
        lambda w: w.method(statusCode="20"),
        "ValidationException",
        guide(API_REFERENCE + "PutMethodResponse.html"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "HTTP to no URL",
        lambda w: w.method(type="HTTP", integrationHttpMethod="GET", uri="search.corp.example"),
        "BadRequestException",
        recorded("apigateway", "test_put_integration_validation"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "function's own ARN",
        lambda w: w.integration(uri=w.function_arn),
        "BadRequestException",
        recorded("apigateway", "test_put_integration_validation"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "proxy to DynamoDB",
        lambda w: w.integration(uri=f"arn:aws:apigateway:{REGION}:dynamodb:action/PutItem"),
        "BadRequestException",
        recorded("apigateway", "test_error_aws_proxy_not_supported"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "static value without quotes",
        lambda w: w.integration(requestParameters={"integration.request.header.X-Tenant": "corp"}),
        "BadRequestException",
        preflight("apigw-integration-request-parameter-value"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "49 ms",
        lambda w: w.integration(timeoutInMillis=49),
        "BadRequestException",
        guide("apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "method that is not there",
        lambda w: w.integration(httpMethod="GET"),
        "NotFoundException",
        recorded("apigateway", "test_method_lifecycle"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "cache key that is not declared",
        lambda w: w.integration(cacheKeyParameters=["method.request.querystring.q"]),
        "BadRequestException",
        preflight("apigw-integration-cache-key-parameters"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "VPC link not named",
        lambda w: w.method(
            type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://search.corp.example/", connectionType="VPC_LINK"
        ),
        "BadRequestException",
        preflight("apigw-integration-vpc-link-connection-id"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "no verb towards the function",
        lambda w: {k: v for k, v in w.integration().items() if k != "integrationHttpMethod"},
        "BadRequestException",
        preflight("apigw-integration-http-method"),
    ),
    refused(
        "apigateway",
        "PutIntegration",
        "a stream that is no proxy",
        lambda w: w.integration(type="MOCK", responseTransferMode="STREAM"),
        "BadRequestException",
        guide("apigateway/latest/developerguide/response-transfer-mode.html"),
    ),
    refused(
        "apigateway",
        "PutIntegrationResponse",
        "status that the method has not",
        lambda w: w.method(statusCode="404"),
        "NotFoundException",
        recorded("apigateway", "test_integration_response_wrong_status_code"),
    ),
    refused(
        "apigateway",
        "PutGatewayResponse",
        "type that does not exist",
        lambda w: {"restApiId": w.api, "responseType": "FAKE_RESPONSE_TYPE"},
        "ValidationException",
        recorded("apigateway", "test_gateway_response_validation"),
    ),
    refused(
        "apigateway",
        "PutGatewayResponse",
        "status of two digits",
        lambda w: {"restApiId": w.api, "responseType": "DEFAULT_4XX", "statusCode": "40"},
        "ValidationException",
        preflight("apigw-gateway-response-status-code"),
    ),
    refused(
        "apigateway",
        "DeleteGatewayResponse",
        "not set",
        lambda w: {"restApiId": w.api, "responseType": "DEFAULT_5XX"},
        "NotFoundException",
        recorded("apigateway", "test_gateway_response_validation"),
    ),
)
