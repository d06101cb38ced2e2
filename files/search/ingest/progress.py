"""A progress bar on a terminal; elsewhere a line now and then, so that a log says how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

_BAR = 30
_ON_TERMINAL, _IN_LOG = 0.2, 30.0
"""Seconds between two of them."""


class Progress:
    """Counts to `total`. Written to standard error: standard output is for the result."""

    def __init__(
        self, title: str, total: int, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._title, self._total = title, total
        self._stream = stream or sys.stderr
        self._clock = clock
        self._begun = self._last = clock()
        self._count = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._show(final=True)

    def step(self, count: int = 1) -> None:
        """So many more are done. Called from one thread or several: a lost count would only show."""
        self._count += count
        wait = _ON_TERMINAL if self._stream.isatty() else _IN_LOG
        if self._clock() - self._last >= wait:
            self._show(final=False)

    def _show(self, *, final: bool) -> None:
        self._last = now = self._clock()
        share = self._count / self._total if self._total else 1.0
        rate = self._count / (now - self._begun) if now > self._begun else 0.0
        text = f"{self._title}: {self._count}/{self._total} ({rate:.0f}/s)"
        if not self._stream.isatty():
            print(text, file=self._stream, flush=True)
            return
        filled = int(_BAR * min(share, 1.0))
        shown = "#" * filled + "-" * (_BAR - filled)
        print(f"\r{shown} {text}", end="\n" if final else "", file=self._stream, flush=True)
