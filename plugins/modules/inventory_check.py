#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_check
version_added: 1.0.0
short_description: Find every fault of the inventory at once, before anything talks to AWS
author: private_rag.aws contributors (@private-rag)
description:
  - Checks the variables of the inventory that this collection knows, and fails with one list of all faults, each with
    its variable and the file and line where that stands.
  - Found are missing values and placeholders, values of a wrong type or form, numbers out of range, names that are
    nearly those of a variable or an option, secrets in clear text, and values that contradict each other.
  - The variables are documented in the role C(preflight), in its entry point C(inventory).
  - Runs on the controller and asks nobody. What only AWS knows is checked afterwards.
options:
  roles_path:
    description: Folder of the roles; their argument specifications tell which options exist.
    type: path
    required: true
  internal:
    description: Variables that the playbooks set themselves.
    type: list
    elements: str
    default: []
  found:
    description: Sentences of other modules, which are told in the same way, with the variables whose values they name,
      instead of a check.
    type: list
    elements: str
attributes:
  check_mode:
    description: Reads only.
    support: full
  diff_mode:
    description: Changes nothing, so there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Stop where the inventory has faults, with all of them at once
  private_rag.aws.inventory_check:
    roles_path: "{{ role_path }}/.."
"""

RETURN = r"""
"""
