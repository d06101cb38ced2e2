"""A function is ``Pending`` first, an update ``InProgress``, and meanwhile others are refused.

Lambda guide, 'Lambda function states' and 'Function states and update status'.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.calls import AwsError, Call, Proceed, Result
from local_cloud.control.repairs.lambda_functions import short_name

Record = dict[str, Any]
CREATING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}
UPDATING = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


def _key(name: str, what: str) -> str:
    return f"function:{short_name(name)}:{what}"


def _current(call: Call, configuration: Record) -> Record:
    name, clock = configuration["FunctionName"], call.state.clock
    if clock.busy(_key(name, "creating")):
        return {**configuration, **CREATING}
    return {**configuration, **UPDATING} if clock.busy(_key(name, "updating")) else configuration


@surrounds("lambda", "UpdateFunctionConfiguration", "UpdateFunctionCode", "PublishVersion")
def change(call: Call, proceed: Proceed) -> Result:
    """Refused while an earlier change is in progress; takes long itself where the network changes."""
    name, clock = call.params["FunctionName"], call.state.clock
    arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{short_name(name)}"
    if clock.busy(_key(name, "creating")):
        message = "The operation cannot be performed at this time. The function is currently in the following state: "
        raise AwsError("ResourceConflictException", f"{message}Pending", 409)
    if clock.busy(_key(name, "updating")):
        message = "The operation cannot be performed at this time. An update is in progress for resource: "
        raise AwsError("ResourceConflictException", f"{message}{arn}", 409)
    before = _network(call, arn)
    result = proceed()
    moved = _network(call, arn) != before
    if call.operation != "PublishVersion":
        clock.start(_key(name, "updating"), "lambda_function.vpc.update" if moved else "lambda_function.update")
    return _current(call, result)


def _network(call: Call, arn: str) -> tuple[list[str], list[str]]:
    config = call.state.kept.get(arn, {}).get("VpcConfig") or {}
    return sorted(config.get("SubnetIds") or []), sorted(config.get("SecurityGroupIds") or [])


@surrounds("lambda", "CreateFunction")
def create(call: Call, proceed: Proceed) -> Result:
    """``Pending``, then ``Active``."""
    result = proceed()
    placed = (call.get("VpcConfig") or {}).get("SubnetIds")
    row = "lambda_function.vpc.create" if placed else "lambda_function.create"
    call.state.clock.start(_key(call.params["FunctionName"], "creating"), row)
    return _current(call, result)


@surrounds("lambda", "GetFunctionConfiguration")
def configuration(call: Call, proceed: Proceed) -> Result:
    """With the state of this moment."""
    return _current(call, proceed())


@surrounds("lambda", "GetFunction")
def function(call: Call, proceed: Proceed) -> Result:
    """With the state of this moment."""
    result = proceed()
    return {**result, "Configuration": _current(call, result["Configuration"])}


@surrounds("lambda", "DeleteFunction")
def delete(call: Call, proceed: Proceed) -> Result:
    """A new function of that name begins anew."""
    result = proceed()
    for what in ("creating", "updating"):
        call.state.clock.hold(_key(call.params["FunctionName"], what), 0)
    return result
