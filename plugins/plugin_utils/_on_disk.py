# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lets an interpreter on the controller import Ansible's own Python from its files. It runs there, not in Ansible.

Mitogen's interpreters are elsewhere as a rule, and have nothing of Ansible. So its process reads and compiles each
module of C(ansible), C(ansible_mitogen), C(mitogen) and the collections, to learn what belongs to it, and sends them;
the interpreter compiles them once more. Here both run in one virtual environment and read the same files, and those of
packages lie there compiled.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

COLLECTION_PARTS = 3  # ansible_collections, the namespace, the collection


def import_from_disk(version: str, packages: str, collections: list[str], but: list[str]) -> None:
    """Import what lies in the folder C(packages), if this interpreter would too, and in the roots of collections.

    C(version) is C(sys.version) of the sender, C(but) names modules whose source Mitogen changes. An interpreter of
    another environment goes on asking for everything. So does this one for what it does not find.
    """
    if sys.version == version and packages in sys.path:
        sys.meta_path.insert(0, OnDisk(Path(packages), [Path(root) for root in collections], frozenset(but)))


class OnDisk:
    """A finder of modules (C(importlib.abc.MetaPathFinder)) that leaves to the next what it has no file of."""

    def __init__(self, packages: Path, collections: list[Path], but: frozenset[str]) -> None:
        self._packages = packages
        self._collections = collections
        self._but = but

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """Where a module is, or None."""
        root = None if name in self._but else self._root(name.split("."))
        if root is None:
            return None
        place = root.joinpath(*name.split("."))
        for file in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if file.is_file():
                return importlib.util.spec_from_file_location(name, file)
        return None

    def _root(self, parts: list[str]) -> Path | None:
        if parts[0] in ("ansible", "ansible_mitogen") or (parts[0] == "mitogen" and len(parts) > 1):
            return self._packages
        if parts[0] == "ansible_collections" and len(parts) > COLLECTION_PARTS:
            holds = (root for root in self._collections if root.joinpath(*parts[:COLLECTION_PARTS]).is_dir())
            return next(holds, None)
        return None
