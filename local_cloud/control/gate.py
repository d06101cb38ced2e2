"""A gate that every request passes, so that the process can be forked while nobody is behind it.

A fork takes the one thread that asked for it along, and every lock as it is: a lock that another thread holds at that
moment is held for ever in the copy. Python's import locks, moto's locks and those of any library are such locks, and
only Python's own few and malloc's are renewed. So every thread that runs our code, moto's or a library's does so behind
the gate; outside of it threads only wait: for a client's next byte, for the next connection, at a breakpoint. Whoever
wants to be ``alone`` waits until all others have come out, and no one goes in meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The longest request is the upload of an image layer, which takes a second or two.
LIMIT_SECONDS = 60


class Gate:
    """Counts who is inside. Nobody inside may wait for somebody outside, unless ``parked``."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._wanting = 0
        self._alone = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Work inside; waits while somebody is alone or wants to be."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def parked(self) -> Iterator[None]:
        """For one who is inside: be outside for a while. No lock may be held that a copy needs."""
        self._leave()
        try:
            yield
        finally:
            self._enter()

    @contextmanager
    def alone(self, limit_seconds: float = LIMIT_SECONDS) -> Iterator[None]:
        """For one who is inside: be the only one. Raises TimeoutError where others stay inside for longer."""
        with self._changed:
            self._wanting += 1
            self._inside -= 1
            self._changed.notify_all()
            try:
                free = self._changed.wait_for(lambda: not self._inside and not self._alone, limit_seconds)
                self._alone = self._alone or free
            finally:
                self._wanting -= 1
                self._inside += 1
                self._changed.notify_all()
        if not free:
            raise TimeoutError(f"other requests were not through after {limit_seconds} s")
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()

    def _enter(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._alone and not self._wanting)
            self._inside += 1

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()
