"""CloudWatch log groups: their class and their KMS key."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs


def _key(call: Call, name: str) -> str:
    return f"log-group/{call.region}/{name}"


@repairs("logs", "CreateLogGroup")
def create_log_group(call: Call, proceed: Proceed) -> Result:
    """Keep the class (STANDARD unless told)."""
    result = proceed()
    name = call.params["logGroupName"]
    extra = {"logGroupClass": call.get("logGroupClass") or "STANDARD"}
    if call.get("deletionProtectionEnabled") is not None:
        extra["deletionProtectionEnabled"] = call.params["deletionProtectionEnabled"]
    call.state.kept[_key(call, name)] = extra
    return result


@repairs("logs", "DescribeLogGroups")
def describe_log_groups(call: Call, proceed: Proceed) -> Result:
    """Complete descriptions."""
    result = proceed()
    for shown in result["logGroups"]:
        shown.setdefault("logGroupClass", "STANDARD")
        shown.update(call.state.kept.get(_key(call, shown["logGroupName"]), {}))
    return result


def _required(call: Call) -> Any:
    name = call.get("logGroupName") or (call.get("resourceIdentifier") or "").split("log-group:")[-1]
    group = backend("logs", call.region).groups.get(name.removesuffix(":*"))
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


@repairs("logs", "AssociateKmsKey")
def associate_kms_key(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    _required(call).kms_key_id = call.params["kmsKeyId"]
    return {}


@repairs("logs", "DisassociateKmsKey")
def disassociate_kms_key(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    _required(call).kms_key_id = None
    return {}
