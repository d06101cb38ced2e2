"""What the tools around the ingestion share: to run the command, to time it, to read a whole index."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from tools.evaluation import PACKAGES

_PAGE = 5000


def command(url: str, folder: Path, index: str) -> list[str]:
    return [sys.executable, "-m", "ingest", str(folder), "--url", url, "--index", index]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": PACKAGES}


def run(url: str, folder: Path, index: str) -> None:
    """A run that must succeed."""
    done = subprocess.run(command(url, folder, index), env=environment(), check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the ingestion failed: {done.stderr[-2000:]}")


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall time."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def content(url: str, index: str) -> dict[str, Any]:
    """Every document of an index by id."""
    requests.post(f"{url}/{index}/_refresh", timeout=60).raise_for_status()
    found: dict[str, Any] = {}
    body: dict[str, Any] = {"size": _PAGE, "sort": [{"part": "asc"}]}
    while True:
        answer = requests.post(f"{url}/{index}/_search", json=body, timeout=60)
        answer.raise_for_status()
        hits = answer.json()["hits"]["hits"]
        found |= {hit["_id"]: hit["_source"] for hit in hits}
        if len(hits) < _PAGE:
            return found
        body["search_after"] = hits[-1]["sort"]
