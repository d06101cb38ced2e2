"""What is under way: which resource is busy until when, and what is done once its time is up.

Nothing here sleeps. Time is looked at when a request comes; ``settle`` then does whatever has become due.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from local_cloud.control.aws_time.settings import Settings, from_environment
from local_cloud.control.calls import AwsError, Result

LOG = logging.getLogger(__name__)
Action = Callable[[], object]


@dataclass
class Memory:
    """For stale reads: when what was changed, and what was answered when; a refusal is an answer too."""

    changes: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, tuple[float, Result | AwsError]] = field(default_factory=dict)


class Clock:
    """One account's timers. Not thread-safe: the control plane's lock guards it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._until: dict[str, float] = {}
        self._later: list[tuple[float, int, Action]] = []
        self._order = itertools.count()
        self._seen: set[str] = set()
        self.memory = Memory()
        self.configure(from_environment(os.environ))

    def configure(self, settings: Settings) -> None:
        """New switches: in force for what begins from now on. The dice are thrown anew from the seed."""
        self.settings = settings
        self.dice = Random(settings.seed)

    def start(self, key: str, row: str) -> None:
        """The resource ``key`` is busy for as long as the row of the table says."""
        self.hold(key, self.settings.seconds(row))

    def hold(self, key: str, seconds: float) -> None:
        """The resource is busy for that many seconds from now, whatever it was before; 0: not at all."""
        self._until.pop(key, None)
        if seconds > 0:
            self._until[key] = self.now() + seconds

    def busy(self, key: str) -> bool:
        """Whether the resource's time is not up yet."""
        until = self._until.get(key)
        return until is not None and self.now() < until

    def first(self, key: str) -> bool:
        """Whether this is the first time that it is asked for the key."""
        known = key in self._seen
        self._seen.add(key)
        return not known

    def later(self, row: str, action: Action) -> None:
        """Do that when the row's time is up."""
        self.after(self.settings.seconds(row), action)

    def after(self, seconds: float, action: Action) -> None:
        """Do that once so many seconds have passed; the next request is the first that sees it done."""
        heapq.heappush(self._later, (self.now() + seconds, next(self._order), action))

    def settle(self) -> None:
        """Do what is due, the oldest first. What became impossible meanwhile is only logged: nobody waits for it."""
        while self._later and self._later[0][0] <= self.now():
            _due, _number, action = heapq.heappop(self._later)
            try:
                action()
            except AwsError as error:
                LOG.warning("not done any more: %s: %s", error.code, error.message)

    def forget(self) -> None:
        """Everything is as if it had always been there; the switches are those of the start again."""
        self._until.clear()
        self._later.clear()
        self._seen.clear()
        self.memory = Memory()
        self.configure(from_environment(os.environ))
