"""One AWS API call as the repairs and refusals see it, and the two tables they register in.

A repair surrounds an operation::

    @repairs("ecs", "CreateService")
    def create_service(call: Call, proceed: Proceed) -> Result: ...

``proceed()`` lets moto answer the call as it came, ``proceed(params)`` with other parameters; both give
the answer parsed to plain data in boto3's shape. What the repair returns is what the client gets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

Params = dict[str, Any]
Result = dict[str, Any]


class AwsError(Exception):
    """An error answer of an AWS API: its code, its message, and its HTTP status (model's own if None).

    ``refused_by`` names what refused a call that moto would have taken: a layer, or a rule of the table.
    """

    def __init__(self, code: str, message: str, status: int | None = None, refused_by: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.refused_by = refused_by


@dataclass
class Access:
    """The caller (``permissions.principals.Principal``), his way, and what ``permissions.enforce`` found."""

    principal: Any = None
    endpoint_id: str = ""
    vpc_id: str = ""
    judged: list[Params] = field(default_factory=list)
    decision: str = ""


@dataclass(frozen=True)
class Call:
    """A decoded request. ``params`` has the shape that boto3's method takes."""

    service: str
    operation: str
    params: Params
    region: str
    account: str
    state: Any = field(repr=False)
    # Who asks, through which VPC endpoint, and the permissions that were judged; see permissions/.
    access: Access = field(default_factory=Access, repr=False)

    def get(self, name: str, default: Any = None) -> Any:
        """The parameter ``name``, or ``default`` where it was not sent."""
        return self.params.get(name, default)

    def having(self, params: Params) -> Call:
        """The same call with other parameters."""
        return replace(self, params=params)


class Proceed(Protocol):
    """Lets moto answer; see the module's docstring."""

    def __call__(self, params: Params | None = None) -> Result: ...


Repair = Callable[[Call, Proceed], Result]
REPAIRS: dict[tuple[str, str], Repair] = {}


def repairs(service: str, *operations: str) -> Callable[[Repair], Repair]:
    """Register a repair for the operations; a second one for the same operation is a programming error."""

    def register(function: Repair) -> Repair:
        for operation in operations:
            if (service, operation) in REPAIRS:
                raise ValueError(f"{service} {operation} is repaired twice")
            REPAIRS[service, operation] = function
        return function

    return register
