"""Every request's parameters against botocore's model constraints, as AWS checks them before anything else.

Only services in ANSWERS are checked: for those the code and words are known.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import AwsError, Call
from local_cloud.control.strict.answers import ANSWERS
from local_cloud.control.strict.constraints import Fault, faults
from local_cloud.control.strict.exceptions import LEFT_ALONE

LAYER = "strict"


def broken(service: str, operation: Any, params: dict[str, Any]) -> list[Fault]:
    """The constraints that the parameters break, without those that AWS does not hold to."""
    shape = operation.input_shape
    if shape is None or service not in ANSWERS:
        return []
    return [each for each in faults(shape, params) if not _left_alone(service, operation.name, each)]


def _left_alone(service: str, operation: str, fault: Fault) -> bool:
    last = fault.path[-1] if fault.path else ""
    return any((service, name, last) in LEFT_ALONE for name in (operation, "*"))


def enforce(call: Call, operation: Any, disabled: set[str]) -> None:
    """Raise AWS's error for the constraints that the call breaks, unless LAYER is in ``disabled``."""
    found = [] if LAYER in disabled else broken(call.service, operation, call.params)
    if not found:
        return
    answer = ANSWERS[call.service]
    missing = answer.missing_code if found[0].kind == "required" else ""
    raise AwsError(missing or answer.code, answer.words(found, call.operation), 400, refused_by=LAYER)
