# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # What every reconciling module takes and promises.
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates the resource or corrects what differs; V(absent) deletes it and tolerates its absence.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    description: Predicts what would be done and sends no request that changes anything.
    support: full
  diff_mode:
    description: Returns the managed fields that differ, before and after; the same in check mode and after it.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
notes:
  - An option that is left out is not managed, whatever its value on AWS is.
  - >-
    In check mode a value that AWS gives only at creation is returned as a placeholder, C((known after apply: what)),
    and other modules of this collection take it back.
"""

    # For resources that bear tags.
    OWNED = r"""
options:
  tags:
    description:
      - Tags of the resource, replacing those that it has. Tags that AWS makes (C(aws:*)) are left alone.
      - Left out together with O(deployment), tags are not managed.
    type: dict
    aliases: [resource_tags]
  deployment:
    description:
      - The deployment that the resource belongs to, written to its tag C(private-rag:deployment).
      - A resource of this name without that tag is refused, with its differences shown, and is never deleted.
    type: str
  adopt:
    description: Take over a resource of this name that bears no C(private-rag:deployment) tag, and correct it.
    type: bool
    default: false
"""
