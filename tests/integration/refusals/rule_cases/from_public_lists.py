"""One call for each rule made from a public list that no other case meets; they say nothing of the rate."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import ACCOUNT, REGION
from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.first_author.worked_on_services import patch
from tests.integration.refusals.world import World, trust

ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:letters"


def method(w: World, **changes: Any) -> Params:
    return {"restApiId": w.api, "resourceId": w.child, "httpMethod": "DELETE", "authorizationType": "NONE", **changes}


def stage(w: World, path: str, value: str) -> Params:
    return {"restApiId": w.api, "stageName": "prod", **patch("replace", path, value)}


def api(w: World, path: str, value: str) -> Params:
    return {"restApiId": w.api, **patch("replace", path, value)}


GATEWAY = (
    case("apigateway", "CreateRestApi", "described by nothing", lambda w: {"name": "x", "description": ""}),
    case(
        "apigateway",
        "PutMethod",
        "one name in path and header",
        lambda w: method(w, requestParameters={"method.request.path.id": True, "method.request.header.id": False}),
    ),
    case(
        "apigateway",
        "PutMethod",
        "a model of another API",
        lambda w: method(w, requestModels={"application/json": "Answer"}),
    ),
    case(
        "apigateway",
        "PutIntegration",
        "a bare word for a header",
        lambda w: w.integration(requestParameters={"integration.request.header.X-Stage": "prod"}),
    ),
    case(
        "apigateway",
        "PutIntegration",
        "a stream from AWS",
        lambda w: w.integration(type="AWS", responseTransferMode="STREAM"),
    ),
    case(
        "apigateway",
        "PutIntegration",
        "a function without its ARN",
        lambda w: w.integration(uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/chat/invocations"),
    ),
    case(
        "apigateway",
        "PutIntegrationResponse",
        "a pattern left open",
        lambda w: w.method(statusCode="200", selectionPattern="(.*"),
    ),
    case(
        "apigateway",
        "UpdateResource",
        "another parent for the root",
        lambda w: {"restApiId": w.api, "resourceId": w.root, **patch("replace", "/parentId", w.child)},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "a cache of a day",
        lambda w: stage(w, "/~1history/GET/caching/ttlInSeconds", "86400"),
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "an address type of tomorrow",
        lambda w: api(w, "/endpointConfiguration/ipAddressType", "ipv6"),
    ),
    case("apigateway", "UpdateRestApi", "media types without a type", lambda w: api(w, "/binaryMediaTypes", "x")),
)


def role(**changes: Any) -> Params:
    return {"RoleName": "listed", "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"), **changes}


IDENTITY = (
    case("iam", "CreateRole", "in AWS's folder", lambda w: role(Path="/aws-service-role/")),
    case(
        "iam",
        "UpdateAssumeRolePolicy",
        "a user that is not there",
        lambda w: {
            "RoleName": "task-role",
            "PolicyDocument": trust("lambda.amazonaws.com").replace(
                '"Service": "lambda.amazonaws.com"', f'"AWS": "arn:aws:iam::{ACCOUNT}:user/nobody"'
            ),
        },
    ),
    case(
        "iam",
        "TagRole",
        "one key in two cases",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "Cost", "Value": "1"}, {"Key": "COST", "Value": "2"}]},
    ),
)
FUNCTIONS = (
    case(
        "lambda",
        "CreateFunction",
        "an image's command on a zip",
        lambda w: w.function(ImageConfig={"EntryPoint": ["/app"]}),
    ),
    case(
        "lambda",
        "CreateFunction",
        "dead letters to another region",
        lambda w: w.function(DeadLetterConfig={"TargetArn": ARN.replace(REGION, "us-east-1")}),
    ),
    case("lambda", "CreateFunction", "logs to AWS's names", lambda w: w.function(LoggingConfig={"LogGroup": "aws/x"})),
    case(
        "lambda",
        "AddPermission",
        "for the unpublished",
        lambda w: {
            "FunctionName": "chat",
            "StatementId": "x",
            "Action": "lambda:InvokeFunction",
            "Principal": ACCOUNT,
            "Qualifier": "$LATEST",
        },
    ),
    case(
        "lambda",
        "CreateAlias",
        "of version 12",
        lambda w: {"FunctionName": "chat", "Name": "blue", "FunctionVersion": "12"},
    ),
    case(
        "lambda",
        "PutProvisionedConcurrencyConfig",
        "for the unpublished",
        lambda w: {"FunctionName": "chat", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 5},
    ),
    case(
        "lambda",
        "TagResource",
        "60 tags",
        lambda w: {"Resource": w.function_arn, "Tags": {f"t{n}": "" for n in range(60)}},
    ),
)


def rules(*priorities: tuple[int, str]) -> str:
    made = [
        f'{{"rulePriority": {number}, "action": {{"type": "expire"}}, "selection": {{"tagStatus": "{status}", '
        '"countType": "imageCountMoreThan", "countNumber": 5}}'
        for number, status in priorities
    ]
    return '{"rules": [' + ", ".join(made) + "]}"


STORED = (
    case(
        "dynamodb",
        "UpdateTable",
        "a kind of encryption, off",
        lambda w: {"TableName": "history", "SSESpecification": {"Enabled": False, "SSEType": "KMS"}},
    ),
    case(
        "dynamodb",
        "UpdateTimeToLive",
        "off by another name",
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": False, "AttributeName": "expires"}},
    ),
    case(
        "ecr",
        "PutLifecyclePolicy",
        "any first",
        lambda w: {"repositoryName": "chat", "lifecyclePolicyText": rules((1, "any"), (5, "untagged"))},
    ),
    case("logs", "PutResourcePolicy", "an empty object", lambda w: {"policyName": "x", "policyDocument": "{}"}),
    case(
        "logs",
        "PutSubscriptionFilter",
        "a stream without a role",
        lambda w: {
            "logGroupName": "/chat",
            "filterName": "x",
            "filterPattern": "",
            "destinationArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/logs",
        },
    ),
    case(
        "secretsmanager",
        "CreateSecret",
        "copied to where it is",
        lambda w: {
            "Name": "copied",
            "SecretString": "x",
            "AddReplicaRegions": [{"Region": "us-east-1"}, {"Region": REGION}],
        },
    ),
    case(
        "secretsmanager",
        "RotateSecret",
        "by nobody",
        lambda w: {"SecretId": "chat/cookie", "RotationRules": {"AutomaticallyAfterDays": 30}},
    ),
    case(
        "secretsmanager",
        "RotateSecret",
        "by days and by the clock",
        lambda w: {
            "SecretId": w.secret,
            "RotationLambdaARN": w.function_arn,
            "RotationRules": {"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(10 days)"},
        },
    ),
)

RULES: tuple[Case, ...] = (*GATEWAY, *IDENTITY, *FUNCTIONS, *STORED)
