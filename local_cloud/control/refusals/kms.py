"""What Key Management Service refuses."""

from __future__ import annotations

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses


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
