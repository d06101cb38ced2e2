"""ingest.yml and evaluate.yml with a recorder in place of the environment's Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.cloud import ROOT

# Notes how it was called, and answers as it is told to.
RECORDER = """#!{python}
import json, os, sys
with open({notes!r}, "a", encoding="utf-8") as notes:
    print(json.dumps([sys.argv[1:], dict(os.environ)]), file=notes)
print({answer!r})
"""
INVENTORY = """chatbot:
  hosts:
    controller: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
"""
NEEDED = {
    "chatbot_region": "ap-northeast-1",
    "chatbot_elasticsearch_url": "https://es.example:9200",
    "chatbot_elasticsearch_index": "company-documents",
    "chatbot_bedrock_model_id": "jp.anthropic.claude-opus-5-5",
}


@dataclass(frozen=True)
class Told:
    """What a run printed, and which tasks changed something."""

    status: int
    document: dict[str, Any]

    def tasks(self) -> dict[str, dict[str, Any]]:
        return {
            task["task"]["name"]: result
            for play in self.document["plays"]
            for task in play["tasks"]
            for result in task["hosts"].values()
        }

    def changed(self) -> list[str]:
        return [name for name, result in self.tasks().items() if result.get("changed")]

    def messages(self) -> str:
        return json.dumps([result.get("msg", "") for result in self.tasks().values()], ensure_ascii=False)


@dataclass(frozen=True)
class Recorded:
    """A cache folder whose environments are there, each with a recorder as Python and as pip."""

    folder: Path

    def environment(self, name: str, answer: object, *locks: str) -> None:
        """`locks`: what it says that it was made with; none: an old one."""
        programs = self.folder / "cache" / name / "bin"
        programs.mkdir(parents=True)
        (programs / "activate").touch()
        for program in ("python", "pip"):
            given = {"python": sys.executable, "notes": str(self.folder / program), "answer": json.dumps(answer)}
            (programs / program).write_text(RECORDER.format(**given), encoding="utf-8")
            (programs / program).chmod(0o755)
        if locks:
            texts = [(ROOT / lock).read_text(encoding="utf-8").rstrip() for lock in locks]
            (programs.parent / "locks").write_text(",".join(texts), encoding="utf-8")

    def run(self, playbook: str, *options: str, **variables: Any) -> Told:
        inventory, known = self.folder / "hosts.yml", self.folder / "variables.json"
        inventory.write_text(INVENTORY, encoding="utf-8")
        values = {**NEEDED, "chatbot_cache_dir": str(self.folder / "cache"), **variables}
        known.write_text(json.dumps(values), encoding="utf-8")
        words = [sys.executable, "-m", "ansible", "playbook", f"playbooks/{playbook}.yml", "-i", str(inventory)]
        environment = {
            **os.environ,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_STRATEGY": "linear",
            "AWS_REGION": "us-east-1",
        }
        done = subprocess.run(
            [*words, "-e", f"@{known}", *options],
            cwd=ROOT,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        start = done.stdout.find("{")
        assert start >= 0, done.stdout + done.stderr
        return Told(done.returncode, json.loads(done.stdout[start:]))

    def calls(self, program: str = "python") -> list[tuple[list[str], dict[str, str]]]:
        """Arguments and environment of each call so far."""
        notes = self.folder / program
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.is_file() else []
        return [tuple(json.loads(line)) for line in lines]

    def files(self) -> set[str]:
        """Below the cache."""
        return {str(path.relative_to(self.folder)) for path in (self.folder / "cache").rglob("*")}


def option(arguments: list[str], name: str) -> str | None:
    """The value of `--name=value`; None where it is not given."""
    found = [each.partition("=")[2] for each in arguments if each.startswith(f"--{name}=")]
    return found[0] if found else None
