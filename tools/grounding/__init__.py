"""Measures the backend's check of answers against their passages. Imports `rag` as the Lambda runtime does."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "files" / "lambda"))
