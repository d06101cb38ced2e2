"""Faulty calls of API Gateway, IAM, STS, DynamoDB, Logs, Secrets Manager, KMS and Route 53."""

from __future__ import annotations

from typing import Any

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import case
from tests.integration.refusals.world import INTERFACES, World, policy, trust

LOG_GROUP = f"arn:aws:logs:{REGION}:123456789012:log-group:/chat"


def patch(operation: str, path: str, value: str | None = None) -> dict[str, Any]:
    """One patch operation of API Gateway."""
    return {"patchOperations": [{"op": operation, "path": path, **({"value": value} if value is not None else {})}]}


def child(w: World) -> dict[str, str]:
    """A resource that has no method yet."""
    return {"restApiId": w.api, "resourceId": w.child}


FAULTY = (
    case("apigateway", "CreateRestApi", "no name", lambda w: {"name": ""}),
    case(
        "apigateway",
        "CreateRestApi",
        "an endpoint type that is none",
        lambda w: {"name": "x", "endpointConfiguration": {"types": ["INTERNAL"]}},
    ),
    case(
        "apigateway",
        "CreateRestApi",
        "a VPC endpoint that does not exist",
        lambda w: {
            "name": "x",
            "endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-0123456789abcdef0"]},
        },
    ),
    case("apigateway", "CreateRestApi", "a policy that is no JSON", lambda w: {"name": "x", "policy": "allow all"}),
    case(
        "apigateway",
        "CreateRestApi",
        "compression from -2 bytes",
        lambda w: {"name": "x", "minimumCompressionSize": -2},
    ),
    case(
        "apigateway",
        "CreateDeployment",
        "a private API without policy",
        lambda w: {"restApiId": w.bare_api, "stageName": "prod"},
    ),
    case("apigateway", "CreateDeployment", "no methods", lambda w: {"restApiId": w.public_api, "stageName": "prod"}),
    case(
        "apigateway", "CreateDeployment", "a stage with a slash", lambda w: {"restApiId": w.api, "stageName": "prod/1"}
    ),
    case(
        "apigateway",
        "CreateResource",
        "the same path again",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "history"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "a path with a space",
        lambda w: {"restApiId": w.api, "parentId": w.root, "pathPart": "chat history"},
    ),
    case(
        "apigateway",
        "CreateResource",
        "an unknown parent",
        lambda w: {"restApiId": w.api, "parentId": "nothing000", "pathPart": "x"},
    ),
    case("apigateway", "PutMethod", "the same method again", lambda w: {**w.method(), "authorizationType": "NONE"}),
    case(
        "apigateway",
        "PutMethod",
        "an authorization that is none",
        lambda w: {**child(w), "httpMethod": "GET", "authorizationType": "IAM"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "an HTTP method that is none",
        lambda w: {**child(w), "httpMethod": "FETCH", "authorizationType": "NONE"},
    ),
    case(
        "apigateway",
        "PutMethod",
        "CUSTOM without an authorizer",
        lambda w: {**child(w), "httpMethod": "GET", "authorizationType": "CUSTOM"},
    ),
    case("apigateway", "PutIntegration", "a timeout of a minute", lambda w: w.integration(timeoutInMillis=60000)),
    case("apigateway", "PutIntegration", "the function's ARN as URI", lambda w: w.integration(uri=w.function_arn)),
    case("apigateway", "PutIntegration", "a type that is none", lambda w: w.integration(type="LAMBDA_PROXY")),
    case("apigateway", "PutIntegration", "no such method", lambda w: w.integration(httpMethod="GET")),
    case("apigateway", "PutIntegrationResponse", "no method response", lambda w: {**w.method(), "statusCode": "418"}),
    case("apigateway", "PutMethodResponse", "a status that is none", lambda w: {**w.method(), "statusCode": "ok"}),
    case(
        "apigateway",
        "PutGatewayResponse",
        "a type that is none",
        lambda w: {"restApiId": w.api, "responseType": "DEFAULT_3XX"},
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "a path that is none",
        lambda w: {"restApiId": w.api, **patch("replace", "/polizy", INTERFACES)},
    ),
    case(
        "apigateway",
        "UpdateRestApi",
        "an operation that is none",
        lambda w: {"restApiId": w.api, **patch("set", "/name", "x")},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "logs without the account's role",
        lambda w: {"restApiId": w.api, "stageName": "prod", **patch("replace", "/*/*/logging/loglevel", "INFO")},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "a log level that is none",
        lambda w: {"restApiId": w.api, "stageName": "prod", **patch("replace", "/*/*/logging/loglevel", "DEBUG")},
    ),
    case(
        "apigateway",
        "UpdateStage",
        "a stage that does not exist",
        lambda w: {"restApiId": w.api, "stageName": "dev", **patch("replace", "/description", "x")},
    ),
    case(
        "apigateway",
        "CreateStage",
        "an unknown deployment",
        lambda w: {"restApiId": w.api, "stageName": "dev", "deploymentId": "nothing"},
    ),
    case(
        "apigateway",
        "DeleteDeployment",
        "a stage points to it",
        lambda w: {"restApiId": w.api, "deploymentId": w.deployment},
    ),
    case(
        "iam",
        "CreateRole",
        "a name with a space",
        lambda w: {"RoleName": "chat bot", "AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    ),
    case(
        "iam",
        "CreateRole",
        "a trust policy without principal",
        lambda w: {
            "RoleName": "x",
            "AssumeRolePolicyDocument": policy({"Effect": "Allow", "Action": "sts:AssumeRole"}),
        },
    ),
    case(
        "iam",
        "CreateRole",
        "a trust policy with a resource",
        lambda w: {"RoleName": "x", "AssumeRolePolicyDocument": INTERFACES},
    ),
    case(
        "iam",
        "CreateRole",
        "an unknown service principal",
        lambda w: {"RoleName": "x", "AssumeRolePolicyDocument": trust("lamda.amazonaws.com")},
    ),
    case(
        "iam",
        "CreateRole",
        "a session of 13 hours",
        lambda w: {
            "RoleName": "x",
            "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
            "MaxSessionDuration": 46800,
        },
    ),
    case(
        "iam",
        "CreateRole",
        "a name that is taken",
        lambda w: {"RoleName": "lambda-role", "AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "no JSON",
        lambda w: {"RoleName": "task-role", "PolicyName": "p", "PolicyDocument": "{allow}"},
    ),
    case(
        "iam",
        "PutRolePolicy",
        "an effect that is none",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({"Effect": "allow", "Action": "s3:*", "Resource": "*"}),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "an action without service",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({"Effect": "Allow", "Action": "PutItem", "Resource": "*"}),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "a resource that is no ARN",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "bucket/*"}),
        },
    ),
    case(
        "iam",
        "PutRolePolicy",
        "a principal",
        lambda w: {
            "RoleName": "task-role",
            "PolicyName": "p",
            "PolicyDocument": policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}),
        },
    ),
    case(
        "iam",
        "AttachRolePolicy",
        "a policy that does not exist",
        lambda w: {"RoleName": "task-role", "PolicyArn": "arn:aws:iam::aws:policy/AmazonBedrockFull"},
    ),
    case("iam", "DeleteRole", "policies in it", lambda w: {"RoleName": "lambda-role"}),
    case("iam", "DeleteRole", "policies attached to it", lambda w: {"RoleName": "execution-role"}),
    case("dynamodb", "CreateTable", "a name with a space", lambda w: w.table(TableName="chat history")),
    case(
        "dynamodb",
        "CreateTable",
        "a key that is not defined",
        lambda w: w.table(AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}]),
    ),
    case(
        "dynamodb",
        "CreateTable",
        "an attribute that is no key",
        lambda w: w.table(
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "title")]
        ),
    ),
    case(
        "dynamodb",
        "CreateTable",
        "capacity with pay per request",
        lambda w: w.table(ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}),
    ),
    case("dynamodb", "CreateTable", "provisioned without capacity", lambda w: w.table(BillingMode="PROVISIONED")),
    case(
        "dynamodb",
        "CreateTable",
        "a type that is none",
        lambda w: w.table(AttributeDefinitions=[{"AttributeName": n, "AttributeType": "String"} for n in ("pk", "sk")]),
    ),
    case("dynamodb", "CreateTable", "a name that is taken", lambda w: w.table(TableName="history")),
    case(
        "dynamodb",
        "UpdateTimeToLive",
        "enabled already",
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
    ),
    case("dynamodb", "DeleteTable", "protected", lambda w: {"TableName": "protected"}),
    case("logs", "PutRetentionPolicy", "45 days", lambda w: {"logGroupName": "/chat", "retentionInDays": 45}),
    case(
        "logs", "PutRetentionPolicy", "an unknown group", lambda w: {"logGroupName": "/nothing", "retentionInDays": 30}
    ),
    case("logs", "CreateLogGroup", "a name with a space", lambda w: {"logGroupName": "/chat bot"}),
    case("logs", "CreateLogGroup", "a name that is taken", lambda w: {"logGroupName": "/chat"}),
    case("logs", "CreateLogGroup", "a key that is no ARN", lambda w: {"logGroupName": "/x", "kmsKeyId": ""}),
    case("secretsmanager", "CreateSecret", "a name with a space", lambda w: {"Name": "chat bot", "SecretString": "x"}),
    case(
        "secretsmanager", "CreateSecret", "a name that is taken", lambda w: {"Name": "chat/cookie", "SecretString": "x"}
    ),
    case(
        "secretsmanager",
        "DeleteSecret",
        "a recovery window of a day",
        lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 1},
    ),
    case(
        "secretsmanager", "PutResourcePolicy", "no JSON", lambda w: {"SecretId": w.secret, "ResourcePolicy": "{deny}"}
    ),
    case(
        "sts",
        "AssumeRole",
        "a session name with a space",
        lambda w: {"RoleArn": w.task_role, "RoleSessionName": "chat bot"},
    ),
    case("kms", "CreateKey", "a usage that is none", lambda w: {"KeyUsage": "ENCRYPT"}),
    case("kms", "CreateAlias", "a name without alias/", lambda w: {"AliasName": "chat", "TargetKeyId": w.key}),
    case("kms", "ScheduleKeyDeletion", "in 3 days", lambda w: {"KeyId": w.key, "PendingWindowInDays": 3}),
    case(
        "route53",
        "CreateHostedZone",
        "a second private zone of that name in the VPC",
        lambda w: {"Name": "corp.example.", "CallerReference": "2", "VPC": {"VPCRegion": REGION, "VPCId": w.vpc}},
    ),
)
