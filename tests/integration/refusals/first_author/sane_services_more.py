"""Calls that AWS takes: services, continued."""

from __future__ import annotations

from tests.integration.refusals.cases import case
from tests.integration.refusals.first_author.worked_on_services import LOG_GROUP
from tests.integration.refusals.world import policy

SANE = (
    case(
        "iam",
        "TagRole",
        "two keys",
        lambda w: {"RoleName": "task-role", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]},
    ),
    case("iam", "DeleteRole", "an empty one", lambda w: {"RoleName": "account"}),
    case(
        "dynamodb",
        "CreateTable",
        "provisioned, with an index",
        lambda w: w.table(
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "title")],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-title",
                    "KeySchema": [{"AttributeName": "title", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                }
            ],
        ),
    ),
    case(
        "dynamodb",
        "CreateTable",
        "encrypted",
        lambda w: w.table(
            TableName="a.b_c-1",
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": w.key},
            Tags=[{"Key": "a", "Value": "b"}],
        ),
    ),
    case(
        "dynamodb",
        "UpdateTable",
        "protection off",
        lambda w: {"TableName": "protected", "DeletionProtectionEnabled": False},
    ),
    case("dynamodb", "DeleteTable", "no longer protected", lambda w: {"TableName": "protected"}),
    case(
        "dynamodb",
        "UpdateContinuousBackups",
        "on",
        lambda w: {"TableName": "history", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
    ),
    case(
        "dynamodb",
        "UpdateTimeToLive",
        "off",
        lambda w: {"TableName": "history", "TimeToLiveSpecification": {"Enabled": False, "AttributeName": "ttl"}},
    ),
    case(
        "dynamodb",
        "PutItem",
        "a turn",
        lambda w: {
            "TableName": "history",
            "Item": {"pk": {"S": "USER#1"}, "sk": {"S": "MSG#1"}, "text": {"S": "有給"}},
        },
    ),
    case(
        "dynamodb",
        "Query",
        "a user's turns",
        lambda w: {
            "TableName": "history",
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "USER#1"}},
            "Limit": 5,
            "ScanIndexForward": False,
        },
    ),
    case(
        "logs",
        "CreateLogGroup",
        "every sign allowed",
        lambda w: {"logGroupName": "/aws/lambda/a-b_c.d#1", "tags": {"a": "b"}},
    ),
    case("logs", "PutRetentionPolicy", "ten years", lambda w: {"logGroupName": "/chat", "retentionInDays": 3653}),
    case("logs", "PutRetentionPolicy", "a day", lambda w: {"logGroupName": "/chat", "retentionInDays": 1}),
    case(
        "logs",
        "TagResource",
        "two tags",
        lambda w: {"resourceArn": LOG_GROUP, "tags": {"a": "", "private-rag:deployment": "chatbot-prod"}},
    ),
    case("logs", "DescribeLogGroups", "by prefix", lambda w: {"logGroupNamePrefix": "/chat"}),
    case(
        "secretsmanager",
        "CreateSecret",
        "every sign allowed",
        lambda w: {"Name": "a/b_c+d=e.f@g-h", "SecretString": "x" * 65536, "Description": ""},
    ),
    case("secretsmanager", "GetRandomPassword", "the longest", lambda w: {"PasswordLength": 4096}),
    case("secretsmanager", "PutSecretValue", "another value", lambda w: {"SecretId": w.secret, "SecretString": "{}"}),
    case("secretsmanager", "DeleteSecret", "in a week", lambda w: {"SecretId": w.secret, "RecoveryWindowInDays": 7}),
    case("sts", "GetCallerIdentity", "plain", lambda w: {}),
    case(
        "sts",
        "AssumeRole",
        "every sign allowed",
        lambda w: {"RoleArn": w.task_role, "RoleSessionName": "a+=,.@-_1", "DurationSeconds": 900},
    ),
    case(
        "kms",
        "CreateKey",
        "with a policy",
        lambda w: {
            "Description": "x",
            "Policy": policy(
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ),
        },
    ),
    case("kms", "CreateAlias", "with a path", lambda w: {"AliasName": "alias/chat/history", "TargetKeyId": w.key}),
    case("kms", "ScheduleKeyDeletion", "in a week", lambda w: {"KeyId": w.key, "PendingWindowInDays": 7}),
    case(
        "route53",
        "ChangeResourceRecordSets",
        "an address",
        lambda w: {
            "HostedZoneId": w.zone,
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "chat.corp.example.",
                            "Type": "A",
                            "TTL": 60,
                            "ResourceRecords": [{"Value": "10.20.0.30"}],
                        },
                    }
                ]
            },
        },
    ),
)
