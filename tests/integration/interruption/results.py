"""What was found so far, a line of JSON each: a walk that is started again goes on where it stopped.

The last line of a key counts, and only while it tells of no fault: a fault is looked at again.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.integration.cloud import ROOT


@dataclass(frozen=True)
class Found:
    """``faults`` is empty where all came right; ``on`` and ``commit`` tell of which day and code that is true."""

    key: str
    on: str
    commit: str
    faults: list[str] = field(default_factory=list)


class Results:
    """Those of one file, which need not be there yet."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._commit = commit()
        self.found: dict[str, Found] = {}
        if file.is_file():
            for line in file.read_text(encoding="utf-8").splitlines():
                found = Found(**json.loads(line))
                self.found[found.key] = found

    def right(self, key: str) -> bool:
        """Whether that was seen to come right."""
        return key in self.found and not self.found[key].faults

    def keep(self, key: str, faults: list[str]) -> Found:
        """Write it down at once, and tell it on the terminal."""
        found = self.found[key] = Found(key, f"{datetime.now(UTC):%Y-%m-%d}", self._commit, faults)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(found)) + "\n")
        print(f"{key}: {'; '.join(faults) or 'right'}", flush=True)
        return found


def commit() -> str:
    """The commit of this checkout, in full."""
    command = ["git", "-c", f"safe.directory={ROOT}", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
