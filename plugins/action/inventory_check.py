# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs on the controller, where the variables are known with the files that they come from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action import ActionBase
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import Fault, Inventory, report
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_check import PREFIX, Known, faults, located

try:
    # Where a value was read, file and line. Not a public interface; without it the messages name no file.
    from ansible._internal._datatag._tags import Origin
except ImportError:
    Origin = None

SPECS = "meta/argument_specs.yml"


class ActionModule(ActionBase):
    """See plugins/modules/inventory_check.py for the options."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _VALID_ARGS = frozenset({"roles_path", "internal", "found"})

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        variables = task_vars or {}
        known = _known(Path(self._task.args["roles_path"]), self._task.args.get("internal") or [])
        places = dict(_places(variables))
        inventory, found = self._read(variables, known, places)
        told = self._task.args.get("found")
        if told is None:
            unreadable = {name for fault in found for name in fault.variables}
            found += [each for each in faults(inventory, known, list(places)) if not unreadable & set(each.variables)]
        else:
            found = [located(message, inventory, known.options) for message in told]
        result["changed"] = False
        if found:
            opening = f"The inventory has {len(found)} fault{'s' * (len(found) > 1)}. Nothing was changed."
            result.update(failed=True, msg=report(found, inventory, opening))
        return result

    def _read(
        self, variables: dict[str, Any], known: Known, places: Mapping[str, str]
    ) -> tuple[Inventory, list[Fault]]:
        values, broken = {}, []
        ours = {name for options in known.roles.values() for name in options}.intersection(places)
        for name in sorted({name for name in variables if name.startswith(PREFIX)} | ours):
            if name in known.internal:
                continue
            try:
                values[name] = self._templar.template(variables[name])
            except AnsibleError as error:
                broken.append(Fault((name,), f"it cannot be worked out: {error.message.splitlines()[0]}"))
        return Inventory(values, places, (os.getcwd(),)), broken


def _known(roles: Path, internal: list[str]) -> Known:
    specs = {path.parent.parent.name: path for path in sorted(roles.glob(f"*/{SPECS}"))}
    options: dict[str, dict[str, Any]] = {}
    inventory: dict[str, Any] = {}
    for role, path in specs.items():
        entries = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"]
        options[role] = dict(entries["main"].get("options") or {})
        inventory.update(entries.get("inventory", {}).get("options") or {})
    return Known(inventory, frozenset(internal), options)


def _places(variables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """File and line of every variable that an operator typed: in an inventory, a vars file, or on the command line."""
    roles = os.path.join("", "roles", "")
    for name, value in variables.items():
        origin = Origin and (Origin.get_tag(value) or Origin.get_tag(name))
        if origin and roles not in (origin.path or "") and name.isidentifier():
            yield name, str(origin).rpartition(":")[0] or str(origin)
