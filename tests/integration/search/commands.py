"""What the tests of the search do: ingest a folder, ask the function's retriever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rag.clock import Deadline
from rag.domain import Passage
from rag.search import SearchRetriever
from rag.settings import Reader, SearchSettings, search_settings

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = os.pathsep.join(str(ROOT / "files" / name) for name in ("search", "lambda"))


def command(folder: Path, url: str, index: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "ingest", str(folder), "--url", url, "--index", index, *more]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": PACKAGES, **more}


def ingest(folder: Path, url: str, index: str, *more: str, **env: str) -> dict[str, Any]:
    """The last line of a run that must succeed."""
    done = subprocess.run(
        command(folder, url, index, *more), env=environment(**env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def refused(folder: Path, url: str, index: str, *more: str, **env: str) -> str:
    """What is said by a run that must fail: to the operator, and without a stack trace."""
    done = subprocess.run(
        command(folder, url, index, *more), env=environment(**env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def settings(url: str, index: str, **more: str) -> SearchSettings:
    reader = Reader({"ES_HOST": url, "ES_INDEX": index, "ES_TIMEOUT_SECONDS": "20", **more})
    made = search_settings(reader)
    assert reader.faults == []
    return made


def ask(url: str, index: str, question: str, *groups: str, **more: str) -> tuple[Passage, ...]:
    return SearchRetriever(settings(url, index, **more), None).retrieve(question, frozenset(groups), Deadline(30))
