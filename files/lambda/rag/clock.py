"""Time left, and time taken. Seconds, on the monotonic clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Clock = Callable[[], float]


class Deadline:
    """The moment by which an answer must be out."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self._end - self._clock()

    def within(self, seconds: float, *, keep: float = 0.0) -> Deadline:
        """A nearer deadline: at most `seconds` from now, and at least `keep` before this one."""
        return Deadline(min(seconds, self.remaining() - keep), self._clock)


class Stopwatch:
    """How long each stage took, in milliseconds; a stage entered twice adds up."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = self._clock()
        try:
            yield
        finally:
            self.stages[name] = round(self.stages.get(name, 0.0) + self._ms_since(begun), 1)

    def total(self) -> float:
        return round(self._ms_since(self._start), 1)

    def _ms_since(self, moment: float) -> float:
        return (self._clock() - moment) * 1000
