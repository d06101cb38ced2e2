"""What the stranger's calls of this part have in common."""

from __future__ import annotations

from tests.integration.refusals.cases import Params


def vpc(groups: list[str], subnets: list[str]) -> Params:
    return {"SecurityGroupIds": groups, "SubnetIds": subnets}
