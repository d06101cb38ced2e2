"""What a case is: one call, and why AWS refuses it or takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.refusals.world import World

Params = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One call of one operation; ``params`` are made from the account it is sent to."""

    service: str
    operation: str
    name: str
    params: Callable[[World], Params]
    code: str = ""
    """The error code AWS gives, where the case says so."""
    source: str = ""
    """Who says that AWS refuses it, where the case says so."""

    @property
    def id(self) -> str:
        """What the reports call it."""
        return f"{self.service}:{self.operation}: {self.name}"


def case(service: str, operation: str, name: str, params: Callable[[World], Params]) -> Case:
    """A case; shorter to read in a long table than the class."""
    return Case(service, operation, name, params)


def refused(service: str, operation: str, name: str, params: Callable[[World], Params], code: str, source: str) -> Case:
    """A case of the stranger's: with the code AWS gives and the page or public file that says so."""
    return Case(service, operation, name, params, code, source)
