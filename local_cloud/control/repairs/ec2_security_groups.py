"""Security group rules: a rule is what it allows, and its description is no part of that.

moto compares descriptions of group sources too, so that such a rule can be added twice, not revoked
without its description, and not described anew; of prefix lists it keeps no description at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from local_cloud.control.backends import ec2
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.patching import replace

Record = dict[str, Any]
MOTO_INIT: Callable[..., None] = SecurityGroupRule.__init__


def _init(
    rule: Any, ec2_backend: Any, ip_protocol: str, group_id: str, from_port: Any, to_port: Any, *args: Any, **more: Any
) -> None:
    """moto reads ports of a protocol that has none, given by its number (IpPermission API reference, IpProtocol)."""
    bare = from_port is None and to_port is None
    ports = (-1, -1) if bare else (from_port, to_port)
    MOTO_INIT(rule, ec2_backend, ip_protocol, group_id, *ports, *args, **more)
    if bare:
        rule.from_port = rule.to_port = None
    given = more.get("prefix_list_id") or (args[2] if len(args) > 2 else None) or {}
    rule.prefix_list_description = given.get("Description")


def _description(rule: Any) -> Any:
    if rule.prefix_list_id:
        return getattr(rule, "prefix_list_description", None)
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


def _identity(rule: Any) -> tuple[Any, ...]:
    source = rule.source_group
    return (
        rule.ip_protocol,
        rule.from_port,
        rule.to_port,
        rule.ip_range.get("CidrIp"),
        rule.ip_range.get("CidrIpv6"),
        source.get("GroupId") or source.get("GroupName"),
        rule.prefix_list_id,
    )


def _equal(rule: Any, other: object) -> bool:
    return isinstance(other, SecurityGroupRule) and _identity(rule) == _identity(other)


replace(SecurityGroupRule, __init__=_init, __eq__=_equal, description=property(_description))


@repairs("ec2", "DescribeSecurityGroups")
def describe_security_groups(call: Call, proceed: Proceed) -> Result:
    """With the descriptions of rules to prefix lists."""
    result = proceed()
    for shown in result["SecurityGroups"]:
        group = ec2(call.region).get_security_group_from_id(shown["GroupId"])
        for key, rules in (("IpPermissions", group.ingress_rules), ("IpPermissionsEgress", group.egress_rules)):
            for permission in shown.get(key, []):
                _describe_lists(permission, rules)
    return result


def _describe_lists(permission: Record, rules: list[Any]) -> None:
    for entry in permission.get("PrefixListIds") or []:
        for rule in rules:
            ports = (permission.get("FromPort"), permission.get("ToPort"))
            same = rule.prefix_list_id == entry["PrefixListId"] and (rule.from_port, rule.to_port) == ports
            if same and _description(rule):
                entry["Description"] = _description(rule)


@repairs("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def update_descriptions(call: Call, proceed: Proceed) -> Result:
    """By rule id or by what the rule allows; one that is not there is AWS's error."""
    group = ec2(call.region).get_security_group_by_name_or_id(call.get("GroupId") or call.get("GroupName"))
    if group is None:
        message = f"The security group '{call.get('GroupId')}' does not exist"
        raise AwsError("InvalidGroup.NotFound", message)
    rules = group.egress_rules if call.operation.endswith("Egress") else group.ingress_rules
    for entry in call.get("SecurityGroupRuleDescriptions") or []:
        chosen = [rule for rule in rules if rule.id == entry["SecurityGroupRuleId"]]
        _set(chosen, entry.get("Description") or "")
    for wanted, description in _wanted(call.get("IpPermissions") or []):
        _set([rule for rule in rules if _identity(rule) == wanted], description)
    return {"Return": True}


def _wanted(permissions: list[Record]) -> Iterator[tuple[tuple[Any, ...], str]]:
    for permission in permissions:
        protocol = permission["IpProtocol"]
        ports = (None, None) if protocol == "-1" else (permission.get("FromPort"), permission.get("ToPort"))
        for key, names, place in (
            ("IpRanges", ("CidrIp",), 0),
            ("Ipv6Ranges", ("CidrIpv6",), 1),
            ("UserIdGroupPairs", ("GroupId", "GroupName"), 2),
            ("PrefixListIds", ("PrefixListId",), 3),
        ):
            for entry in permission.get(key) or []:
                source: list[Any] = [None] * 4
                source[place] = next((entry[name] for name in names if entry.get(name)), None)
                yield (protocol, *ports, *source), entry.get("Description") or ""


def _set(rules: list[Any], description: str) -> None:
    if not rules:
        message = "The specified rule does not exist in this security group."
        raise AwsError("InvalidPermission.NotFound", message)
    for rule in rules:
        if rule.prefix_list_id:
            rule.prefix_list_description = description
        else:
            (rule.ip_range or rule.source_group)["Description"] = description
