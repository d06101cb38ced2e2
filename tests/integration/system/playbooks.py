"""Runs the project's own playbooks as an operator does, and reads what they tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.cloud import ROOT

LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook. `document` is what the callback ansible.posix.json printed."""

    status: int
    document: dict[str, Any]
    errors: str

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
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def run(self, playbook: str, *options: str, inventory: str = "inventories/local", **variables: Any) -> Run:
        """One playbook; `options` go to ansible-playbook, `variables` are extra variables."""
        command = [sys.executable, "-m", "ansible", "playbook", playbook, "-i", inventory, *options]
        command += ["-e", json.dumps(variables)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
        start = done.stdout.find("{")
        assert start >= 0, f"{playbook} printed no result: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return Run(done.returncode, json.loads(done.stdout[start:]), done.stderr)
