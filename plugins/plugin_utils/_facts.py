# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What ansible-core does for each task with the names and values of all variables, done once.

Once a host has facts, ansible-core searches the folders of connection plugins each time that it puts the variables of a
task together (C(ansible.vars.clean.clean_facts)): twice a task, 1 ms each. It also marks a copy of each of some 350
variables as deprecated, for the variable C(vars) that hardly anybody uses: 2 ms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import ansible.vars.clean
import ansible.vars.manager


class ListedOnce:
    """A plugin loader that lists its files anew only where it has other folders to search."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._folders: Any = None
        self._files: list[str] = []

    def all(self, *, path_only: bool) -> Iterator[str]:
        """The paths of all plugins, as C(PluginLoader.all) gives them."""
        # The loader keeps this list itself, and makes another one once a folder was added.
        folders = self._loader._get_paths_with_context()
        if folders is not self._folders:
            self._folders, self._files = folders, list(self._loader.all(path_only=path_only))
        return iter(self._files)


@functools.cache
def list_connections_once() -> None:
    """Let the cleaning of facts use the list that is there."""
    ansible.vars.clean.connection_loader = ListedOnce(ansible.vars.clean.connection_loader)


class MarkedOnce:
    """A mark that gives the same marked text for the same text, instead of another copy."""

    def __init__(self, mark: Any) -> None:
        self._mark = mark
        self._marked: dict[int, tuple[Any, Any]] = {}

    def tag(self, value: Any) -> Any:
        """As C(AnsibleDatatagBase.tag). What can be changed in place is copied anew."""
        if not isinstance(value, str):
            return self._mark.tag(value)
        # The text is kept too, so that no other one comes to have its id.
        kept = self._marked.get(id(value))
        if kept is None:
            kept = self._marked[id(value)] = (value, self._mark.tag(value))
        return kept[1]


@functools.cache
def mark_texts_once() -> None:
    """Let the variable C(vars) hold what it held for the task before."""
    ansible.vars.manager._DEPRECATE_VARS = MarkedOnce(ansible.vars.manager._DEPRECATE_VARS)
