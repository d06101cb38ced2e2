"""What was asked of the control plane, for tests such as 'check mode writes nothing'.

A call is mutating unless its operation only reads. A GET or HEAD of a REST protocol reads; beyond that the
operation's first word tells (AWS names them consistently), with the exceptions listed below. EC2 calls
with ``DryRun`` write nothing.
"""

from __future__ import annotations

import time
from typing import Any

from local_cloud.control.wire import Decoded

READING_WORDS = (
    "BatchCheck",
    "BatchGet",
    "Check",
    "Describe",
    "Discover",
    "Estimate",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Preview",
    "Query",
    "Scan",
    "Search",
    "Select",
    "Simulate",
    "Test",
    "TransactGet",
    "Validate",
)
# Named like writes, yet they leave nothing behind.
READING_OPERATIONS = {
    ("sts", "AssumeRole"),
    ("sts", "AssumeRoleWithWebIdentity"),
    ("sts", "DecodeAuthorizationMessage"),
    ("kms", "Decrypt"),
    ("kms", "Encrypt"),
    ("kms", "GenerateDataKey"),
    ("kms", "GenerateDataKeyWithoutPlaintext"),
    ("kms", "Sign"),
    ("kms", "Verify"),
    ("iam", "GenerateCredentialReport"),
    ("logs", "StartQuery"),
    ("bedrock-runtime", "Converse"),
    ("bedrock-runtime", "ConverseStream"),
    ("bedrock-runtime", "InvokeModel"),
}


def is_mutating(service: str, operation: str, method: str, params: dict[str, Any]) -> bool:
    """Whether the call changes anything in the account."""
    if params.get("DryRun") or (service, operation) in READING_OPERATIONS:
        return False
    return method not in ("GET", "HEAD") and not operation.startswith(READING_WORDS)


def mutates(decoded: Decoded, method: str) -> bool:
    """Whether a decoded request changes anything in the account."""
    return is_mutating(decoded.service, decoded.operation.name, method, decoded.params)


def record(decoded: Decoded, method: str, status: int, error_code: str | None) -> dict[str, Any]:
    """One entry of ``GET /_local/requests``; ``at`` is when it was answered, in seconds since the epoch."""
    name = decoded.operation.name
    return {
        "at": round(time.time(), 3),
        "service": decoded.service,
        "operation": name,
        "mutating": mutates(decoded, method),
        "parameters": _plain(decoded.params, decoded.operation.input_shape),
        "status": status,
        "error_code": error_code,
    }


def _plain(value: Any, shape: Any) -> Any:
    """Parameters fit for JSON: no secrets (the model marks them as sensitive), no file contents."""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if shape is not None and shape.metadata.get("sensitive"):
        return "(sensitive)"
    if isinstance(value, dict):
        return {key: _plain(item, _member(shape, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, getattr(shape, "member", None)) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _member(shape: Any, key: str) -> Any:
    kind = getattr(shape, "type_name", None)
    if kind == "structure":
        return shape.members.get(key)
    return shape.value if kind == "map" else None
