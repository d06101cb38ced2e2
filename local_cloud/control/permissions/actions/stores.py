"""DynamoDB, Secrets Manager, CloudWatch Logs, IAM and STS."""

from __future__ import annotations

from collections.abc import Iterator

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.permissions.needs import Need, arn, needs, request_tags

# --- DynamoDB -------------------------------------------------------------------------------------------------------


@needs(
    "dynamodb",
    "DeleteItem DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive GetItem PutItem Query Scan",
    "UpdateContinuousBackups UpdateItem UpdateTable UpdateTimeToLive CreateTable",
)
def on_table(call: Call) -> Iterator[Need]:
    resource, sent = arn(call, "dynamodb", f"table/{call.params['TableName']}"), request_tags(call.get("Tags"))
    if call.params["TableName"].startswith("arn:"):
        resource = call.params["TableName"]
    yield Need(f"dynamodb:{call.operation}", resource, sent)
    if sent:
        yield Need("dynamodb:TagResource", resource, sent)


@needs("dynamodb", "TransactWriteItems", "TransactGetItems")
def transaction(call: Call) -> Iterator[Need]:
    """The permissions of what it is made of (DynamoDB guide, 'Amazon DynamoDB Transactions', IAM)."""
    actions = {"ConditionCheck": "ConditionCheckItem", "Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
    for item in call.params["TransactItems"]:
        for kind, sent in item.items():
            action = actions.get(kind, "GetItem")
            yield Need(f"dynamodb:{action}", arn(call, "dynamodb", f"table/{sent['TableName']}"))


@needs("dynamodb", "ListTagsOfResource", "TagResource", "UntagResource")
def tag_table(call: Call) -> Iterator[Need]:
    yield Need(f"dynamodb:{call.operation}", call.params["ResourceArn"], request_tags(call.get("Tags")))


# --- Secrets Manager ------------------------------------------------------------------------------------------------


def _secret(call: Call, named: str) -> str:
    """The stored ARN, which ends in six characters. One that does not exist counts as if it had some: so AWS names
    it when it refuses (jenkinsci/aws-secrets-manager-credentials-provider-plugin #74).
    """
    store = backend("secretsmanager", call.region).secrets
    if named in store:
        return str(store[named].arn)
    return arn(call, "secretsmanager", named if named.startswith("arn:") else f"secret:{named}-000000")


@needs("secretsmanager", "CreateSecret")
def create_secret(call: Call) -> Iterator[Need]:
    resource, sent = _secret(call, call.params["Name"]), request_tags(call.get("Tags"))
    yield Need("secretsmanager:CreateSecret", resource, sent)
    if sent:
        yield Need("secretsmanager:TagResource", resource, sent)


@needs("secretsmanager", "GetRandomPassword", "ListSecrets")
def unscoped(call: Call) -> Iterator[Need]:
    yield Need(f"secretsmanager:{call.operation}")


@needs(
    "secretsmanager",
    "DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy GetSecretValue PutResourcePolicy",
    "PutSecretValue RestoreSecret TagResource UntagResource UpdateSecret",
)
def on_secret(call: Call) -> Iterator[Need]:
    resource = _secret(call, call.params["SecretId"])
    yield Need(f"secretsmanager:{call.operation}", resource, request_tags(call.get("Tags")))


# --- CloudWatch Logs ------------------------------------------------------------------------------------------------


def _group(call: Call) -> str:
    """With an empty stream, as AWS's refusals name it (elastic/apm-aws-lambda #526)."""
    return arn(call, "logs", f"log-group:{call.params['logGroupName']}:log-stream:{call.get('logStreamName', '')}")


@needs("logs", "DescribeLogGroups")
def describe_log_groups(call: Call) -> Iterator[Need]:
    yield Need("logs:DescribeLogGroups")


@needs(
    "logs",
    "AssociateKmsKey CreateLogStream DeleteLogGroup DeleteRetentionPolicy DescribeLogStreams DisassociateKmsKey",
    "FilterLogEvents GetLogEvents PutLogEvents PutRetentionPolicy",
)
def on_group(call: Call) -> Iterator[Need]:
    yield Need(f"logs:{call.operation}", _group(call))


@needs("logs", "CreateLogGroup")
def create_log_group(call: Call) -> Iterator[Need]:
    """CreateLogGroup API reference: tags need logs:TagResource besides."""
    sent = request_tags(call.get("tags"))
    yield Need("logs:CreateLogGroup", _group(call), sent)
    if sent:
        yield Need("logs:TagResource", arn(call, "logs", f"log-group:{call.params['logGroupName']}"), sent)


@needs("logs", "ListTagsForResource", "TagResource", "UntagResource")
def tag_group(call: Call) -> Iterator[Need]:
    """These take the ARN without ':*' (Logs guide, 'CloudWatch Logs resources and operations')."""
    resource = call.params["resourceArn"].removesuffix(":*")
    yield Need(f"logs:{call.operation}", resource, request_tags(call.get("tags")))


# --- IAM and STS ----------------------------------------------------------------------------------------------------


@needs(
    "iam",
    "DeleteRole DeleteRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole",
    "ListRolePolicies ListRoleTags PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole CreateRole",
    "DeleteRolePermissionsBoundary PutRolePermissionsBoundary AttachRolePolicy DetachRolePolicy",
)
def on_role(call: Call) -> Iterator[Need]:
    found = iam_roles().get(call.params["RoleName"])
    resource = (
        found.arn if found else f"arn:aws:iam::{call.account}:role{call.get('Path', '/')}{call.params['RoleName']}"
    )
    context = request_tags(call.get("Tags"))
    if call.get("PermissionsBoundary"):
        context["iam:PermissionsBoundary"] = call.params["PermissionsBoundary"]
    if call.get("PolicyArn"):
        context["iam:PolicyARN"] = call.params["PolicyArn"]
    yield Need(f"iam:{call.operation}", resource, context)
    if call.operation == "CreateRole" and call.get("Tags"):
        yield Need("iam:TagRole", resource, request_tags(call.get("Tags")))


@needs("iam", "ListAccountAliases")
def account(call: Call) -> Iterator[Need]:
    yield Need(f"iam:{call.operation}")


@needs("sts", "GetCallerIdentity")
def who_am_i(call: Call) -> Iterator[Need]:
    """GetCallerIdentity API reference: 'No permissions are required'."""
    yield from ()


@needs("kms", "DescribeKey")
def key(call: Call) -> Iterator[Need]:
    named = call.params["KeyId"]
    found = backend("kms", call.region).describe_key(named) if named.startswith("alias/") else None
    yield Need("kms:DescribeKey", found.arn if found else arn(call, "kms", f"key/{named}"))


@needs("iam", "GetPolicy")
def managed_policy(call: Call) -> Iterator[Need]:
    yield Need("iam:GetPolicy", call.params["PolicyArn"])


# --- What preflight looks at ----------------------------------------------------------------------------------------


@needs("acm", "DescribeCertificate")
def certificate(call: Call) -> Iterator[Need]:
    yield Need("acm:DescribeCertificate", call.params["CertificateArn"])


@needs("bedrock", "ListFoundationModels", "ListInferenceProfiles")
def list_models(call: Call) -> Iterator[Need]:
    yield Need(f"bedrock:{call.operation}")


@needs("bedrock", "GetFoundationModel")
def get_model(call: Call) -> Iterator[Need]:
    named = call.params["modelIdentifier"].rpartition("/")[2]
    yield Need("bedrock:GetFoundationModel", f"arn:aws:bedrock:{call.region}::foundation-model/{named}")


@needs("bedrock", "GetInferenceProfile")
def get_profile(call: Call) -> Iterator[Need]:
    named = call.params["inferenceProfileIdentifier"].rpartition("/")[2]
    yield Need("bedrock:GetInferenceProfile", arn(call, "bedrock", f"inference-profile/{named}"))


@needs("bedrock", "GetFoundationModelAvailability")
def get_model_availability(call: Call) -> Iterator[Need]:
    """Service Authorization Reference, Amazon Bedrock: no resource type is listed for it."""
    yield Need("bedrock:GetFoundationModelAvailability")


@needs("bedrock-agent", "GetKnowledgeBase")
def get_knowledge_base(call: Call) -> Iterator[Need]:
    yield Need("bedrock:GetKnowledgeBase", arn(call, "bedrock", f"knowledge-base/{call.params['knowledgeBaseId']}"))
