"""The permissions that a call needs: the table that ``actions/`` fills, and what its rows are made of.

A row yields one ``Need`` for each permission that AWS asks of the caller, the call's own action first::

    @needs("dynamodb", "DescribeTable", "UpdateTable")
    def table(call: Call) -> Iterator[Need]:
        yield Need(f"dynamodb:{call.operation}", arn(call, "dynamodb", f"table/{call.params['TableName']}"))

An operation without a row is known to the root only (see ``enforce``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.control.calls import Call

Value = str | list[str]


@dataclass(frozen=True)
class Need:
    """One permission: an IAM action on one resource, with the condition keys that the request carries."""

    action: str
    resource: str = "*"
    context: Mapping[str, Value] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Plain data, for the record of requests."""
        return {"action": self.action, "resource": self.resource, "context": dict(self.context)}


Row = Callable[[Call], Iterable[Need]]
ROWS: dict[tuple[str, str], Row] = {}


def needs(service: str, *operations: str) -> Callable[[Row], Row]:
    """Register a row for the operations; a second one for the same operation is a programming error."""

    def register(row: Row) -> Row:
        for operation in " ".join(operations).split():
            if (service, operation) in ROWS:
                raise ValueError(f"{service} {operation} has two rows")
            ROWS[service, operation] = row
        return row

    return register


def of_call(call: Call) -> list[Need] | None:
    """The permissions of a call; None where the table does not know the operation.

    A call that lacks a required parameter needs none: it is refused as invalid, by the steps that follow.
    """
    row = ROWS.get((call.service, call.operation))
    try:
        return None if row is None else list(row(call))
    except KeyError:
        return []


def arn(call: Call, service: str, rest: str) -> str:
    """An ARN of this account and region; ``rest`` that is an ARN already stays as it is."""
    return rest if rest.startswith("arn:") else f"arn:aws:{service}:{call.region}:{call.account}:{rest}"


def request_tags(tags: Any) -> dict[str, Value]:
    """aws:RequestTag/... and aws:TagKeys of the tags in a request, in any of the shapes that AWS's APIs use."""
    named = as_mapping(tags)
    if not named:
        return {}
    return {**{f"aws:RequestTag/{key}": value for key, value in named.items()}, "aws:TagKeys": sorted(named)}


def resource_tags(tags: Any) -> dict[str, Value]:
    """aws:ResourceTag/... of the tags that a resource bears."""
    return {f"aws:ResourceTag/{key}": value for key, value in as_mapping(tags).items()}


def as_mapping(tags: Any) -> dict[str, str]:
    """A map, or a list of ``Key``/``Value`` or ``key``/``value`` pairs."""
    if not tags:
        return {}
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag.get("Key", tag.get("key"))): str(tag.get("Value", tag.get("value", ""))) for tag in tags}


def pass_role(role_arn: str, service: str) -> Need:
    """IAM guide, 'Grant a user permissions to pass a role to an AWS service'."""
    return Need("iam:PassRole", role_arn, {"iam:PassedToService": service})
