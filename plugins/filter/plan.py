# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
version_added: 1.1.0
short_description: What a run in check mode would do, from the facts that the modules of this collection leave
author: private_rag.aws contributors (@private-rag)
description:
  - Every reconciling module of this collection leaves a fact in check mode, with its resource, its action and its
    changes. This filter puts those of one host together, in the order in which they came.
options:
  _input:
    description: C(ansible_facts) of the host.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: What would be done
  ansible.builtin.debug:
    msg: "{{ (ansible_facts | private_rag.aws.plan).lines }}"
"""

RETURN = r"""
_value:
  description: The plan.
  type: dict
  contains:
    create:
      description: Resources that would be created, each with C(resource) and C(changes) (field, before, after).
      type: list
    change:
      description: Resources that would be changed in place.
      type: list
    replace:
      description: Resources that would be followed by a new one, such as the revision of a task definition.
      type: list
    delete:
      description: Resources that would be deleted.
      type: list
    unchanged:
      description: How many resources are as they should be.
      type: int
    differences:
      description: How many resources are not.
      type: int
    lines:
      description: The same for a reader.
      type: list
      elements: str
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._plan import FACT

# What a module calls it, what the plan calls it, and its mark in front of a line.
ACTIONS = {"create": ("create", "+"), "update": ("change", "~"), "replace": ("replace", "±"), "delete": ("delete", "-")}
# Characters of a value on a line; the JSON has all of it.
VALUE_LIMIT = 160


def plan(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The plan from a host's facts; see RETURN. Notes of one resource with one action are one entry."""
    notes = [facts[name] for name in sorted(facts) if name.startswith(FACT)]
    sections = {title: _entries(notes, action) for action, (title, _mark) in ACTIONS.items()}
    touched = {entry["resource"] for entries in sections.values() for entry in entries}
    quiet = {note["resource"] for note in notes} - touched
    result = {**sections, "unchanged": len(quiet), "differences": sum(map(len, sections.values()))}
    return {**result, "lines": list(_lines(result))}


def _entries(notes: list[Mapping[str, Any]], action: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for note in notes:
        if note["action"] == action:
            entry = found.setdefault(note["resource"], {"resource": note["resource"], "changes": {}})
            entry["changes"] |= note["changes"]
    return list(found.values())


def _lines(sections: Mapping[str, Any]) -> Iterator[str]:
    for title, mark in ACTIONS.values():
        for entry in sections[title]:
            yield f"{mark} {title} {entry['resource']}"
            if title in ("change", "replace"):
                yield from _field_lines(entry["changes"])
    counts = [f"{len(sections[title])} to {title}" for title, _mark in ACTIONS.values()]
    yield f"{', '.join(counts)}, {sections['unchanged']} unchanged"


def _field_lines(changes: Mapping[str, Any]) -> Iterator[str]:
    for field, change in changes.items():
        for path, old, new in differences(change["before"], change["after"], field):
            yield f"    {path}: {_text(old)} -> {_text(new)}"


def differences(before: Any, after: Any, path: str) -> list[tuple[str, Any, Any]]:
    """The innermost values that differ, as (path, before, after); C(None) stands for what is not there."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = sorted({*before, *after}, key=str)
        pairs = [(f"{path}.{key}", before.get(key), after.get(key)) for key in keys]
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            gone, come = [it for it in before if it not in after], [it for it in after if it not in before]
            # Only their number differs, or what came is beside what stayed.
            return [(path, gone or before, come or after)] if gone and come else _moved(path, gone, come, before, after)
        pairs = [(f"{path}[{place}]", *pair) for place, pair in enumerate(zip(before, after, strict=True))]
    else:
        return [] if before == after else [(path, before, after)]
    return [found for name, old, new in pairs for found in differences(old, new, name)]


def _moved(path: str, gone: list[Any], come: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    if not gone and not come:
        return [(path, before, after)]
    return [(f"{path}[]", item, None) for item in gone] + [(f"{path}[]", None, item) for item in come]


def _text(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 3]}..."


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"plan": plan}
