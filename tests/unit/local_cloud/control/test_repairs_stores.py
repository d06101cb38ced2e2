"""DynamoDB, CloudWatch Logs and Bedrock's control plane."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from control_builders import Cloud, unique

TABLE = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_table(cloud: Cloud) -> None:
    dynamodb, name = cloud.client("dynamodb"), unique("table")
    made = dynamodb.create_table(
        TableName=name, **TABLE, SSESpecification={"Enabled": True}, DeletionProtectionEnabled=True
    )["TableDescription"]
    shown = dynamodb.describe_table(TableName=name)["Table"]
    assert shown["TableId"] == made["TableId"]
    assert shown["SSEDescription"]["Status"] == "ENABLED"
    assert shown["DeletionProtectionEnabled"] is True
    assert "LastUpdateToPayPerRequestDateTime" in shown["BillingModeSummary"]
    dynamodb.update_table(TableName=name, SSESpecification={"Enabled": False}, DeletionProtectionEnabled=False)
    assert "SSEDescription" not in dynamodb.describe_table(TableName=name)["Table"]
    assert dynamodb.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    again = dynamodb.create_table(TableName=name, **TABLE)["TableDescription"]
    assert again["TableId"] != made["TableId"]


def test_table_recovery_and_expiry(cloud: Cloud) -> None:
    dynamodb, name = cloud.client("dynamodb"), unique("table")
    dynamodb.create_table(TableName=name, **TABLE)
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def test_log_group(cloud: Cloud) -> None:
    logs, name = cloud.client("logs"), unique("/aws/lambda/chat")
    service = {"Effect": "Allow", "Principal": {"Service": "logs.ap-northeast-1.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [{**service, "Action": "kms:*", "Resource": "*"}]}
    key = cloud.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName=name, logGroupClass="INFREQUENT_ACCESS")
    logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
    shown = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    assert (shown["logGroupClass"], shown["kmsKeyId"]) == ("INFREQUENT_ACCESS", key)
    logs.disassociate_kms_key(logGroupName=name)
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]


def test_inference_profiles(cloud: Cloud) -> None:
    bedrock = cloud.client("bedrock")
    listed = bedrock.list_inference_profiles()["inferenceProfileSummaries"]
    assert {each["inferenceProfileId"].split(".")[0] for each in listed} == {"jp", "apac", "global"}
    profile = bedrock.get_inference_profile(inferenceProfileIdentifier="jp.anthropic.claude-opus-5-5")
    model = "foundation-model/anthropic.claude-opus-5-5"
    assert [each["modelArn"] for each in profile["models"]] == [
        f"arn:aws:bedrock:ap-northeast-1::{model}",
        f"arn:aws:bedrock:ap-northeast-3::{model}",
    ]
    with pytest.raises(ClientError) as raised:
        bedrock.get_inference_profile(inferenceProfileIdentifier="jp.nothing")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_foundation_models(cloud: Cloud) -> None:
    bedrock = cloud.client("bedrock")
    shown = bedrock.get_foundation_model(modelIdentifier="anthropic.claude-opus-5-5")["modelDetails"]
    assert shown["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]
    listed = bedrock.list_foundation_models(byProvider="Amazon")["modelSummaries"]
    assert [each["outputModalities"] for each in listed] == [["EMBEDDING"], ["TEXT"]]
    available = bedrock.get_foundation_model_availability(modelId="anthropic.claude-opus-5-5")
    assert available["authorizationStatus"] == "AUTHORIZED"
    refused = bedrock.get_foundation_model_availability(modelId="cohere.embed-english-v3")
    assert refused["authorizationStatus"] == "NOT_AUTHORIZED"


def test_the_one_knowledge_base(cloud: Cloud) -> None:
    agents = cloud.client("bedrock-agent")
    assert agents.get_knowledge_base(knowledgeBaseId="LOCALKB001")["knowledgeBase"]["status"] == "ACTIVE"
    with pytest.raises(ClientError) as raised:
        agents.get_knowledge_base(knowledgeBaseId="NOSUCHKB01")
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"
