"""What is deliberately unmanaged: the table of docs/drift.md, read by the tests."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from pathlib import Path

from tests.integration.cloud import ROOT

DOCUMENT = ROOT / "docs" / "drift.md"
HEADING = "## What is deliberately not managed"
ROW = re.compile(r"\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \| (.+) \|")


@dataclass(frozen=True)
class Unmanaged:
    """Rows of service, operation and field (shell patterns), and why."""

    rows: tuple[tuple[str, str, str, str], ...]

    def reason(self, service: str, operation: str, name: str) -> str:
        """Why a field is not managed; "" where it is."""
        for row_service, row_operation, pattern, why in self.rows:
            if (service, operation) == (row_service, row_operation) and fnmatch.fnmatchcase(name, pattern):
                return why
        return ""


def read(document: Path = DOCUMENT) -> Unmanaged:
    """The table below its heading."""
    section = document.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    return Unmanaged(tuple((m[1], m[2], m[3].replace("[", "[[]"), m[4]) for m in ROW.finditer(section)))
