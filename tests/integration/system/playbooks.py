"""Runs the project's own playbooks as an operator does, and reads what they tell."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.integration.cloud import ROOT

# For one that hangs: on a machine with much else to do, a troubled deployment took more than 300.
LIMIT_SECONDS = 900
# Where the callback puts down which module was given what.
NOTES = "invocations.jsonl"
COLLECTION = "private_rag.aws."


@dataclass(frozen=True)
class Invocation:
    """One call of a module: what it was given and what it answered (callbacks/invocations.py)."""

    task: str
    module: str
    arguments: dict[str, Any]
    result: dict[str, Any]

    @property
    def resource(self) -> str:
        """What the module calls the resource that it reconciled."""
        return str(self.result["diff"]["before_header"])


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook. `document` is what the callback ansible.posix.json printed."""

    status: int
    document: dict[str, Any]
    errors: str
    invocations: tuple[Invocation, ...] = ()

    def reconciled(self) -> list[Invocation]:
        """The calls of modules that reconcile something on AWS or on this machine, in their order."""
        return [each for each in self.invocations if "action" in each.result and "changes" in each.result]

    def results(self) -> list[tuple[str, dict[str, Any]]]:
        """(task, result) in the order in which they ran; the task's name carries its role's."""
        return [
            (task["task"]["name"], result)
            for play in self.document["plays"]
            for task in play["tasks"]
            for result in task["hosts"].values()
        ]

    def changed(self) -> list[str]:
        """The tasks that changed something, or would have."""
        return [name for name, result in self.results() if result.get("changed")]

    def messages(self) -> list[str]:
        """Why it failed: the message of each task and loop item that did."""
        found = []
        for _name, result in self.results():
            for each in [result, *result.get("results", [])]:
                if each.get("failed") and "results" not in each:
                    found.append(str(each.get("msg", each)))
        return found

    def succeeded(self) -> Run:
        """Itself; fails the test where the run failed."""
        assert self.status == 0, self.messages() or self.errors or self.document
        return self


@dataclass(frozen=True)
class Begun:
    """A run of ansible-playbook that is under way."""

    playbook: str
    process: subprocess.Popen[bytes]
    folder: Path

    def __enter__(self) -> Begun:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.running():
            self.kill()

    def running(self) -> bool:
        return self.process.poll() is None

    def called(self) -> int:
        """How many calls of modules are done."""
        return len((self.folder / NOTES).read_text(encoding="utf-8").splitlines())

    def pause(self) -> None:
        """A moment, shorter where it ends."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.05)

    def kill(self) -> None:
        """SIGKILL to it and to all that it started, as when the machine goes down."""
        family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        psutil.wait_procs(family)
        shutil.rmtree(self.folder)

    def finish(self) -> Run:
        """Wait for its end; one that does not end in time is killed, and the test fails."""
        try:
            status = self.process.wait(LIMIT_SECONDS)
        except BaseException:
            self.kill()
            raise
        names = ("printed", "errors", NOTES)
        printed, errors, notes = ((self.folder / name).read_text(encoding="utf-8") for name in names)
        shutil.rmtree(self.folder)
        start = printed.find("{")
        assert start >= 0, f"{self.playbook} printed no result: {printed[-2000:]}{errors[-2000:]}"
        invocations = tuple(Invocation(**json.loads(line)) for line in notes.splitlines())
        return Run(status, json.loads(printed[start:]), errors, invocations)


class Playbooks:
    """Runs playbooks against one account. `state` is the local cloud's folder, `endpoint` its AWS."""

    def __init__(self, state: Path, endpoint: str) -> None:
        self.state = state
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "LOCAL_CLOUD_STATE": str(state),
            "LOCAL_CLOUD_PORT": endpoint.rpartition(":")[2],
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "invocations",
            "ANSIBLE_INJECT_INVOCATION": "true",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def begin(self, playbook: str, *options: str, inventory: str = "inventories/local", **variables: Any) -> Begun:
        """Start one playbook; `options` go to ansible-playbook, `variables` are extra variables."""
        command = [sys.executable, "-m", "ansible", "playbook", playbook, "-i", inventory, *options]
        command += ["-e", json.dumps(variables)]
        folder = Path(tempfile.mkdtemp(prefix="playbook-"))
        environment = {**self.environment, "INVOCATIONS_FILE": str(folder / NOTES)}
        (folder / NOTES).touch()
        with (folder / "printed").open("wb") as printed, (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=printed, stderr=errors
            )
        return Begun(playbook, process, folder)

    def run(self, playbook: str, *options: str, inventory: str = "inventories/local", **variables: Any) -> Run:
        """One playbook from beginning to end."""
        return self.begin(playbook, *options, inventory=inventory, **variables).finish()
