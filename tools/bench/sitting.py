"""One sitting: every measurement that was asked for, taking turns, so that a change of the machine's mood meets all."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench.account import Account
from tools.bench.statistics import Row
from tools.bench.tool import BenchError, Command
from tools.bench.watch import Cost, watch

LOG_LINES = 40


@dataclass
class Sitting:
    """Where the rows are collected, and how they are taken. ``settings``: environment of our playbooks."""

    runs: int
    peer: Path | None = None
    stacks: tuple[int, ...] = (1, 5, 20)
    settings: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    scale: float = 1.0
    tasks: int = 40
    rows: list[Row] = field(default_factory=list)
    facts: dict[str, dict[str, object]] = field(default_factory=dict)
    not_measured: dict[str, str] = field(default_factory=dict)
    path: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    keep: Callable[[], None] = field(default=lambda: None)

    def folder(self) -> tempfile.TemporaryDirectory[str]:
        """For one account or one tool."""
        return tempfile.TemporaryDirectory(prefix="bench-")

    def measure(
        self, cell: tuple[str, str, str], run: int, command: Command, account: Account, fault: Callable[[str], str]
    ) -> Row:
        """Run, check, keep and tell one measurement. Raises BenchError where it did not do what it was to do."""
        account.forget()
        cost = _run(" / ".join(cell), command, account, fault)
        calls = account.requests()
        row = Row(
            *cell,
            run,
            cost.wall,
            cost.cpu,
            cost.peak_mb,
            len(calls),
            sum(call["mutating"] for call in calls),
            cost.server_cpu,
            cost.other_cores,
        )
        self.rows.append(row)
        self.keep()
        tell(row, self.runs)
        return row

    def unmeasured(self, command: Command, account: Account, what: str) -> None:
        """What has to be there before something is measured."""
        _run(what, command, account, lambda _log: "")


def _run(what: str, command: Command, account: Account, fault: Callable[[str], str]) -> Cost:
    log = account.state.parent / "command.log"
    cost = watch(command.argv, command.environment, command.folder, log, account.pid)
    text = log.read_text(errors="replace")
    wrong = f"exit status {cost.status}" if cost.status else fault(text)
    if wrong:
        shown = "\n".join(text.splitlines()[-LOG_LINES:])
        raise BenchError(f"{what}: {wrong}; the last of its output:\n{shown}")
    return cost


def say(line: str) -> None:
    """A progress line, with the time of day in UTC."""
    now = datetime.datetime.now(datetime.UTC)
    print(f"{now:%H:%M:%S}  {line}", flush=True)


def tell(row: Row, runs: int) -> None:
    """One measurement in one line."""
    busy = f"  (other processes used {row.other_cores:.1f} cores)" if row.other_cores > 0.2 else ""
    say(
        f"run {row.run}/{runs}  {row.group:10} {row.phase:10} {row.tool:16} {row.wall:7.2f} s  cpu {row.cpu:6.2f} s"
        f"  {row.peak_mb:5.0f} MB  {row.requests:4} requests, {row.writes} writes{busy}"
    )
