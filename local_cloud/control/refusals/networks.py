"""Looking up subnets and groups for the rules of every service; no rules here."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call


def subnet_of(call: Call, subnet_id: str | None) -> Any:
    """moto's subnet, or None."""
    for by_id in ec2(call.region).subnets.values():
        if subnet_id in by_id:
            return by_id[subnet_id]
    return None


def group_of(call: Call, group_id: str | None) -> Any:
    """moto's security group, or None."""
    return ec2(call.region).get_security_group_from_id(group_id) if group_id else None


def apart(call: Call, subnets: list[str], groups: list[str]) -> dict[str, str] | None:
    """The first group that is in another VPC than the first subnet, with both VPCs; None where all agree."""
    first: Any = next((found for each in subnets if (found := subnet_of(call, each))), None)
    for name in groups if first else []:
        group = group_of(call, name)
        if group is not None and group.vpc_id != first.vpc_id:
            return {"group": name, "subnet": first.id, "vpc": first.vpc_id}
    return None


def scattered(call: Call, subnets: list[str]) -> dict[str, str] | None:
    """The first subnet that is in another VPC than the first one; None where all agree."""
    known = [found for each in subnets if (found := subnet_of(call, each))]
    for subnet in known:
        if subnet.vpc_id != known[0].vpc_id:
            return {"subnet": subnet.id, "vpc": known[0].vpc_id}
    return None
