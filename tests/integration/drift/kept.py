"""What a walk found, kept service by service, so that a gap found late does not cost the whole walk again."""

from __future__ import annotations

import dataclasses
import datetime
import json
import subprocess
from pathlib import Path

from tests.integration.cloud import ROOT
from tests.integration.drift.walk import Row

FOLDER = ROOT / ".cache" / "drift"


@dataclasses.dataclass(frozen=True)
class Piece:
    """All rows of one service, with the commit and the day of their walk."""

    service: str
    commit: str
    day: str
    rows: tuple[Row, ...]


def commit() -> str:
    """The commit that is checked out, with `+` where files differ from it."""
    found = _git("rev-parse", "HEAD")
    return f"{found}+" if _git("status", "--porcelain", "--untracked-files=no") else found


def _git(*words: str) -> str:
    # A container may run as another user than the checkout's.
    command = ["git", "-c", f"safe.directory={ROOT}", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def keep(service: str, rows: list[Row], walked: str, folder: Path = FOLDER) -> None:
    """In place of what was kept of the service before. `walked`: the commit when the walk began."""
    folder.mkdir(parents=True, exist_ok=True)
    piece = Piece(service, walked, datetime.datetime.now(datetime.UTC).date().isoformat(), tuple(rows))
    (folder / f"{service}.json").write_text(json.dumps(dataclasses.asdict(piece), indent=1), encoding="utf-8")


def kept(folder: Path = FOLDER) -> list[Piece]:
    """The pieces that are there, in the order of their services' names."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [Piece(**{**each, "rows": tuple(Row(**row) for row in each["rows"])}) for each in found]
