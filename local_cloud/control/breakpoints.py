"""Stopping one mutating request, so that a test can kill the run that sent it, or look at the account at that point.

``PUT /_local/breakpoint {"number": 7, "when": "before" | "after"}`` holds the seventh mutating request since the last
DELETE, pushes to the registry included: before it is executed, or after, with its answer withheld. Any other request
goes on meanwhile, and one that is held goes on with the next PUT.
``GET`` tells ``{"count": ..., "held": "ecs:CreateService" | null}``. ``DELETE`` holds nothing any more and counts anew;
a request that is held is dropped: one whose sender was killed must not be executed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

WHEN = ("before", "after")


class DroppedError(Exception):
    """The request was held, and is to be forgotten."""


@dataclass
class _Held:
    """``release`` is ``go`` or ``drop`` once it is let go."""

    label: str
    release: str = ""


class Breakpoint:
    """At most one request is held. Safe for threads by itself; never held under the control plane's lock."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number, self._when, self._count = 0, "before", 0
        self._held: _Held | None = None

    def arm(self, number: Any, when: Any) -> None:
        """Hold the mutating request with that number; whatever is held now goes on. Raises ValueError."""
        if not isinstance(number, int) or number < 1 or when not in WHEN:
            raise ValueError(f"breakpoint: number of at least 1 and when of {WHEN} are needed")
        with self._changed:
            self._number, self._when = number, when
            self._let_go("go")

    def disarm(self) -> None:
        """Hold nothing more, drop what is held, and count anew."""
        with self._changed:
            self._number = self._count = 0
            self._let_go("drop")

    def shown(self) -> dict[str, Any]:
        """How many mutating requests came since the last ``disarm``, and the one that is held."""
        with self._changed:
            return {"count": self._count, "held": self._held.label if self._held else None}

    def before(self, label: str) -> int:
        """A mutating request comes: its number, to be given to ``after``. Raises DroppedError."""
        with self._changed:
            self._count += 1
            number = self._count
            self._stop(label, number, "before")
            return number

    def after(self, label: str, number: int) -> None:
        """It was executed, and is about to be answered. Raises DroppedError."""
        with self._changed:
            self._stop(label, number, "after")

    def _stop(self, label: str, number: int, when: str) -> None:
        if number != self._number or when != self._when:
            return
        held = self._held = _Held(label)
        self._changed.wait_for(lambda: bool(held.release))
        if held.release == "drop":
            raise DroppedError(label)

    def _let_go(self, how: str) -> None:
        if self._held is not None:
            self._held.release = how
            self._held = None
            self._changed.notify_all()
