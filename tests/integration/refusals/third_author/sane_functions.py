"""Sane calls on functions and REST APIs, by the third author: AWS takes all of them, in this order."""

from __future__ import annotations

import json

from tests.integration.cloud import ACCOUNT
from tests.integration.refusals.cases import Case, case
from tests.integration.refusals.world import policy

KEY = {"pk": {"S": "u#1"}, "sk": {"S": "2026-11-29"}}
PULL = policy(
    {
        "Sid": "pull",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": ["ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"],
    }
)

SANE: tuple[Case, ...] = (
    case(
        "lambda",
        "CreateFunction",
        "128 MB for one second, variables by the underscore",
        lambda w: w.function(
            FunctionName="small",
            MemorySize=128,
            Timeout=1,
            Description="",
            Environment={"Variables": {"A_1": "", "LANG": "ja_JP.UTF-8", "PYTHONPATH": "/var/task"}},
        ),
    ),
    case(
        "lambda",
        "UpdateFunctionConfiguration",
        "no VPC, by empty lists",
        lambda w: {"FunctionName": "small", "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}},
    ),
    case(
        "lambda",
        "PublishVersion",
        "with its hash",
        lambda w: {
            "FunctionName": "small",
            "CodeSha256": w.clients("lambda").get_function(FunctionName="small")["Configuration"]["CodeSha256"],
        },
    ),
    case(
        "lambda",
        "AddPermission",
        "an account",
        lambda w: {
            "FunctionName": "small",
            "StatementId": "other",
            "Action": "lambda:InvokeFunction",
            "Principal": ACCOUNT,
        },
    ),
    case(
        "lambda",
        "AddPermission",
        "the public URL",
        lambda w: {
            "FunctionName": "small",
            "StatementId": "url",
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "*",
            "FunctionUrlAuthType": "NONE",
        },
    ),
    case("lambda", "RemovePermission", "of the two, one", lambda w: {"FunctionName": "small", "StatementId": "other"}),
    case(
        "lambda",
        "PutFunctionConcurrency",
        "all but a hundred",
        lambda w: {"FunctionName": "small", "ReservedConcurrentExecutions": 100},
    ),
    case("lambda", "TagResource", "a function", lambda w: {"Resource": w.function_arn, "Tags": {"App": ""}}),
    case(
        "apigateway",
        "PutIntegration",
        "a function asked by GET, which fails only when it is asked",
        lambda w: w.integration(integrationHttpMethod="GET"),
    ),
    case(
        "apigateway",
        "PutIntegration",
        "29 seconds, the path of a variable",
        lambda w: w.integration(timeoutInMillis=29000, cacheKeyParameters=[], contentHandling="CONVERT_TO_TEXT"),
    ),
    case(
        "apigateway",
        "CreateResource",
        "variable with a dot and dash",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "v1.0-beta_x:y"},
    ),
    case("apigateway", "CreateDeployment", "without a stage", lambda w: {"restApiId": w.api}),
    case(
        "apigateway",
        "PutMethod",
        "ANY, a key needed",
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "ANY",
            "authorizationType": "NONE",
            "apiKeyRequired": True,
            "operationName": "all",
        },
    ),
    case(
        "apigateway",
        "CreateAuthorizer",
        "by request, nothing kept",
        lambda w: {
            "restApiId": w.api,
            "name": "by-request",
            "type": "REQUEST",
            "authorizerUri": w.integration()["uri"],
            "authorizerResultTtlInSeconds": 0,
        },
    ),
    case(
        "apigateway",
        "CreateModel",
        "a schema",
        lambda w: {
            "restApiId": w.api,
            "name": "Question",
            "contentType": "application/json",
            "schema": json.dumps(
                {
                    "$schema": "http://json-schema.org/draft-04/schema#",
                    "type": "object",
                    "properties": {"q": {"type": "string", "maxLength": 1000}},
                    "required": ["q"],
                }
            ),
        },
    ),
    case(
        "apigateway",
        "PutGatewayResponse",
        "headers and a template",
        lambda w: {
            "restApiId": w.api,
            "responseType": "DEFAULT_5XX",
            "statusCode": "500",
            "responseParameters": {
                "gatewayresponse.header.X-Request-Id": "context.requestId",
                "gatewayresponse.header.Retry-After": "'5'",
            },
            "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "a description, the name",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "replace", "path": "/description", "value": "チャット"},
                {"op": "replace", "path": "/name", "value": "chat api"},
                {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
            ],
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "variables, metrics of one method",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/variables/alias", "value": "live-1_x.y~z:/?#&=,"},
                {"op": "replace", "path": "/~1/POST/metrics/enabled", "value": "true"},
            ],
        },
    ),
)
