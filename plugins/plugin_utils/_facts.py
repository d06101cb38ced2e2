# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The connection plugins listed once, whose variables ansible-core keeps out of facts.

Once a host has facts, ansible-core searches the folders of connection plugins each time that it puts the variables of a
task together (C(ansible.vars.clean.clean_facts)): twice a task, 1 ms each.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import ansible.vars.clean


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
