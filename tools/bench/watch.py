"""Runs a command and watches all processes that come from it: wall time, CPU time and memory. Linux only.

Memory is the sum of the processes' proportional set sizes (PSS: a page that n processes share counts 1/n in each), read
from /proc/PID/smaps_rollup every SAMPLE_SECONDS; the peak is the largest sum seen. CPU time is user and system time of
the command and of everything it started, as the kernel accounts it to whoever waits for them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.1
LEFT_SECONDS = 20
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
PROC = Path("/proc")


@dataclass(frozen=True)
class Cost:
    """What one command cost. ``other_cores``: how many cores everything else on the machine used meanwhile."""

    status: int
    wall: float
    cpu: float
    peak_mb: float
    server_cpu: float
    other_cores: float


def adopt_orphans() -> None:
    """Let processes whose parent ends become ours instead of init's: Mitogen's interpreters are such ones."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def watch(command: list[str], environment: Mapping[str, str], folder: Path, log: Path, server: int) -> Cost:
    """Run the command to its end, and to the end of what it started; ``server`` is the cloud's process id.

    Raises RuntimeError where something of it is still there LEFT_SECONDS later.
    """
    before = _Machine.now(server)
    family = Family(root=os.getpid(), strangers={server})
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=dict(environment), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            with Sampler(family) as sampler:
                status = process.wait()
                wall = time.monotonic() - before.at
                family.reap_rest()
        finally:
            family.end()  # there is something left only where we were interrupted
    after = _Machine.now(server)
    own = after.children - before.children
    server_cpu = after.server - before.server
    rest = (after.busy - before.busy) - own - server_cpu - (after.ourselves - before.ourselves)
    other = max(0.0, rest) / (after.at - before.at)
    return Cost(status, wall, own, sampler.peak / 1024, server_cpu, other)


@dataclass(frozen=True)
class _Machine:
    """CPU seconds used so far, by whom; ``at`` is monotonic time."""

    at: float
    busy: float
    children: float
    ourselves: float
    server: float

    @classmethod
    def now(cls, server: int) -> _Machine:
        children, ourselves = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
        return cls(
            time.monotonic(),
            busy_seconds((PROC / "stat").read_text()),
            children.ru_utime + children.ru_stime,
            ourselves.ru_utime + ourselves.ru_stime,
            cpu_seconds((PROC / str(server) / "stat").read_text()) if server else 0.0,
        )


@dataclass
class Family:
    """All processes that descend from ``root``, without ``strangers`` and what these started."""

    root: int
    strangers: set[int] = field(default_factory=set)

    def members(self) -> list[int]:
        """Their ids, as of now."""
        return descendants(parents(), self.root, self.strangers)

    def end(self) -> None:
        """Ask all that are left to end."""
        for pid in self.members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def reap_rest(self) -> None:
        """Wait for what the command left behind, so that its CPU time is counted."""
        until = time.monotonic() + LEFT_SECONDS
        while left := self.members():
            for pid in left:
                _reap(pid)
            if time.monotonic() > until:
                raise RuntimeError(f"the command left processes behind that do not end: {left}")
            time.sleep(SAMPLE_SECONDS / 10)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # a grandchild: its own parent waits for it, or it becomes ours


class Sampler(threading.Thread):
    """Takes the family's memory again and again; ``peak`` in KiB."""

    def __init__(self, family: Family) -> None:
        super().__init__(name="memory", daemon=True)
        self.peak = 0
        self._family = family
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(map(pss_kib, self._family.members())))

    def __enter__(self) -> Sampler:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self.join()


def parents() -> dict[int, int]:
    """Parent by process id, of all processes of the machine."""
    found = {}
    for name in os.listdir(PROC):
        if name.isdigit() and (text := _read(PROC / name / "stat")):
            found[int(name)] = int(text.rpartition(")")[2].split()[1])
    return found


def descendants(parent_of: Mapping[int, int], root: int, strangers: set[int]) -> list[int]:
    """All below ``root``, but not ``strangers`` nor what is below these."""
    children: dict[int, list[int]] = {}
    for pid, parent in parent_of.items():
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = [pid for pid in children.get(waiting.pop(), []) if pid not in strangers]
        found += below
        waiting += below
    return found


def pss_kib(pid: int) -> int:
    """Proportional set size; 0 for a process that has ended meanwhile."""
    for line in _read(PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def busy_seconds(stat: str) -> float:
    """CPU seconds that the machine was not idle, from /proc/stat: all but idle and iowait."""
    ticks = [int(word) for word in stat.partition("\n")[0].split()[1:9]]
    return float(sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def cpu_seconds(stat: str) -> float:
    """User and system time of one process, from /proc/PID/stat."""
    fields = stat.rpartition(")")[2].split()
    return float(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
