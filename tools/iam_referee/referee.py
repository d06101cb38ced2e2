"""Starts the referee: node, in a process of its own, with the packages of package-lock.json."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
HOW_TO_GET_IT = "the IAM referee needs node >= 18 and npm (Debian: nodejs, npm)"
LIMIT_SECONDS = 300


class RefereeUnavailableError(Exception):
    """There is no node or npm here."""


def judge(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`{"decision", "errors"?, "unlisted"?}` for each case, in order; `unlisted` names an action whose resource type
    AWS's own list leaves out.
    """
    _install()
    done = subprocess.run(
        ["node", str(FOLDER / "referee.mjs")],
        input=json.dumps(list(cases)),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _install() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        raise RefereeUnavailableError(HOW_TO_GET_IT)
    if not (FOLDER / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=FOLDER,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=True,
        )
