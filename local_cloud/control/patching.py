"""Replacing parts of moto where no request passes by: said in one place, and only here."""

from __future__ import annotations

from typing import Any


def replace(owner: Any, **members: Any) -> None:
    """Put ``members`` in the place of those of moto's class or module ``owner``; each must be there."""
    for name, member in members.items():
        if not hasattr(owner, name):
            raise AttributeError(f"{owner.__name__} of moto has no {name} any more")
        setattr(owner, name, member)
