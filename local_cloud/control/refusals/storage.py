"""What CloudWatch Logs, DynamoDB, IAM, KMS, Secrets Manager and Route 53 refuse of the things a deployment keeps."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+")
# PutRetentionPolicy API reference, retentionInDays.
SHORT = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545)
RETENTION = (*SHORT, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


@refuses(
    "logs-retention",
    "logs",
    "PutRetentionPolicy",
    code="InvalidParameterException",
    message="1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: "
    "Member must satisfy enum value set: [{values}]",
    source="PutRetentionPolicy API reference; wording from memory",
)
def retention(call: Call) -> Verdict:
    days = call.params["retentionInDays"]
    values = ", ".join(str(each) for each in RETENTION)
    return None if days in RETENTION else {"days": days, "values": values}


@refuses(
    "logs-key",
    "logs",
    ["CreateLogGroup", "AssociateKmsKey"],
    code="InvalidParameterException",
    message="The specified KMS key does not exist or is not allowed to be used with '{arn}'",
    source="CreateLogGroup API reference, kmsKeyId: an ARN; as quoted in public error reports",
)
def logs_key(call: Call) -> Verdict:
    key = call.get("kmsKeyId")
    group = f"arn:aws:logs:{call.region}:{call.account}:log-group:{call.get('logGroupName')}"
    return {"arn": group} if key is not None and not KEY_ARN.fullmatch(key) else None


@refuses(
    "dynamodb-table-name",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    source="CreateTable API reference, TableName (boto3's model has the pattern of ARNs); localstack/localstack",
)
def table_name(call: Call) -> Verdict:
    name = call.params["TableName"]
    return None if re.fullmatch("[a-zA-Z0-9_.-]+", name) else {"name": name}


@refuses(
    "dynamodb-table-name-length",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="TableName must be at least 3 characters long and at most 255 characters long",
    source="CreateTable API reference, TableName; as quoted in public error reports",
)
def table_name_length(call: Call) -> Verdict:
    return not 3 <= len(call.params["TableName"]) <= 255


@refuses(
    "dynamodb-key-schema",
    "dynamodb",
    "CreateTable",
    code="ValidationException",
    message="Invalid KeySchema: {fault}",
    source="CreateTable API reference, KeySchema; as quoted in public error reports",
)
def key_schema(call: Call) -> Verdict:
    kinds = [each.get("KeyType") for each in call.get("KeySchema") or []]
    if kinds[:1] != ["HASH"]:
        return {"fault": "The first KeySchemaElement is not a HASH key type"}
    return (
        {"fault": "The second KeySchemaElement is not a RANGE key type"} if kinds[1:] not in ([], ["RANGE"]) else None
    )


@refuses(
    "secretsmanager-secret-name",
    "secretsmanager",
    "CreateSecret",
    code="ValidationException",
    message="Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    source="localstack/localstack, tests/aws/services/secretsmanager, test_invalid_secret_name",
)
def secret_name(call: Call) -> Verdict:
    return not re.fullmatch(r"[A-Za-z0-9/_+=.@!-]+", call.params["Name"])


@refuses(
    "secretsmanager-two-values",
    "secretsmanager",
    ["CreateSecret", "PutSecretValue", "UpdateSecret"],
    code="InvalidParameterException",
    message="You can't specify both a binary secret value and a string secret value in the same secret.",
    source="CreateSecret API reference, SecretBinary; as quoted in public error reports",
)
def two_values(call: Call) -> Verdict:
    return call.get("SecretString") is not None and call.get("SecretBinary") is not None


@refuses(
    "kms-deletion-window",
    "kms",
    "ScheduleKeyDeletion",
    code="ValidationException",
    message="PendingWindowInDays must be between 7 and 30",
    source="ScheduleKeyDeletion API reference, PendingWindowInDays (boto3's model says 1 to 365)",
)
def deletion_window(call: Call) -> Verdict:
    return not 7 <= call.get("PendingWindowInDays", 30) <= 30


@refuses(
    "kms-alias-of-aws",
    "kms",
    ["CreateAlias", "UpdateAlias"],
    code="InvalidAliasNameException",
    message="alias/aws/ is reserved for AWS managed keys",
    source="CreateAlias API reference, AliasName: 'cannot begin with alias/aws/'; wording from memory",
)
def alias_of_aws(call: Call) -> Verdict:
    return str(call.params["AliasName"]).startswith("alias/aws/")


@refuses(
    "route53-address",
    "route53",
    "ChangeResourceRecordSets",
    code="InvalidChangeBatch",
    message="[Invalid Resource Record: 'FATAL problem: {kind}IPAddress (Value is not a valid {version} address) "
    "encountered with '{value}'']",
    source="ChangeResourceRecordSets API reference, InvalidChangeBatch; as quoted in public error reports",
    status=400,
)
def address(call: Call) -> Verdict:
    versions = {
        "A": ("ARRDATAIllegal", "IPv4", ipaddress.IPv4Address),
        "AAAA": ("AAAARRDATAIllegal", "IPv6", ipaddress.IPv6Address),
    }
    for change in call.params["ChangeBatch"]["Changes"]:
        record = change["ResourceRecordSet"]
        kind, version, parse = versions.get(record["Type"], ("", "", str))
        for each in record.get("ResourceRecords") or []:
            if not _parses(parse, each["Value"]):
                return {"kind": kind, "version": version, "value": each["Value"]}
    return None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


@refuses(
    "route53-second-private-zone",
    "route53",
    ["CreateHostedZone", "AssociateVPCWithHostedZone"],
    code="ConflictingDomainExists",
    message="The VPC {vpc} in region {region} has already been associated with the hosted zone {zone} with the "
    "same domain name.",
    source="CreateHostedZone API reference, ConflictingDomainExists; as quoted in public error reports",
    status=400,
)
def second_private_zone(call: Call) -> Verdict:
    wanted = (call.get("VPC") or {}).get("VPCId")
    zones = backend("route53", "aws").zones
    own = zones.get((call.get("HostedZoneId") or "").split("/")[-1])
    name = (call.get("Name") or (own.name if own else "")).rstrip(".")
    for zone in zones.values():
        if zone is not own and zone.name.rstrip(".") == name and any(each["vpc_id"] == wanted for each in zone.vpcs):
            return {"vpc": wanted, "region": call.region, "zone": zone.id}
    return None


@refuses(
    "dynamodb-deletion-protection",
    "dynamodb",
    "DeleteTable",
    code="ValidationException",
    message="Resource cannot be deleted as it is currently protected against deletion. "
    "Disable deletion protection first.",
    source="DynamoDB guide, 'Using deletion protection'; wording from memory",
)
def deletion_protection(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    return table is not None and bool(table.deletion_protection_enabled)


@refuses(
    "dynamodb-ttl-twice",
    "dynamodb",
    "UpdateTimeToLive",
    code="ValidationException",
    message="TimeToLive is already {state}",
    source="as quoted in public error reports",
)
def ttl_twice(call: Call) -> Verdict:
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].split("/")[-1])
    wanted = bool(call.params["TimeToLiveSpecification"]["Enabled"])
    if table is None or (table.ttl.get("TimeToLiveStatus") == "ENABLED") != wanted:
        return None
    return {"state": "enabled" if wanted else "disabled"}


@refuses(
    "iam-role-with-policies",
    "iam",
    "DeleteRole",
    code="DeleteConflict",
    message="Cannot delete entity, must {what} first.",
    source="hashicorp/boundary pull request 5646 (managed), burtcorp/athena-runner pull request 1 (inline)",
    status=409,
)
def role_with_policies(call: Call) -> Verdict:
    role = iam_roles().get(call.params["RoleName"])
    if role is None:
        return None
    if role.managed_policies:
        return {"what": "detach all policies"}
    return {"what": "delete policies"} if role.policies else None
