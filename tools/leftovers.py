"""Finds and ends what a local cloud left behind."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

END_SECONDS = 10


def belongs(command: list[str], environment: dict[str, str], state: Path) -> bool:
    """Whether a process was started by the local cloud with this state folder: its environment or command names it."""
    by_environment = "local_cloud" in " ".join(command) and environment.get("LOCAL_CLOUD_STATE") == str(state)
    return by_environment or any(f"{state}{os.sep}" in word for word in command)


def find(state: Path) -> list[psutil.Process]:
    """Processes of that local cloud, except this one."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and belongs(process.cmdline(), process.environ(), state):
                found.append(process)
        except psutil.Error:  # it ended meanwhile, or is another user's
            continue
    return found


def end(processes: list[psutil.Process]) -> None:
    """Ask them to end, then make them."""
    for process in processes:
        process.terminate()
    _gone, alive = psutil.wait_procs(processes, timeout=END_SECONDS)
    for process in alive:
        process.kill()
