"""Runs a playbook under a strategy, and makes what it printed comparable."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.integration.cloud import ROOT

HERE = Path(__file__).parent / "playbook"
LINEAR, OURS = "linear", "private_rag.aws.mitogen_linear"
LIMIT_SECONDS = 300
MARK = "CONFORMANCE_RUN"


@dataclass(frozen=True)
class Ended:
    """How a run ended, what it printed, and the processes it left behind."""

    status: int
    output: str
    errors: str
    left: list[str]


@dataclass
class Running:
    """A run that has been started; every process of it bears a mark in its environment."""

    process: subprocess.Popen[bytes]
    mark: str
    directory: Path

    def signal(self, number: signal.Signals, everyone: bool) -> None:
        """Send a signal to ansible-playbook, or to `everyone` of its process group as a terminal does on Ctrl-C."""
        if everyone:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def end(self) -> Ended:
        """Wait for its end, and then for what it started, at most 20 seconds; what is left is named, and killed."""
        self.process.wait(LIMIT_SECONDS)
        _gone, alive = psutil.wait_procs(_marked(self.mark), timeout=20)
        left = [" ".join(process.cmdline()) for process in alive]
        for process in alive:
            process.kill()
        output, errors = (self._read(name) for name in ("output", "errors"))
        return Ended(self.process.returncode, output, errors, left)

    def _read(self, name: str) -> str:
        """What was printed, with the folder of the run named alike whatever it is."""
        return (self.directory / name).read_text().replace(str(self.directory), "/SCRATCH")


def start(playbook: str, strategy: str, directory: Path, *options: str, **environment: str) -> Running:
    """Start a playbook of this folder. Files go below `directory`, which the playbook knows as `scratch`."""
    directory.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex
    command = [sys.executable, "-m", "ansible", "playbook", str(HERE / playbook), "-i", str(HERE / "hosts.yml")]
    command += ["-e", f"scratch={directory}", *options]
    # Files, not pipes: a pipe would stay open, and be waited for, as long as a process that was left behind.
    with (directory / "output").open("wb") as output, (directory / "errors").open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(strategy, directory, {MARK: mark, **environment}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
    return Running(process, mark, directory)


def run(playbook: str, strategy: str, directory: Path, *options: str, **environment: str) -> Ended:
    """Run a playbook of this folder to its end."""
    return start(playbook, strategy, directory, *options, **environment).end()


def both[T](work: Callable[[str], T]) -> dict[str, T]:
    """What `work` makes of each strategy, at the same time."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        ended = {strategy: threads.submit(work, strategy) for strategy in (LINEAR, OURS)}
    return {strategy: future.result() for strategy, future in ended.items()}


def _environment(strategy: str, directory: Path, more: dict[str, str]) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
    settings: dict[str, Any] = {
        "ANSIBLE_CONFIG": ROOT / "ansible.cfg",
        "ANSIBLE_STRATEGY": strategy,
        "ANSIBLE_ASYNC_DIR": directory / "jobs",
        "ANSIBLE_NOCOLOR": 1,
        "LC_ALL": "C.UTF-8",
        "PRIVATE_RAG_PROGRESS": "off",  # how long a task takes is chance
    }
    return {**ours, **{name: str(value) for name, value in settings.items()}, **more}


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(process)
        except psutil.Error:
            continue  # It ended meanwhile, or is not ours to look at.
    return found


# What differs between any two runs, under whatever strategy.
_VARYING = (
    (r"\d:\d\d:\d\d\.\d+", "DURATION"),
    (r"20\d\d-\d\d-\d\d[T ][\d:.]+(\+00:00|Z)?", "TIME"),
    (r"\w{3}, \d\d \w{3} 20\d\d [\d:]+ GMT", "TIME"),
    (r"private_rag_plan_\d+", "private_rag_plan_TIME"),
    (r"requestid: \S+", "requestid: REQUEST"),
    (r"\S*/\.ansible/tmp/[^/\s]+(/tmp[^/\s]+)?/", "TEMPORARY/"),
)
# Ids that AWS makes up: alike where the same one is repeated in the same places.
_IDS = re.compile(
    r"\b[0-9a-f]{17}\b|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\bA[A-Z0-9]{15,24}\b|\b[0-9a-f]{64}\b|\b[a-z0-9]{20}\b"
)


def comparable(text: str) -> list[str]:
    """The lines, with what varies from run to run replaced."""
    names: dict[str, str] = {}
    return _IDS.sub(lambda match: names.setdefault(match[0], f"ID-{len(names)}"), without_times(text)).splitlines()


def without_times(text: str) -> str:
    """The text without times, durations, request ids and temporary folders."""
    for pattern, word in _VARYING:
        text = re.sub(pattern, word, text)
    return text
