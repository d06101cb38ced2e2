"""What CloudWatch Logs, DynamoDB and IAM refuse of the things a deployment keeps."""

from __future__ import annotations

from local_cloud.control.backends import backend, iam_roles
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

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
    source="DeleteRole API reference; wording from memory",
    status=409,
)
def role_with_policies(call: Call) -> Verdict:
    role = iam_roles().get(call.params["RoleName"])
    if role is None:
        return None
    if role.managed_policies:
        return {"what": "detach all policies"}
    return {"what": "delete policies"} if role.policies else None
