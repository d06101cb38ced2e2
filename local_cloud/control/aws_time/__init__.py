"""AWS's time: what is asked for is not there at once, not seen at once, and now and then refused.

rows.py is the table of how long things take, settings.py the switches, clock.py what is under way. The other modules
each register what time does to the operations of one service, or one kind of trouble.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from local_cloud.control.aws_time.around import surround
from local_cloud.control.aws_time.faults import strike as faults

__all__ = ["faults", "load", "surround"]


def load() -> None:
    """Import every module of this package, so that its layers are registered."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
