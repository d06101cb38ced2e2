"""What moto drops, put back: one module per service, each registering its operations on import."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load() -> None:
    """Import every module of this package, so that its repairs are registered."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
