"""Calls on deployments and stages of REST APIs that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import guide, preflight, recorded
from tests.integration.refusals.stranger.common import API_REFERENCE, patch
from tests.integration.refusals.world import World


def staged(w: World, op: str, path: str, value: str | None = None) -> Params:
    return {"restApiId": w.api, "stageName": "prod", **patch(op, path, value)}


STRANGE: tuple[Case, ...] = (
    refused(
        "apigateway",
        "CreateDeployment",
        "no method",
        lambda w: {"restApiId": w.public_api, "stageName": "prod"},
        "BadRequestException",
        preflight("apigw-deployment-no-methods"),
    ),
    refused(
        "apigateway",
        "CreateDeployment",
        "space in the stage's name",
        lambda w: {"restApiId": w.api, "stageName": "prod stage"},
        "BadRequestException",
        preflight("apigw-stage-name-charset"),
    ),
    refused(
        "apigateway",
        "CreateStage",
        "stage is there",
        lambda w: {"restApiId": w.api, "stageName": "prod", "deploymentId": w.deployment},
        "ConflictException",
        guide(API_REFERENCE + "CreateStage.html"),
    ),
    refused(
        "apigateway",
        "CreateStage",
        "deployment that is not there",
        lambda w: {"restApiId": w.api, "stageName": "stg", "deploymentId": "abcdef"},
        "BadRequestException",
        recorded("apigateway", "test_create_canary_deployment"),
    ),
    refused(
        "apigateway",
        "CreateStage",
        "variable with a hyphen",
        lambda w: {
            "restApiId": w.api,
            "stageName": "stg",
            "deploymentId": w.deployment,
            "variables": {"log-level": "info"},
        },
        "BadRequestException",
        preflight("apigw-stage-variable-name"),
    ),
    refused(
        "apigateway",
        "DeleteDeployment",
        "a stage shows it",
        lambda w: {"restApiId": w.api, "deploymentId": w.deployment},
        "BadRequestException",
        recorded("apigateway", "test_create_delete_deployments"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "access log setting that does not exist",
        lambda w: staged(w, "add", "/accessLogSettings/randomValue", "x"),
        "BadRequestException",
        recorded("apigateway", "test_stage_access_log_settings_validation"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "no destination",
        lambda w: staged(w, "replace", "/accessLogSettings/destinationArn", ""),
        "BadRequestException",
        recorded("apigateway", "test_stage_access_log_settings_validation"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "tag by a patch",
        lambda w: staged(w, "replace", "/tags/tag1", "x"),
        "BadRequestException",
        recorded("apigateway", "test_create_update_stages"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "cache for two hours",
        lambda w: staged(w, "replace", "/*/*/caching/ttlInSeconds", "7200"),
        "BadRequestException",
        preflight("apigw-stage-cache-ttl-range"),
    ),
    refused(
        "apigateway",
        "UpdateStage",
        "stage that is not there",
        lambda w: {**staged(w, "replace", "/description", "x"), "stageName": "gone"},
        "NotFoundException",
        guide(API_REFERENCE + "UpdateStage.html"),
    ),
    refused(
        "apigateway",
        "CreateModel",
        "hyphen in the name",
        lambda w: {
            "restApiId": w.api,
            "name": "my-model",
            "contentType": "application/json",
            "schema": '{"type": "object"}',
        },
        "BadRequestException",
        preflight("apigw-model-name-alphanumeric"),
    ),
    refused(
        "apigateway",
        "CreateModel",
        "content type that is none",
        lambda w: {"restApiId": w.api, "name": "question", "contentType": "json", "schema": '{"type": "object"}'},
        "BadRequestException",
        preflight("apigw-model-content-type"),
    ),
    refused(
        "apigateway",
        "CreateAuthorizer",
        "token of nowhere",
        lambda w: {"restApiId": w.api, "name": "idp", "type": "TOKEN", "authorizerUri": w.integration()["uri"]},
        "BadRequestException",
        preflight("apigw-token-authorizer-identity-source"),
    ),
    refused(
        "apigateway",
        "CreateUsagePlan",
        "quota without a period",
        lambda w: {"name": "plan", "quota": {"limit": 9}},
        "BadRequestException",
        preflight("apigw-usage-plan-quota-period-required"),
    ),
    refused(
        "apigateway",
        "CreateApiKey",
        "value of 5 characters",
        lambda w: {"name": "key", "value": "short"},
        "BadRequestException",
        recorded("apigateway", "test_create_api_key_with_invalid_value"),
    ),
    refused(
        "apigateway",
        "UpdateAccount",
        "role that API Gateway cannot assume",
        lambda w: patch("replace", "/cloudwatchRoleArn", w.lambda_role),
        "BadRequestException",
        guide("apigateway/latest/developerguide/set-up-logging.html"),
    ),
)
