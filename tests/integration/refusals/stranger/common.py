"""What several of the stranger's calls have in common."""

from __future__ import annotations

from tests.integration.refusals.cases import Params

API_REFERENCE = "apigateway/latest/api/API_"
GONE_GROUP = "sg-0123456789abcdef0"


def vpc(groups: list[str], subnets: list[str]) -> Params:
    return {"SecurityGroupIds": groups, "SubnetIds": subnets}


def patch(op: str, path: str, value: str | None = None) -> Params:
    return {"patchOperations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}
