# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: service_paths
version_added: 1.0.0
short_description: Where a group's egress must lead, so that AWS services are reached
author: private_rag.aws contributors (@private-rag)
description:
  - For each service its interface endpoint's groups, its gateway endpoint's prefix list, or, where there is neither,
    every address through the NAT gateway.
options:
  _input:
    description: Short service names, for example V(bedrock-runtime).
    type: list
    elements: str
    required: true
  company_endpoints:
    description: C(endpoints) as M(private_rag.aws.network_info) returns them.
    type: dict
    required: true
  created:
    description: Services whose endpoint the deployment creates itself.
    type: list
    elements: str
    required: true
  prefix_lists:
    description: C(prefix_lists) as M(private_rag.aws.network_info) returns them.
    type: dict
    required: true
  created_group:
    description: The group of created interface endpoints.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Where the function's egress leads
  ansible.builtin.debug:
    msg: "{{ ['logs', 's3'] | private_rag.aws.service_paths(endpoints, [], prefix_lists, 'chatbot-vpce-sg') }}"
  vars:
    endpoints: {logs: {type: Interface, security_group_ids: [sg-0123456789abcdef0]}}
    prefix_lists: {s3: pl-61a54008}
"""

RETURN = r"""
_value:
  description: Group ids and names, prefix list ids, and CIDRs.
  type: dict
  sample: {groups: [sg-0123456789abcdef0], prefix_lists: [], cidrs: [0.0.0.0/0]}
"""

from collections.abc import Callable, Mapping
from typing import Any

# These two are created as gateway endpoints, which cost nothing and have no group:
# https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
GATEWAY_SERVICES = ("dynamodb", "s3")
ANY_ADDRESS = "0.0.0.0/0"


def service_paths(
    services: list[str],
    company_endpoints: Mapping[str, Mapping[str, Any]],
    created: list[str],
    prefix_lists: Mapping[str, str],
    created_group: str,
) -> dict[str, list[str]]:
    """The peers that an egress rule on port 443 needs, each kind sorted and without doubles."""
    groups: set[str] = set()
    prefixes: set[str] = set()
    cidrs: set[str] = set()
    for service in services:
        endpoint = company_endpoints.get(service)
        if endpoint and endpoint["type"].lower() == "interface":
            groups |= set(endpoint["security_group_ids"])
        elif endpoint or (service in created and service in GATEWAY_SERVICES):
            prefixes.add(prefix_lists[service])
        elif service in created:
            groups.add(created_group)
        else:
            cidrs.add(ANY_ADDRESS)
    return {"groups": sorted(groups), "prefix_lists": sorted(prefixes), "cidrs": sorted(cidrs)}


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"service_paths": service_paths}
