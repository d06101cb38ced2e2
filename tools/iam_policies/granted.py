"""What policies allow, as far as it can be told without a request: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def actions(policies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The actions of the statements that allow, as they are written."""
    return {
        action
        for policy in policies
        for statement in _listed(policy["Statement"])
        if statement["Effect"] == "Allow"
        for action in _listed(statement["Action"])
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
