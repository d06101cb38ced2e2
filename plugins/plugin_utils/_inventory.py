# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The variables of an inventory with the files they stand in, and what is wrong with them, as data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# How a value starts that the company has to fill in.
PLACEHOLDER = re.compile(r"REPLACE_WITH_\w+")
# `user:password@` of a URL: not to be shown.
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
_LONGEST = 60


class Fault(NamedTuple):
    """One thing that is wrong: the variable (or several, where they contradict each other) and a sentence."""

    variables: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Inventory:
    """C(values): the templated variables of the collection, those that could be templated. C(places): file and line
    of each variable that was found in a file. C(roots): folders that a place is told relative to.
    """

    values: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or C(default) where it is not set or empty."""
        value = self.values.get(name)
        return default if value in (None, "", [], {}) else value

    def words(self, name: str) -> list[str]:
        """The value as a list of words; a single word is a list of one."""
        value = self.get(name, [])
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]

    def flag(self, name: str, default: bool) -> bool:
        """A boolean as Ansible understands it; C(default) where it is not set or is none (that is told elsewhere)."""
        value = self.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "on", "1", "y", "t")

    def where(self, name: str) -> str:
        """C(inventories/prod/group_vars/all/network.yml:4), or nothing where it stands in no file."""
        place = self.places.get(name, "")
        for root in self.roots:
            inside = os.path.join(root, "")
            if place.startswith(inside):
                return place[len(inside) :]
        return place


def show(value: Any) -> str:
    """A value as it may stand in a message: short, on one line, without the password of a URL."""
    text = _PASSWORD.sub("***@", str(value)).replace("\n", " ")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def one_of(words: Iterable[str]) -> str:
    """C(a, b or c)."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def sentence(fault: Fault, inventory: Inventory) -> str:
    """C(chatbot_region (inventories/prod/.../general.yml:5): ...)."""
    named = []
    for name in fault.variables:
        where = inventory.where(name)
        named.append(f"{name} ({where})" if where else name)
    return f"{', '.join(named)}: {fault.message}" if named else fault.message


def report(faults: Iterable[Fault], inventory: Inventory, opening: str) -> str:
    """What the operator reads: the opening, and a line for each fault."""
    return "\n".join([opening, *(f"- {sentence(fault, inventory)}" for fault in dict.fromkeys(faults))])
