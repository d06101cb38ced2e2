"""Calls on REST APIs that AWS refuses, by the third author."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case, Params
from tests.integration.refusals.sources import guide
from tests.integration.refusals.third_author.sources import of
from tests.integration.refusals.world import World

BAD = "BadRequestException"
NOT_FOUND = "NotFoundException"
PATCH = guide("apigateway/latest/api/patch-operations.html")
gw = of("apigateway")


def patch(path: str, value: str = "", op: str = "replace", **names: Any) -> Params:
    """One patch operation on what the names name."""
    return {**names, "patchOperations": [{"op": op, "path": path, "value": value}]}


def authorizer(w: World, **changes: Any) -> Params:
    """A sane CreateAuthorizer for tokens."""
    return {
        "restApiId": w.api,
        "name": "tokens",
        "type": "TOKEN",
        "authorizerUri": w.integration()["uri"],
        "identitySource": "method.request.header.Authorization",
        **changes,
    }


def model_in_use(w: World) -> Params:
    """DeleteModel of one that a method names."""
    gateway = w.clients("apigateway")
    gateway.create_model(restApiId=w.api, name="Question", contentType="application/json", schema='{"type":"object"}')
    gateway.put_method(
        restApiId=w.api,
        resourceId=w.child,
        httpMethod="POST",
        authorizationType="NONE",
        requestModels={"application/json": "Question"},
    )
    return {"restApiId": w.api, "modelName": "Question"}


def authorizer_in_use(w: World) -> Params:
    """DeleteAuthorizer of one that a method names."""
    gateway = w.clients("apigateway")
    made = gateway.create_authorizer(**authorizer(w))["id"]
    gateway.put_method(
        restApiId=w.api, resourceId=w.child, httpMethod="GET", authorizationType="CUSTOM", authorizerId=made
    )
    return {"restApiId": w.api, "authorizerId": made}


FAULTY: tuple[Case, ...] = (
    gw(
        "CreateRestApi",
        "endpoints for a regional API",
        BAD,
        lambda w: {"name": "new", "endpointConfiguration": {"types": ["REGIONAL"], "vpcEndpointIds": [w.api_endpoint]}},
    ),
    gw(
        "CreateRestApi",
        "two kinds of endpoint",
        BAD,
        lambda w: {"name": "new", "endpointConfiguration": {"types": ["REGIONAL", "PRIVATE"]}},
    ),
    gw("CreateRestApi", "compression from 11 MB", BAD, lambda w: {"name": "new", "minimumCompressionSize": 11534336}),
    gw("CreateRestApi", "key from a place there is not", BAD, lambda w: {"name": "new", "apiKeySource": "QUERY"}),
    gw(
        "CreateResource", "two parts in one", BAD, lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "a/b"}
    ),
    gw(
        "CreateResource",
        "parent of another API",
        NOT_FOUND,
        lambda w: {"restApiId": w.api, "parentId": w.public_root, "pathPart": "a"},
    ),
    gw("DeleteResource", "the root", BAD, lambda w: {"restApiId": w.api, "resourceId": w.root}),
    gw(
        "PutMethod",
        "own authorizer, none named",
        BAD,
        lambda w: {"restApiId": w.api, "resourceId": w.child, "httpMethod": "GET", "authorizationType": "CUSTOM"},
    ),
    gw(
        "PutMethod",
        "verb that does not exist",
        BAD,
        lambda w: {"restApiId": w.api, "resourceId": w.child, "httpMethod": "FETCH", "authorizationType": "NONE"},
    ),
    gw(
        "PutMethod",
        "model that does not exist",
        BAD,
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "GET",
            "authorizationType": "NONE",
            "requestModels": {"application/json": "Nothing"},
        },
    ),
    gw(
        "PutMethod",
        "validator that does not exist",
        BAD,
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "GET",
            "authorizationType": "NONE",
            "requestValidatorId": "abc123",
        },
    ),
    gw("PutMethodResponse", "status that is no number", BAD, lambda w: {**w.method(), "statusCode": "2xx"}),
    gw(
        "PutMethodResponse",
        "header written as a request's",
        BAD,
        lambda w: {**w.method(), "statusCode": "200", "responseParameters": {"method.request.header.X-Id": True}},
    ),
    gw("PutIntegration", "50 ms less one", BAD, lambda w: w.integration(timeoutInMillis=49)),
    gw("PutIntegration", "address that is none", BAD, lambda w: w.integration(type="HTTP", uri="example")),
    gw(
        "PutIntegration",
        "address of a function without the Region",
        BAD,
        lambda w: w.integration(uri="arn:aws:apigateway:lambda:path/2015-03-31/functions/x/invocations"),
    ),
    gw(
        "PutIntegrationResponse",
        "status that the method has not",
        NOT_FOUND,
        lambda w: {**w.method(), "statusCode": "418"},
    ),
    gw("CreateDeployment", "API without methods", BAD, lambda w: {"restApiId": w.public_api, "stageName": "prod"}),
    gw("CreateDeployment", "name of a stage with a space", BAD, lambda w: {"restApiId": w.api, "stageName": "my prod"}),
    gw(
        "CreateStage",
        "taken",
        "ConflictException",
        lambda w: {"restApiId": w.api, "stageName": "prod", "deploymentId": w.deployment},
    ),
    gw(
        "CreateStage",
        "deployment that does not exist",
        BAD,
        lambda w: {"restApiId": w.api, "stageName": "test", "deploymentId": "abc123"},
    ),
    gw(
        "CreateStage",
        "cache of a size there is not",
        BAD,
        lambda w: {
            "restApiId": w.api,
            "stageName": "test",
            "deploymentId": w.deployment,
            "cacheClusterEnabled": True,
            "cacheClusterSize": "2",
        },
    ),
    gw("DeleteDeployment", "a stage uses it", BAD, lambda w: {"restApiId": w.api, "deploymentId": w.deployment}),
    gw(
        "UpdateStage",
        "access log into a group by its name",
        BAD,
        lambda w: patch("/accessLogSettings/destinationArn", "/chat", restApiId=w.api, stageName="prod"),
        PATCH,
    ),
    gw(
        "UpdateStage",
        "throttling that is no number",
        BAD,
        lambda w: patch("/*/*/throttling/rateLimit", "many", restApiId=w.api, stageName="prod"),
        PATCH,
    ),
    gw(
        "UpdateStage",
        "variable with a space in its value",
        BAD,
        lambda w: patch("/variables/url", "a value <b>", restApiId=w.api, stageName="prod"),
        guide("apigateway/latest/api/API_CreateStage.html"),
    ),
    gw(
        "UpdateStage",
        "adds what can only be replaced",
        BAD,
        lambda w: patch("/description", "x", op="add", restApiId=w.api, stageName="prod"),
        PATCH,
    ),
    gw("UpdateRestApi", "its id", BAD, lambda w: patch("/id", "abc123", restApiId=w.api), PATCH),
    gw(
        "CreateModel",
        "name with a hyphen",
        BAD,
        lambda w: {"restApiId": w.api, "name": "my-model", "contentType": "application/json", "schema": "{}"},
    ),
    gw(
        "CreateModel",
        "schema that is not JSON",
        BAD,
        lambda w: {"restApiId": w.api, "name": "Broken", "contentType": "application/json", "schema": "{"},
    ),
    gw("DeleteModel", "a method names it", "ConflictException", model_in_use),
    gw(
        "CreateAuthorizer",
        "tokens from nowhere",
        BAD,
        lambda w: {key: value for key, value in authorizer(w).items() if key != "identitySource"},
    ),
    gw(
        "CreateAuthorizer",
        "answers kept for more than an hour",
        BAD,
        lambda w: authorizer(w, authorizerResultTtlInSeconds=3601),
    ),
    gw(
        "CreateAuthorizer",
        "Cognito without a pool",
        BAD,
        lambda w: authorizer(w, type="COGNITO_USER_POOLS", authorizerUri=""),
    ),
    gw("DeleteAuthorizer", "a method names it", "ConflictException", authorizer_in_use),
    gw(
        "CreateUsagePlan",
        "stage that does not exist",
        NOT_FOUND,
        lambda w: {"name": "plan", "apiStages": [{"apiId": w.api, "stage": "nothing"}]},
    ),
    gw(
        "PutGatewayResponse",
        "kind that does not exist",
        BAD,
        lambda w: {"restApiId": w.api, "responseType": "DEFAULT_6XX"},
    ),
    gw("UpdateAccount", "role that is no ARN", BAD, lambda w: patch("/cloudwatchRoleArn", "lambda-role"), PATCH),
    gw(
        "TagResource",
        "API that does not exist",
        NOT_FOUND,
        lambda w: {"resourceArn": f"arn:aws:apigateway:{REGION}::/restapis/abcde12345", "tags": {"a": "b"}},
    ),
    gw("GetStage", "that does not exist", NOT_FOUND, lambda w: {"restApiId": w.api, "stageName": "test"}),
    gw(
        "GetExport",
        "of a format that does not exist",
        BAD,
        lambda w: {"restApiId": w.api, "stageName": "prod", "exportType": "raml"},
    ),
)
