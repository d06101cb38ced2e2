"""Which processes belong to a local cloud: recorded in its state folder, so that `stop` finds every one of them.

A process is known by its id and its start time together: an id alone is given again to strangers.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

START_TOLERANCE = 0.05
"""Seconds; the kernel counts start times in ticks of 10 ms."""


@dataclass(frozen=True)
class Recorded:
    """One process as recorded; `extra` is what its starter wants to know at the end."""

    name: str
    pid: int
    started: float
    extra: dict[str, str]

    def process(self) -> psutil.Process | None:
        """The process if it is still the same one and runs."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) <= START_TOLERANCE
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def folder(state: Path) -> Path:
    """Where the records lie, one file each."""
    return state / "run"


def record(state: Path, name: str, pid: int, **extra: str) -> None:
    """Writes down a process that was just started; one that has ended already leaves no record."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    path = folder(state) / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    unfinished.write_text(json.dumps({"pid": pid, "started": started, "extra": extra}))
    unfinished.rename(path)


def forget(state: Path, name: str) -> None:
    """Absent already is fine."""
    (folder(state) / f"{name}.json").unlink(missing_ok=True)


def find(state: Path, name: str) -> Recorded | None:
    """The record of that name."""
    return next((r for r in recorded(state) if r.name == name), None)


def recorded(state: Path) -> list[Recorded]:
    """Every record, by name; what cannot be read is left out."""
    found = []
    for path in sorted(folder(state).glob("*.json")):
        try:
            entry = json.loads(path.read_text())
            found.append(Recorded(path.stem, int(entry["pid"]), float(entry["started"]), entry.get("extra", {})))
        except (OSError, ValueError, KeyError):
            continue
    return found


def end(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """SIGTERM to each, SIGKILL to it and to all it started after `seconds`; what is left is returned."""
    asked = list(processes)
    family = {p.pid: p for p in asked}
    for process in asked:
        family |= {child.pid: child for child in children(process)}
    for process in asked:
        _signal(process, signal.SIGTERM)
    psutil.wait_procs(asked, timeout=seconds)
    left = [p for p in family.values() if p.is_running()]
    for process in left:
        _signal(process, signal.SIGKILL)
    return psutil.wait_procs(left, timeout=10)[1]


def children(process: psutil.Process) -> list[psutil.Process]:
    """All that it started, and all that those started."""
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _signal(process: psutil.Process, how: signal.Signals) -> None:
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
