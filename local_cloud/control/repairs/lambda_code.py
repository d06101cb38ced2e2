"""The bytes of a function's code, as uploaded, for the data plane."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.state import State


def zip_of(state: State, name: str) -> bytes:
    """GET /_local/lambda/{function}/code: the zip of $LATEST; LookupError where there is none."""
    function: Any = backend("lambda").get_function(name)
    data = getattr(function, "code_bytes", None)
    if not data:
        raise LookupError(f"function {name} has no zip")
    return bytes(data)
