"""Replacing parts of moto's classes where no request passes by: said in one place, and only here."""

from __future__ import annotations

from typing import Any


def replace(owner: type, **members: Any) -> None:
    """Put ``members`` in the place of those of moto's class ``owner``; each must be there already."""
    for name, member in members.items():
        if not hasattr(owner, name):
            raise AttributeError(f"moto's {owner.__name__} has no {name} any more")
        setattr(owner, name, member)
