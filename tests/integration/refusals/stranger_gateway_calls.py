"""What the stranger's calls of this part have in common."""

from __future__ import annotations

from tests.integration.refusals.cases import Params

API_REFERENCE = "apigateway/latest/api/API_"


def patch(op: str, path: str, value: str | None = None) -> Params:
    return {"patchOperations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}
