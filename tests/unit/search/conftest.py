"""The ingestion and the evaluation import as they do where they run: their folder and the function's on the path."""

from __future__ import annotations

import sys
from pathlib import Path

for package in ("lambda", "search"):
    folder = str(Path(__file__).resolve().parents[3] / "files" / package)
    if folder not in sys.path:
        sys.path.insert(0, folder)
