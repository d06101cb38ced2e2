# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rules of security groups: what is typed, as EC2 tells it afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._security_groups import (
    current_rules,
    faults,
    to_permission,
    wanted_rules,
)


def option(**typed: Any) -> dict[str, Any]:
    bare = {"protocol": "tcp", "ports": ["443"], "cidrs": [], "groups": [], "prefix_lists": [], "description": ""}
    return {**bare, **typed}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"cidrs": ["10.1.2.3"]}, ("tcp", "443", "10.1.2.3/32")),
        ({"cidrs": ["100.68.0.18/18"]}, ("tcp", "443", "100.68.0.0/18")),
        ({"cidrs": ["2001:DB8:0::1/32"]}, ("tcp", "443", "2001:db8::/32")),
        ({"cidrs": ["(known after apply: cidr)"]}, ("tcp", "443", "(known after apply: cidr)")),
        ({"cidrs": ["10.0.0.0/8"], "protocol": "TCP", "ports": ["443-443"]}, ("tcp", "443", "10.0.0.0/8")),
        ({"cidrs": ["10.0.0.0/8"], "ports": ["0-65535"]}, ("tcp", "all", "10.0.0.0/8")),
        ({"groups": ["sg-1"], "protocol": "-1", "ports": ["all"]}, ("all", "all", "sg-1")),
        ({"groups": ["sg-1"], "protocol": "icmp", "ports": ["all"]}, ("icmp", "all", "sg-1")),
        ({"prefix_lists": ["pl-1"], "protocol": "6"}, ("tcp", "443", "pl-1")),
    ],
)
def test_what_is_typed_is_what_ec2_tells(typed: dict[str, Any], wanted: tuple[str, str, str]) -> None:
    rules = wanted_rules([option(**typed)])
    assert [(rule["protocol"], rule["ports"], rule["peer"]) for rule in rules] == [wanted]
    assert current_rules([to_permission(rules[0], {})], {}) == rules


@pytest.mark.parametrize(
    ("protocol", "ports"),
    [("tcp", (0, 65535)), ("udp", (0, 65535)), ("icmp", (-1, -1)), ("all", (None, None))],
)
def test_all_ports_as_ec2_takes_them(protocol: str, ports: tuple[int | None, int | None]) -> None:
    (rule,) = wanted_rules([option(groups=["sg-1"], protocol=protocol, ports=["all"])])
    sent = to_permission(rule, {})
    assert (sent.get("FromPort"), sent.get("ToPort")) == ports


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ports": ["web"]}, "'web' is neither a port"),
        ({"ports": ["70000"]}, "'70000' is neither a port"),
        ({"ports": ["90-80"]}, "'90-80' is neither a port"),
        ({"ports": ["80-"]}, "'80-' is neither a port"),
        ({"protocol": "all"}, "protocol all opens every port, not only 443"),
    ],
)
def test_what_ec2_would_refuse_or_take_for_something_else(typed: dict[str, Any], words: str) -> None:
    (found,) = faults("web", "", wanted_rules([option(cidrs=["10.0.0.0/8", "192.168.0.0/16"], **typed)]))
    assert words in found
