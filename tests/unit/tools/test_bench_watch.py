"""How `make bench` watches a command: real processes, in an interpreter of its own, since it waits for all it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from tools.bench import watch

ROOT = Path(__file__).resolve().parents[3]
WATCHED = """
import dataclasses, json, os, signal, sys
from pathlib import Path
from tools.bench.watch import adopt_orphans, watch
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
adopt_orphans()
cost = watch([sys.executable, "-c", sys.argv[1]], os.environ, Path("."), Path(sys.argv[2]), 0)
print(json.dumps(dataclasses.asdict(cost)))
"""
# The child holds 64 MB and works; its parent ends before it, so that nobody of the command waits for it.
ORPHAN = """
import os, time
if os.fork() == 0:
    held = bytearray(os.urandom(1 << 20) * 64)
    until = time.process_time() + 0.5
    while time.process_time() < until:
        held[0] ^= 1
os._exit(3)
"""


def watched(code: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", WATCHED, code, str(folder / "log")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_outlives_its_parent_counts(tmp_path: Path) -> None:
    cost = watched(ORPHAN, tmp_path)
    assert cost["status"] == 3
    assert cost["cpu"] >= 0.5
    assert cost["peak_mb"] >= 64


def test_what_is_interrupted_ends_its_command(tmp_path: Path) -> None:
    waiting = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
    log = tmp_path / "log"
    with subprocess.Popen([sys.executable, "-c", WATCHED, waiting, str(log)], cwd=ROOT) as process:
        while not (log.exists() and log.read_text().endswith("\n")):
            assert process.poll() is None
            os.sched_yield()
        command = psutil.Process(int(log.read_text()))
        process.terminate()
        assert process.wait(60) == 143
    assert psutil.wait_procs([command], timeout=60)[1] == []


def test_descendants_without_strangers() -> None:
    parents = {1: 0, 10: 1, 11: 10, 12: 11, 20: 10, 21: 20, 30: 1}
    assert sorted(watch.descendants(parents, 10, {20})) == [11, 12]


def test_own_memory_is_known() -> None:
    assert watch.pss_kib(os.getpid()) > 1000
    assert watch.pss_kib(2**22 + 1) == 0  # beyond the largest process id: proc(5), pid_max


def test_seconds_of_the_kernel() -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    assert watch.busy_seconds("cpu  100 0 200 5000 400 0 0 0 0 0\ncpu0 1 1\n") == 300 / ticks
    fields = " ".join(["S", *"1234567890", "150", "50", "0"])
    assert watch.cpu_seconds(f"42 (a (b) c) {fields}") == 200 / ticks
