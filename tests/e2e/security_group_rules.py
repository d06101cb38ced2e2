"""Takes one kind of security-group rule away for a while, by the AWS API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """Rules of a group that let a port through; `peer`: name of the group at the other end, None for CIDR blocks."""

    group: str
    direction: str
    port: int
    peer: str | None = None

    def __str__(self) -> str:
        return f"{self.group}-{self.direction}-{self.port}-{self.peer or 'cidr'}"


def find(ec2: Any, rule: Rule) -> list[dict[str, Any]]:
    """What DescribeSecurityGroupRules shows of it."""
    groups = _groups(ec2, rule.group)
    peers = _groups(ec2, rule.peer) if rule.peer else []
    shown = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": groups}])["SecurityGroupRules"]
    return [
        item
        for item in shown
        if item["IsEgress"] == (rule.direction == "out")
        and item["FromPort"] <= rule.port <= item["ToPort"]
        and (item.get("ReferencedGroupInfo", {}).get("GroupId") in peers if peers else "CidrIpv4" in item)
    ]


@contextmanager
def revoked(ec2: Any, rule: Rule) -> Iterator[None]:
    """Without the rule inside, with it again afterwards, whatever happened."""
    rules = find(ec2, rule)
    assert rules, f"the deployment has no rule {rule}"
    taken: list[dict[str, Any]] = []
    try:
        for item in rules:
            _revoke(ec2, item)
            taken.append(item)
        yield
    finally:
        for item in taken:
            _authorize(ec2, item)


def _groups(ec2: Any, name: str) -> list[str]:
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"]
    assert found, f"there is no security group {name}"
    return [group["GroupId"] for group in found]


def _revoke(ec2: Any, item: dict[str, Any]) -> None:
    method = ec2.revoke_security_group_egress if item["IsEgress"] else ec2.revoke_security_group_ingress
    method(GroupId=item["GroupId"], SecurityGroupRuleIds=[item["SecurityGroupRuleId"]])


def _authorize(ec2: Any, item: dict[str, Any]) -> None:
    """The rule as it was described, tags and all; AWS gives it a new id."""
    method = ec2.authorize_security_group_egress if item["IsEgress"] else ec2.authorize_security_group_ingress
    tags = [{"ResourceType": "security-group-rule", "Tags": item["Tags"]}] if item.get("Tags") else []
    extra = {"TagSpecifications": tags} if tags else {}
    method(GroupId=item["GroupId"], IpPermissions=[_permission(item)], **extra)


def _permission(item: dict[str, Any]) -> dict[str, Any]:
    described = {"Description": item["Description"]} if item.get("Description") else {}
    ports = {name: item[name] for name in ("IpProtocol", "FromPort", "ToPort")}
    if group := item.get("ReferencedGroupInfo"):
        return ports | {"UserIdGroupPairs": [{"GroupId": group["GroupId"]} | described]}
    return ports | {"IpRanges": [{"CidrIp": item["CidrIpv4"]} | described]}
