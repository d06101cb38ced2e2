# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: endpoint_rules
version_added: 1.0.0
short_description: The inbound rules that the groups of interface endpoints need, so that their callers come through
author: private_rag.aws contributors (@private-rag)
description:
  - Endpoints may share a group, and AWS keeps one rule for a caller and a port; so a group is told once, with the
    callers of all of its services, as M(private_rag.aws.ec2_security_group_rules) takes it.
options:
  _input:
    description: C(endpoints) as M(private_rag.aws.network_info) returns them.
    type: dict
    required: true
  callers:
    description: For each service the names of its callers. Other services are left out.
    type: dict
    required: true
  ids:
    description: For each name the ids of its groups.
    type: dict
    required: true
  description:
    description: The description of each rule.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: What the company's endpoints must admit
  ansible.builtin.debug:
    msg: "{{ looked.network.endpoints | private_rag.aws.endpoint_rules(callers, ids, 'chatbot-prod') }}"
  vars:
    callers: {logs: [task, lambda]}
    ids: {task: [sg-0123456789abcdef0], lambda: [sg-0fedcba9876543210]}
"""

RETURN = r"""
_value:
  description: The groups by their ids, each with its rules.
  type: list
  elements: dict
  sample:
    - group_id: sg-0a
      rules: [{ports: ["443"], groups: [sg-0123456789abcdef0, sg-0fedcba9876543210], description: chatbot-prod}]
"""

from collections.abc import Callable, Mapping
from typing import Any


def endpoint_rules(
    endpoints: Mapping[str, Mapping[str, Any]],
    callers: Mapping[str, list[str]],
    ids: Mapping[str, list[str]],
    description: str,
) -> list[dict[str, Any]]:
    """One rule a group, for the first group of each endpoint: one that admits a caller is enough."""
    names: dict[str, list[str]] = {}
    for service, endpoint in endpoints.items():
        if endpoint["type"].lower() == "interface" and service in callers:
            names.setdefault(endpoint["security_group_ids"][0], []).extend(callers[service])
    return [
        {"group_id": group_id, "rules": [_rule([each for name in names[group_id] for each in ids[name]], description)]}
        for group_id in sorted(names)
    ]


def _rule(groups: list[str], description: str) -> dict[str, Any]:
    return {"ports": ["443"], "groups": list(dict.fromkeys(groups)), "description": description}


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"endpoint_rules": endpoint_rules}
