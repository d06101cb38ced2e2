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

    @property
    def id(self) -> str:
        """What the reports call it."""
        return f"{self.service}:{self.operation}: {self.name}"


def case(service: str, operation: str, name: str, params: Callable[[World], Params]) -> Case:
    """A case; shorter to read in a long table than the class."""
    return Case(service, operation, name, params)
