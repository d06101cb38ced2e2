"""Calls on REST APIs that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World, policy


def made(w: World, **changes: Any) -> Params:
    return {"restApiId": w.api, "resourceId": w.child, "httpMethod": "OPTIONS", **changes}


HEADERS = ("Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods")


LOCK = (
    {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
    },
)


def settings(*pairs: tuple[str, str]) -> Params:
    return {
        "stageName": "prod",
        "patchOperations": [{"op": "replace", "path": path, "value": value} for path, value in pairs],
    }


SANE: tuple[Case, ...] = (
    case(
        "apigateway",
        "CreateRestApi",
        "private, all options",
        lambda w: {
            "name": "chat 2 (prod)",
            "description": "answers",
            "policy": policy(*LOCK),
            "minimumCompressionSize": 0,
            "endpointConfiguration": {
                "types": ["PRIVATE"],
                "vpcEndpointIds": [w.api_endpoint],
                "ipAddressType": "dualstack",
            },
            "binaryMediaTypes": ["application/pdf", "image/*"],
            "apiKeySource": "HEADER",
            "tags": {"Owner": "team"},
        },
    ),
    case(
        "apigateway",
        "CreateResource",
        "greedy",
        lambda w: {"restApiId": w.api, "parentId": w.child, "pathPart": "{proxy+}"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "variable",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "{conversation_id}"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "dots and hyphens",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "v1.0-beta_2"},
    ),
    case("apigateway", "PutMethod", "for browsers", lambda w: made(w, authorizationType="NONE")),
    case(
        "apigateway",
        "PutIntegration",
        "a mock",
        lambda w: made(
            w,
            type="MOCK",
            requestTemplates={"application/json": '{"statusCode": 200}'},
            passthroughBehavior="WHEN_NO_MATCH",
        ),
    ),
    case(
        "apigateway",
        "PutMethodResponse",
        "headers",
        lambda w: made(
            w,
            statusCode="200",
            responseParameters={f"method.response.header.{name}": False for name in HEADERS},
            responseModels={"application/json": "Empty"},
        ),
    ),
    case(
        "apigateway",
        "PutIntegrationResponse",
        "headers",
        lambda w: made(
            w,
            statusCode="200",
            responseParameters={f"method.response.header.{name}": "'*'" for name in HEADERS},
            responseTemplates={"application/json": ""},
        ),
    ),
    case(
        "apigateway",
        "CreateModel",
        "a question",
        lambda w: {
            "restApiId": w.api,
            "name": "Question",
            "contentType": "application/json",
            "schema": json.dumps(
                {
                    "$schema": "http://json-schema.org/draft-04/schema#",
                    "type": "object",
                    "required": ["question"],
                    "properties": {"question": {"type": "string", "maxLength": 2000}},
                }
            ),
        },
    ),
    case(
        "apigateway",
        "CreateRequestValidator",
        "body and parameters",
        lambda w: {"restApiId": w.api, "name": "all", "validateRequestBody": True, "validateRequestParameters": True},
    ),
    case(
        "apigateway",
        "PutMethod",
        "signed, with a model",
        lambda w: made(
            w,
            httpMethod="GET",
            authorizationType="AWS_IAM",
            apiKeyRequired=True,
            operationName="History",
            requestModels={"application/json": "Question"},
            requestParameters={"method.request.querystring.after": False, "method.request.header.X-Trace": True},
        ),
    ),
    case(
        "apigateway",
        "PutIntegration",
        "with mapped parameters",
        lambda w: {
            **w.integration(),
            **made(w, httpMethod="GET"),
            "type": "AWS",
            "cacheKeyParameters": ["method.request.querystring.after"],
            "cacheNamespace": "history",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestParameters": {
                "integration.request.header.X-Tenant": "'corp'",
                "integration.request.querystring.after": "method.request.querystring.after",
            },
        },
    ),
    case(
        "apigateway",
        "PutIntegration",
        "a stream",
        lambda w: w.integration(
            responseTransferMode="STREAM",
            timeoutInMillis=29000,
            uri=w.integration()["uri"]
            .replace("2015-03-31", "2021-11-15")
            .replace("/invocations", "/response-streaming-invocations"),
        ),
    ),
    case(
        "apigateway",
        "PutGatewayResponse",
        "an error that browsers can read",
        lambda w: {
            "restApiId": w.api,
            "responseType": "DEFAULT_4XX",
            "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
            "responseTemplates": {"application/json": '{"message": $context.error.messageString}'},
        },
    ),
    case(
        "apigateway",
        "CreateDeployment",
        "a second stage",
        lambda w: {
            "restApiId": w.api,
            "stageName": "stg_2",
            "stageDescription": "rehearsal",
            "tracingEnabled": True,
            "variables": {"logLevel": "info", "url": "https://search.corp.example:9200/a?b=c&d"},
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "limits and metrics",
        lambda w: {
            "restApiId": w.api,
            **settings(
                ("/*/*/throttling/rateLimit", "100.5"),
                ("/*/*/throttling/burstLimit", "200"),
                ("/*/*/metrics/enabled", "true"),
                ("/variables/logLevel", "debug"),
                ("/tracingEnabled", "true"),
                ("/description", "what users get"),
            ),
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "limits of one method",
        lambda w: {
            "restApiId": w.api,
            **settings(("/~1history/GET/throttling/burstLimit", "5"), ("/~1history/GET/throttling/rateLimit", "2")),
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "several at once",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "replace", "path": "/description", "value": "new"},
                {"op": "add", "path": "/binaryMediaTypes/application~1pdf"},
                {"op": "replace", "path": "/minimumCompressionSize", "value": "1024"},
            ],
        },
    ),
    case(
        "apigateway",
        "CreateUsagePlan",
        "throttle and quota",
        lambda w: {
            "name": "partners",
            "throttle": {"burstLimit": 10, "rateLimit": 5.0},
            "quota": {"limit": 1000, "period": "MONTH"},
            "apiStages": [{"apiId": w.api, "stage": "prod"}],
        },
    ),
    case(
        "apigateway",
        "CreateApiKey",
        "value of our own",
        lambda w: {"name": "partner", "enabled": True, "value": "abcdefghij0123456789"},
    ),
)
