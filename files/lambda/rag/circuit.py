"""A circuit breaker: after several failures in a row nobody waits for a server that is down.

Open, it refuses at once; after a while one call is let through, and closes it where it succeeds. The state is the
container's own: each learns by itself, and none holds the others up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag import log
from rag.errors import SearchTimeoutError, SearchUnavailableError

_FAILURES = 3
_OPEN_SECONDS = 10.0


class Circuit:
    """`failures` in a row open it for `seconds`."""

    def __init__(
        self, failures: int = _FAILURES, seconds: float = _OPEN_SECONDS, now: Callable[[], float] = time.time
    ) -> None:
        self._limit, self._seconds, self._now = failures, seconds, now
        self._failed = 0
        self._until = 0.0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around one call. Raises SearchUnavailableError without calling while the circuit is open."""
        if self._failed >= self._limit and self._now() < self._until:
            raise SearchUnavailableError("circuit open")
        try:
            yield
        except (SearchUnavailableError, SearchTimeoutError):
            self._failed += 1
            if self._failed >= self._limit:
                self._until = self._now() + self._seconds
                log.warning("search_circuit_open", failures=self._failed, seconds=self._seconds)
            raise
        self._failed = 0
