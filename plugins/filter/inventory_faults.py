# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: inventory_faults
version_added: 1.0.0
short_description: What is missing in an inventory, all at once
author: private_rag.aws contributors (@private-rag)
description:
  - Names the variables that have no value, and those that still hold a placeholder.
options:
  _input:
    description: The inventory's variables by name.
    type: dict
    required: true
  required:
    description: Names that need a value. Of names joined by C(|) one is enough.
    type: list
    elements: str
    required: true
  placeholder:
    description: How a value starts that the company has to fill in.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the faults
  ansible.builtin.debug:
    msg: "{{ {'chatbot_region': ''} | private_rag.aws.inventory_faults(['chatbot_region'], 'REPLACE_WITH_') }}"
"""

RETURN = r"""
_value:
  description: A sentence for each fault; empty where there is none.
  type: list
  elements: str
  sample: [chatbot_region has no value]
"""

import re
from collections.abc import Callable, Mapping
from typing import Any


def inventory_faults(values: Mapping[str, Any], required: list[str], placeholder: str) -> list[str]:
    """A sentence for each variable without a value and for each that still holds a placeholder."""
    missing = [
        f"{names.replace('|', ' or ')} has no value"
        for names in required
        if not any(values.get(name) for name in names.split("|"))
    ]
    pattern = re.compile(re.escape(placeholder) + r"\w+")
    unfilled = [
        f"{name} still holds {', '.join(sorted(set(pattern.findall(str(value)))))}"
        for name, value in sorted(values.items())
        if pattern.search(str(value))
    ]
    return missing + unfilled


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"inventory_faults": inventory_faults}
