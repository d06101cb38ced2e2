"""A table is CREATING, UPDATING or DELETING first (TableStatus in the API reference of TableDescription)."""

from __future__ import annotations

from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result

Record = dict[str, Any]
STATES = ("CREATING", "UPDATING", "DELETING")
# 'ResourceInUseException: The operation conflicts with the resource's availability.': these need an ACTIVE table
# (API references of each).
NEED_ACTIVE = ("UpdateTable", "DeleteTable", "UpdateTimeToLive", "UpdateContinuousBackups")


def _key(call: Call, state: str) -> str:
    return f"table:{call.params['TableName'].rsplit('/', maxsplit=1)[-1]}:{state}"


def _state(call: Call) -> str | None:
    return next((state for state in STATES if call.state.clock.busy(_key(call, state))), None)


def _shown(call: Call, description: Record) -> Record:
    state = _state(call)
    return {**description, "TableStatus": state} if state else description


@surrounds("dynamodb", "CreateTable")
def create(call: Call, proceed: Proceed) -> Result:
    """CREATING, then ACTIVE."""
    result = proceed()
    call.state.clock.start(_key(call, "CREATING"), "dynamodb_table.create")
    return {"TableDescription": _shown(call, result["TableDescription"])}


@surrounds("dynamodb", "UpdateTable")
def update(call: Call, proceed: Proceed) -> Result:
    """UPDATING, then ACTIVE."""
    result = proceed()
    call.state.clock.start(_key(call, "UPDATING"), "dynamodb_table.update")
    return {"TableDescription": _shown(call, result["TableDescription"])}


@surrounds("dynamodb", "DescribeTable")
def describe(call: Call, proceed: Proceed) -> Result:
    """With the status of this moment."""
    return {"Table": _shown(call, proceed()["Table"])}


@surrounds("dynamodb", "DeleteTable")
def delete(call: Call, proceed: Proceed) -> Result:
    """DELETING, then gone. A protected table is refused at once."""
    table = backend("dynamodb", call.region).tables.get(call.params["TableName"].rsplit("/", maxsplit=1)[-1])
    if table is None or table.deletion_protection_enabled:
        return proceed()
    call.state.clock.start(_key(call, "DELETING"), "dynamodb_table.delete")
    call.state.clock.later("dynamodb_table.delete", proceed)
    return {"TableDescription": {**table.describe(base_key="Table")["Table"], "TableStatus": "DELETING"}}


# The last registered is the outermost: it is asked before the layers above.
@surrounds("dynamodb", *NEED_ACTIVE)
def need_active(call: Call, proceed: Proceed) -> Result:
    """Refused while the table is on its way."""
    state = _state(call)
    if state is None:
        return proceed()
    name = call.params["TableName"]
    if call.operation == "UpdateContinuousBackups":
        message = "Backups are being enabled for the table: {name}. Please retry later"
        raise AwsError("ContinuousBackupsUnavailableException", message.format(name=name))
    words = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}[state]
    message = f"Attempt to change a resource which is still in use: Table is being {words}: {name}"
    raise AwsError("ResourceInUseException", message)
