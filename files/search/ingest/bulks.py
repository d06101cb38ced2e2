"""Bulk requests on their way while the next one is gathered: few at a time, none larger than it must be."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

Send = Callable[[list[str]], None]

_BYTES = 4 * 1024 * 1024
_OPERATIONS = 500
IN_FLIGHT = 2
"""A bulk request to one shard keeps one thread of the server busy; a second one is there when it ends."""


class Bulks:
    """Gathers operations and sends them by `send`, in up to `in_flight` threads.

    At most `in_flight` + 1 requests of about 4 MB are held. What `send` raises is raised by the next call, or at the
    end of the `with`. Two requests that are on their way are in no order: `drain` where there has to be one.
    """

    def __init__(self, send: Send, in_flight: int = IN_FLIGHT) -> None:
        self._deliver = send
        self._in_flight = in_flight
        self._operations: list[str] = []
        self._bytes = 0
        self._pool = ThreadPoolExecutor(in_flight)
        self._sent: deque[Future[None]] = deque()

    def __enter__(self) -> Bulks:
        return self

    def __exit__(self, kind: object, _value: object, _trace: object) -> None:
        try:
            if kind is None:
                self.drain()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def add(self, operations: Iterable[str]) -> None:
        """Operations of `_bulk`, each with its line breaks."""
        for operation in operations:
            self._operations.append(operation)
            self._bytes += len(operation)
            if self._bytes >= _BYTES or len(self._operations) >= _OPERATIONS:
                self._send()

    def drain(self) -> None:
        """Everything so far is in the index when this returns."""
        self._send()
        while self._sent:
            self._sent.popleft().result()

    def _send(self) -> None:
        if not self._operations:
            return
        while len(self._sent) >= self._in_flight:
            self._sent.popleft().result()
        self._sent.append(self._pool.submit(self._deliver, self._operations))
        self._operations, self._bytes = [], 0
