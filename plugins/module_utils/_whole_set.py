# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Small things of one parent that AWS tells in one answer, managed as one resource: exactly the wanted ones.

Missing ones are made, differing ones corrected, all others removed. A field of the state is C(name.field), and those
that are not wanted are named in C(extra_OPTION).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ansible_collections.private_rag.aws.plugins.module_utils._fields import named, repeated
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown


class WholeSet(Resource):
    """What a module says of such a set, besides what L(Resource) asks for."""

    # An unknown parent is read too: it has nothing, and where nothing is wanted nothing is to be done.
    identity = ()
    # The option that names the parent, the option that lists what is wanted, and which of its suboptions is the name.
    parent: ClassVar[str]
    option: ClassVar[str]
    name: ClassVar[str] = "name"

    def found(self) -> dict[str, dict[str, Any]]:
        """What the parent has, by name, as AWS tells it; empty where there is no parent."""
        raise NotImplementedError

    def faults_of(self, options: dict[str, Any]) -> Iterator[str]:
        """What AWS would refuse of one thing, after others were changed already."""
        raise NotImplementedError

    def wanted_state(self, options: dict[str, Any]) -> State:
        """The managed fields of one thing."""
        raise NotImplementedError

    def state_of(self, thing: dict[str, Any]) -> State:
        """One thing of C(found), like C(wanted_state)."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Delete one thing."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        return f"{self.kind} {self.params[self.parent]}"

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """The options of each wanted thing."""
        return (self.params[self.option] or []) if self.params["state"] == "present" else []

    def desired(self) -> State:
        wrong = [*self._faults()]
        if wrong:
            raise ReconcileError(f"{self.label}: {'; '.join(wrong)}")
        state: State = {self._extra: []}
        for options in self.wanted:
            state |= named(options[self.name], self.wanted_state(options))
        return state

    def read(self) -> State | None:
        found = {} if has_unknown(self.params[self.parent]) else self.found()
        wanted = {options[self.name] for options in self.wanted}
        if not found and (wanted or self.params["state"] == "absent"):
            return None
        state: State = {self._extra: sorted(found.keys() - wanted)}
        for name in found.keys() & wanted:
            state |= named(name, self.state_of(found[name]))
        return state

    def create(self, desired: State) -> None:
        self.update({self._extra: []}, {field: (None, wanted) for field, wanted in desired.items()})

    def update(self, current: State, changes: Changes) -> None:
        raise NotImplementedError

    def delete(self, current: State) -> None:
        for name in current[self._extra]:
            self.remove(name)

    @property
    def _extra(self) -> str:
        return f"extra_{self.option}"

    def _faults(self) -> Iterator[str]:
        if self.params[self.option] is None:
            yield f"{self.option} is missing; for none, give an empty list"
            return
        names = [options[self.name] for options in self.wanted]
        yield from (f"{name} is named more than once" for name in repeated(names))
        for options in self.wanted:
            yield from self.faults_of(options)
