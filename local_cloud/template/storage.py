"""Roles, log groups, tables, repositories and secrets as CloudFormation resources."""

from __future__ import annotations

from local_cloud.template.shapes import Account, Record, Resources, pick, resource, tags


def roles(account: Account) -> Resources:
    """AWS::IAM::Role, without its inline policies."""
    return {
        each["Arn"]: resource(
            "AWS::IAM::Role",
            {
                **pick(each, "RoleName", "Path", "Description", "MaxSessionDuration", "AssumeRolePolicyDocument"),
                "ManagedPolicyArns": each["Managed"],
                "PermissionsBoundary": (each.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn"),
                "Tags": tags(each["Tags"]),
            },
        )
        for each in account["roles"]
    }


def role_policies(account: Account) -> Resources:
    """AWS::IAM::RolePolicy: resources of their own, since a policy may name the function whose role it belongs to."""
    return {
        f"{role['Arn']} {name}": resource(
            "AWS::IAM::RolePolicy",
            {"RoleName": {"Ref": role["Arn"]}, "PolicyName": name, "PolicyDocument": document},
        )
        for role in account["roles"]
        for name, document in role["Inline"].items()
    }


def log_groups(account: Account) -> Resources:
    """AWS::Logs::LogGroup."""
    return {
        each["arn"].removesuffix(":*"): resource(
            "AWS::Logs::LogGroup",
            {
                "LogGroupName": each["logGroupName"],
                "RetentionInDays": each.get("retentionInDays"),
                "KmsKeyId": each.get("kmsKeyId"),
            },
        )
        for each in account["log_groups"]
    }


def tables(account: Account) -> Resources:
    """AWS::DynamoDB::Table."""
    return {each["TableArn"]: resource("AWS::DynamoDB::Table", _table(each)) for each in account["tables"]}


def _table(table: Record) -> Record:
    billing = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
    ttl = table["TimeToLive"]
    recovery = table["Backups"].get("PointInTimeRecoveryDescription", {})
    encryption = table.get("SSEDescription") or {}
    properties: Record = {
        **pick(table, "TableName", "KeySchema", "AttributeDefinitions", "DeletionProtectionEnabled"),
        "BillingMode": billing,
        "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": recovery.get("PointInTimeRecoveryStatus") == "ENABLED"
        },
    }
    if billing == "PROVISIONED":
        properties["ProvisionedThroughput"] = pick(
            table["ProvisionedThroughput"], "ReadCapacityUnits", "WriteCapacityUnits"
        )
    if ttl.get("TimeToLiveStatus") == "ENABLED":
        properties["TimeToLiveSpecification"] = {"AttributeName": ttl["AttributeName"], "Enabled": True}
    if encryption.get("SSEType") == "KMS":
        key = encryption.get("KMSMasterKeyArn")
        properties["SSESpecification"] = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    properties["GlobalSecondaryIndexes"] = [_index(each, billing) for each in table.get("GlobalSecondaryIndexes", [])]
    return properties


def _index(index: Record, billing: str) -> Record:
    made = pick(index, "IndexName", "KeySchema", "Projection")
    if billing == "PROVISIONED":
        units = pick(index["ProvisionedThroughput"], "ReadCapacityUnits", "WriteCapacityUnits")
        made["ProvisionedThroughput"] = units
    return made


def repositories(account: Account) -> Resources:
    """AWS::ECR::Repository."""
    return {
        each["repositoryArn"]: resource(
            "AWS::ECR::Repository",
            {
                "RepositoryName": each["repositoryName"],
                "ImageTagMutability": each.get("imageTagMutability"),
                "ImageScanningConfiguration": {
                    "ScanOnPush": bool((each.get("imageScanningConfiguration") or {}).get("scanOnPush"))
                },
            },
        )
        for each in account["repositories"]
    }


def secrets(account: Account) -> Resources:
    """AWS::SecretsManager::Secret, without its value."""
    return {
        each["ARN"]: resource(
            "AWS::SecretsManager::Secret",
            {**pick(each, "Name", "Description", "KmsKeyId"), "Tags": tags(each.get("Tags"))},
        )
        for each in account["secrets"]
    }


RENDERERS = (roles, role_policies, log_groups, tables, repositories, secrets)
