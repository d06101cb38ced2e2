"""What AWS refuses and moto accepts: a folder or module per service, each registering its rules on import."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages


def load() -> None:
    """Import every module below this package, so that its rules are registered."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
