"""Calls that AWS takes: services."""

from __future__ import annotations

import json

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.world import INVOKE, policy, trust

OPTIONS = "method.response.header.Access-Control-Allow-Origin"
TASK_POLICY = policy(
    {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:{REGION}:123456789012:*/prod/POST/",
    },
    {
        "Effect": "Deny",
        "Action": ["ec2:*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "x"}},
    },
    {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"},
)
SANE = (
    case(
        "apigateway",
        "CreateRestApi",
        "private, no endpoint",
        lambda w: {
            "name": "社内 API",
            "endpointConfiguration": {"types": ["PRIVATE"]},
            "policy": INVOKE,
            "description": "x",
            "tags": {"a": ""},
        },
    ),
    case(
        "apigateway",
        "CreateRestApi",
        "edge optimised",
        lambda w: {
            "name": "edge",
            "minimumCompressionSize": 0,
            "apiKeySource": "HEADER",
            "binaryMediaTypes": ["image/png"],
        },
    ),
    case(
        "apigateway",
        "CreateResource",
        "a greedy path",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "{proxy+}"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "a path of signs",
        lambda w: {"restApiId": w.api, "parentId": w.child, "pathPart": "a-b_c.d:e"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "OPTIONS",
        lambda w: w.method(
            httpMethod="OPTIONS", authorizationType="NONE", requestParameters={"method.request.header.Origin": False}
        ),
    ),
    case(
        "apigateway",
        "PutMethod",
        "ANY, signed",
        lambda w: {"restApiId": w.api, "resourceId": w.child, "httpMethod": "ANY", "authorizationType": "AWS_IAM"},
    ),
    case(
        "apigateway",
        "PutIntegration",
        "mock",
        lambda w: {
            **w.method(httpMethod="OPTIONS"),
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "passthroughBehavior": "WHEN_NO_MATCH",
        },
    ),
    case(
        "apigateway",
        "PutIntegration",
        "HTTP",
        lambda w: {
            "restApiId": w.api,
            "resourceId": w.child,
            "httpMethod": "ANY",
            "type": "HTTP_PROXY",
            "integrationHttpMethod": "ANY",
            "uri": "https://search.corp.example/",
            "timeoutInMillis": 50,
        },
    ),
    case("apigateway", "PutIntegration", "Lambda again", lambda w: w.integration(timeoutInMillis=29000)),
    case(
        "apigateway",
        "PutIntegration",
        "streamed",
        lambda w: w.integration(
            uri=f"arn:aws:apigateway:{REGION}:lambda:path/2021-11-15/functions/{w.function_arn}/response-streaming-invocations",
            responseTransferMode="STREAM",
            timeoutInMillis=300000,
        ),
    ),
    case(
        "apigateway",
        "PutMethodResponse",
        "with a header",
        lambda w: {**w.method(httpMethod="OPTIONS"), "statusCode": "200", "responseParameters": {OPTIONS: False}},
    ),
    case(
        "apigateway",
        "PutIntegrationResponse",
        "with that header",
        lambda w: {**w.method(httpMethod="OPTIONS"), "statusCode": "200", "responseParameters": {OPTIONS: "'*'"}},
    ),
    case(
        "apigateway",
        "PutGatewayResponse",
        "for errors",
        lambda w: {
            "restApiId": w.api,
            "responseType": "DEFAULT_4XX",
            "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "policy and name",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "replace", "path": "/policy", "value": INVOKE},
                {"op": "replace", "path": "/name", "value": "x"},
            ],
        },
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "an endpoint removed and added",
        lambda w: {
            "restApiId": w.api,
            "patchOperations": [
                {"op": "remove", "path": "/endpointConfiguration/vpcEndpointIds", "value": w.api_endpoint},
                {"op": "add", "path": "/endpointConfiguration/vpcEndpointIds", "value": w.api_endpoint},
            ],
        },
    ),
    case(
        "apigateway",
        "CreateDeployment",
        "again",
        lambda w: {"restApiId": w.api, "stageName": "prod", "description": "x"},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "throttles and metrics",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "100.5"},
                {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "50"},
                {"op": "replace", "path": "/*/*/metrics/enabled", "value": "true"},
                {"op": "replace", "path": "/*/*/logging/loglevel", "value": "OFF"},
            ],
        },
    ),
    case(
        "apigateway",
        "UpdateStage",
        "X-Ray and a variable",
        lambda w: {
            "restApiId": w.api,
            "stageName": "prod",
            "patchOperations": [
                {"op": "replace", "path": "/tracingEnabled", "value": "true"},
                {"op": "replace", "path": "/variables/a", "value": "b"},
                {"op": "replace", "path": "/description", "value": "x"},
            ],
        },
    ),
    case(
        "apigateway",
        "CreateStage",
        "another one",
        lambda w: {"restApiId": w.api, "stageName": "dev_1", "deploymentId": w.deployment},
    ),
    case("apigateway", "DeleteStage", "that is there", lambda w: {"restApiId": w.api, "stageName": "dev_1"}),
    case(
        "iam",
        "CreateRole",
        "the longest session",
        lambda w: {
            "RoleName": "a+=,.@-_1",
            "Path": "/team/chat/",
            "AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"),
            "MaxSessionDuration": 43200,
            "Description": "R&D: 50 %",
        },
    ),
    case(
        "iam",
        "CreateRole",
        "an account's principal",
        lambda w: {
            "RoleName": "account",
            "AssumeRolePolicyDocument": policy(
                {
                    "Sid": "",
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                }
            ),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "three statements",
        lambda w: {"RoleName": "task-role", "PolicyName": "p", "PolicyDocument": TASK_POLICY},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "one statement, no list",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "q",
            "PolicyDocument": json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": ["*"]}}),
        },
    ),
    case(
        "iam",
        "AttachRolePolicy",
        "of AWS",
        lambda w: {"RoleName": "task-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
    case(
        "iam",
        "DetachRolePolicy",
        "of AWS",
        lambda w: {"RoleName": "task-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"},
    ),
)
