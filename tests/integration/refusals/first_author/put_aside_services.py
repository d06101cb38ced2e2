"""The third of the cases that was kept back while the rules were written: services."""

from __future__ import annotations

import json

from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_services import LOG_GROUP, child, patch
from tests.integration.refusals.world import INTERFACES, policy, trust

HELD_OUT = (
    case(
        "apigateway",
        "CreateRestApi",
        "endpoints of a regional API",
        lambda w: {"name": "x", "endpointConfiguration": {"types": ["REGIONAL"], "vpcEndpointIds": [w.api_endpoint]}},
    ),
    case("apigateway", "CreateRestApi", "a key source that is none", lambda w: {"name": "x", "apiKeySource": "QUERY"}),
    case("apigateway", "GetRestApi", "an unknown API", lambda w: {"restApiId": "nothing000"}),
    case(
        "apigateway",
        "PutMethod",
        "an unknown resource",
        lambda w: {"restApiId": w.api, "resourceId": "nothing000", "httpMethod": "GET", "authorizationType": "NONE"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "an unknown validator",
        lambda w: {**child(w), "httpMethod": "GET", "authorizationType": "NONE", "requestValidatorId": "nothing"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "a parameter without its place",
        lambda w: {**child(w), "httpMethod": "GET", "authorizationType": "NONE", "requestParameters": {"id": True}},
    ),
    case("apigateway", "PutIntegration", "a timeout of 10 ms", lambda w: w.integration(timeoutInMillis=10)),
    case(
        "apigateway",
        "PutIntegration",
        "HTTP without URI",
        lambda w: {**w.method(), "type": "HTTP_PROXY", "integrationHttpMethod": "POST"},
    ),
    case(
        "apigateway",
        "PutIntegration",
        "passthrough that is none",
        lambda w: w.integration(passthroughBehavior="ALWAYS"),
    ),
    case(
        "apigateway",
        "PutIntegrationResponse",
        "a header that is not declared",
        lambda w: {
            **w.method(),
            "statusCode": "200",
            "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
        },
    ),
    case(
        "apigateway", "CreateDeployment", "an unknown API", lambda w: {"restApiId": "nothing000", "stageName": "prod"}
    ),
    case(
        "apigateway",
        "CreateStage",
        "a stage that is there",
        lambda w: {"restApiId": w.api, "stageName": "prod", "deploymentId": w.deployment},
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "a policy that is no JSON",
        lambda w: {"restApiId": w.api, **patch("replace", "/policy", "allow")},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "a throttle that is no number",
        lambda w: {"restApiId": w.api, "stageName": "prod", **patch("replace", "/*/*/throttling/rateLimit", "many")},
    ),
    case(
        "apigateway",
        "UpdateAccount",
        "a role that does not exist",
        lambda w: patch("replace", "/cloudwatchRoleArn", "arn:aws:iam::123456789012:role/nothing"),
    ),
    case(
        "iam", "CreateRole", "no JSON", lambda w: {"RoleName": "x", "AssumeRolePolicyDocument": "lambda.amazonaws.com"}
    ),
    case(
        "iam",
        "CreateRole",
        "a path without slashes",
        lambda w: {"RoleName": "x", "Path": "chat", "AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    ),
    case(
        "iam",
        "CreateRole",
        "a name of 65 letters",
        lambda w: {"RoleName": "x" * 65, "AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "a version of its own",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": json.dumps(
                {"Version": "2026-11-23", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
            ),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "a role that does not exist",
        lambda w: {"RoleName": "nothing", "PolicyName": "p", "PolicyDocument": INTERFACES},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "a statement without resource",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({"Effect": "Allow", "Action": "s3:*"}),
        },
    ),
    case(
        "iam",
        "UpdateAssumeRolePolicy",
        "no principal",
        lambda w: {"RoleName": "task-role", "PolicyDocument": policy({"Effect": "Allow", "Action": "sts:AssumeRole"})},
    ),
    case(
        "iam",
        "TagRole",
        "the same key twice",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]},
    ),
    case(
        "dynamodb",
        "CreateTable",
        "two hash keys",
        lambda w: w.table(KeySchema=[{"AttributeName": n, "KeyType": "HASH"} for n in ("pk", "sk")]),
    ),
    case("dynamodb", "CreateTable", "a name of two letters", lambda w: w.table(TableName="ab")),
    case("dynamodb", "CreateTable", "a billing mode that is none", lambda w: w.table(BillingMode="ON_DEMAND")),
    case(
        "dynamodb",
        "CreateTable",
        "a range key only",
        lambda w: w.table(
            KeySchema=[{"AttributeName": "pk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        ),
    ),
    case(
        "dynamodb",
        "UpdateContinuousBackups",
        "an unknown table",
        lambda w: {"TableName": "nothing", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
    ),
    case("logs", "CreateLogGroup", "a class that is none", lambda w: {"logGroupName": "/x", "logGroupClass": "CHEAP"}),
    case("logs", "TagResource", "a key of AWS's", lambda w: {"resourceArn": LOG_GROUP, "tags": {"aws:x": "1"}}),
    case(
        "secretsmanager",
        "CreateSecret",
        "a string and bytes",
        lambda w: {"Name": "x", "SecretString": "x", "SecretBinary": b"x"},
    ),
    case("secretsmanager", "GetRandomPassword", "of 5000 letters", lambda w: {"PasswordLength": 5000}),
    case(
        "secretsmanager",
        "PutSecretValue",
        "a secret that does not exist",
        lambda w: {"SecretId": "nothing", "SecretString": "x"},
    ),
    case("kms", "CreateAlias", "AWS's own prefix", lambda w: {"AliasName": "alias/aws/chat", "TargetKeyId": w.key}),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "an address that is none",
        lambda w: {
            "HostedZoneId": w.zone,
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "CREATE",
                        "ResourceRecordSet": {
                            "Name": "chat.corp.example.",
                            "Type": "A",
                            "TTL": 60,
                            "ResourceRecords": [{"Value": "10.20.0.300"}],
                        },
                    }
                ]
            },
        },
    ),
)
