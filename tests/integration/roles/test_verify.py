"""verify: what the one-off task says is judged by whether signing in is required."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.cloud import ROOT

ANSWERED = (0, json.dumps({"ok": True, "response": "20日です。", "session_id": "s", "citations": []}))
SENT_AWAY = (1, json.dumps({"ok": False, "error": {"code": "sign_in_required", "message": "m", "request_id": "r"}}))
REFUSED = (1, json.dumps({"ok": False, "error": {"code": "search_unavailable", "message": "m", "request_id": "r"}}))
NEVER_RAN = (None, "")
UNREADABLE = (0, "")


def judged(folder: Path, required: bool, told: tuple[int | None, str]) -> tuple[int, str]:
    """Status and output of the role's judgement of one task."""
    exit_code, line = told
    task = {
        "arn": "arn:aws:ecs:ap-northeast-1:123456789012:task/c/0f9de17a",
        "exit_code": exit_code,
        "stopped_reason": "Essential container exited",
        "log_lines": [line] if line else [],
    }
    variables: dict[str, Any] = {"__verify_task": {"task": task}, "verify_identity_required": required}
    role = {"name": "private_rag.aws.verify", "tasks_from": "judge.yml"}
    tasks = [{"ansible.builtin.import_role": role}]
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
    playbook = folder / "judge.yml"
    playbook.write_text(yaml.safe_dump([play]), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", str(playbook)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("required", "told", "words"),
    [
        (False, ANSWERED, ""),
        (True, SENT_AWAY, ""),
        (True, ANSWERED, "answered without an ID token, although chatbot_identity_required is true"),
        (False, SENT_AWAY, "The question was not answered. The task stopped with 1"),
        (True, REFUSED, "search_unavailable"),
        (True, NEVER_RAN, "The question was not answered."),
        (False, NEVER_RAN, "The question was not answered."),
        (False, UNREADABLE, "CloudWatch Logs did not show what it wrote within 15 seconds."),
    ],
)
def test_only_the_expected_answer_passes(
    tmp_path: Path, required: bool, told: tuple[int | None, str], words: str
) -> None:
    status, output = judged(tmp_path, required, told)
    assert (status == 0) is (words == ""), output
    assert words in output
