# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Security-group rules as plain, comparable data.

A rule is C({"protocol", "ports", "peer", "description"}): C(ports) is C("443"), C("8080-8090") or C("all"), and
C(peer) is one CIDR, one prefix list id, or one group, by its name where the name is known, else by its id.
API: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from typing import Any

Rule = dict[str, str]
# A group's and a rule's description: up to 255 of these characters, so no Japanese.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
_DESCRIPTION = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
# As EC2 tells protocols that were named by their number.
_PROTOCOLS = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
MOST_PORT = 65535
_EVERY_PORT = (f"0-{MOST_PORT}", "-1--1", "-1")

RULE_SPEC: dict[str, Any] = {
    "protocol": {"type": "str", "default": "tcp"},
    "ports": {"type": "list", "elements": "str", "required": True},
    "cidrs": {"type": "list", "elements": "str", "default": []},
    "groups": {"type": "list", "elements": "str", "default": []},
    "prefix_lists": {"type": "list", "elements": "str", "default": []},
    "description": {"type": "str", "default": ""},
}


def wanted_rules(options: Iterable[Mapping[str, Any]] | None) -> list[Rule]:
    """One rule for each port and peer of what C(RULE_SPEC) takes, as EC2 tells it, sorted, without doubles."""
    rules = [
        {
            "protocol": _PROTOCOLS.get(option["protocol"].lower(), option["protocol"].lower()),
            "ports": _ports(ports),
            "peer": peer,
            "description": option["description"],
        }
        for option in options or []
        for ports in option["ports"]
        for peer in (*map(_block, option["cidrs"]), *option["groups"], *option["prefix_lists"])
    ]
    return _sorted({_identity(rule): rule for rule in rules}.values())


def _ports(text: str) -> str:
    low, _dash, high = text.partition("-")
    return "all" if text in _EVERY_PORT else low if low and low == high else text


def _block(text: str) -> str:
    """A block without bits behind its prefix, and one address as a block: so EC2 keeps them (API_IpRange)."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:  # a placeholder of check mode; or none, which EC2 names
        return text


def current_rules(permissions: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Rule]:
    """The rules in C(IpPermissions) of DescribeSecurityGroups; C(names) maps the ids of known groups to names."""
    return _sorted(rule for permission in permissions for rule in _split(permission, names))


def _split(permission: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Rule]:
    protocol = "all" if permission["IpProtocol"] == "-1" else permission["IpProtocol"]
    low, high = permission.get("FromPort"), permission.get("ToPort")
    ports = "all" if protocol == "all" or low is None else _ports(f"{low}-{high}")
    peers = [
        *((item["CidrIp"], item) for item in permission.get("IpRanges", [])),
        *((item["CidrIpv6"], item) for item in permission.get("Ipv6Ranges", [])),
        *((item["PrefixListId"], item) for item in permission.get("PrefixListIds", [])),
        *((names.get(item["GroupId"], item["GroupId"]), item) for item in permission.get("UserIdGroupPairs", [])),
    ]
    for peer, item in peers:
        yield {"protocol": protocol, "ports": ports, "peer": peer, "description": item.get("Description", "")}


def to_permission(rule: Rule, ids: Mapping[str, str]) -> dict[str, Any]:
    """One rule as C(IpPermission); C(ids) maps group names to ids."""
    permission: dict[str, Any] = {"IpProtocol": "-1" if rule["protocol"] == "all" else rule["protocol"]}
    if rule["ports"] == "all" and rule["protocol"] != "all":
        # Only for all protocols may EC2 be told no ports at all: API_IpPermission. For ICMP these are type and code.
        first, last = (-1, -1) if rule["protocol"].startswith("icmp") else (0, MOST_PORT)
        permission |= {"FromPort": first, "ToPort": last}
    elif rule["ports"] != "all":
        low, _dash, high = rule["ports"].partition("-")
        permission |= {"FromPort": int(low), "ToPort": int(high or low)}
    note = {"Description": rule["description"]} if rule["description"] else {}
    return {**permission, **_peer(ids.get(rule["peer"], rule["peer"]), note)}


def _peer(peer: str, note: dict[str, str]) -> dict[str, Any]:
    if peer.startswith("pl-"):
        return {"PrefixListIds": [{"PrefixListId": peer, **note}]}
    if ":" in peer:
        return {"Ipv6Ranges": [{"CidrIpv6": peer, **note}]}
    if "/" in peer:
        return {"IpRanges": [{"CidrIp": peer, **note}]}
    return {"UserIdGroupPairs": [{"GroupId": peer, **note}]}


def split_changes(current: list[Rule], wanted: list[Rule]) -> tuple[list[Rule], list[Rule], list[Rule]]:
    """Rules to authorize, to revoke, and to describe anew (they differ in nothing but the description)."""
    now, then = ({_identity(rule): rule for rule in rules} for rules in (current, wanted))
    described = [rule for key, rule in then.items() if key in now and now[key] != rule]
    return [then[key] for key in then if key not in now], [now[key] for key in now if key not in then], described


def faults(where: str, description: str, rules: Iterable[Rule]) -> list[str]:
    """What AWS would refuse, in words: descriptions with other than AWS's characters, ports that are none."""
    texts = [description, *(rule["description"] for rule in rules)]
    found = [f"{where}: the description {text!r} has characters that EC2 refuses; use plain ASCII"
             for text in texts if not _DESCRIPTION.fullmatch(text)]  # fmt: skip
    for rule in rules:
        if not _are_ports(rule["ports"]):
            found.append(f"{where}: ports {rule['ports']!r} is neither a port, a range such as 8080-8090, nor all")
        elif rule["protocol"] == "all" and rule["ports"] != "all":
            found.append(f"{where}: protocol all opens every port, not only {rule['ports']}; name a protocol")
    return list(dict.fromkeys(found))


def _are_ports(text: str) -> bool:
    low, dash, high = text.partition("-")
    numbers = [int(word) if word.isdecimal() else -1 for word in ([low, high] if dash else [low])]
    return text == "all" or (0 <= numbers[0] <= numbers[-1] <= MOST_PORT)


def _identity(rule: Rule) -> tuple[str, str, str]:
    return rule["protocol"], rule["ports"], rule["peer"]


def _sorted(rules: Iterable[Rule]) -> list[Rule]:
    return sorted(rules, key=_identity)
