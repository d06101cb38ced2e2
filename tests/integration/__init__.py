"""Tests against the local cloud. Commands (`python -m tests.integration...`) find the collections as pytest does."""

from __future__ import annotations

import sys
from pathlib import Path

COLLECTIONS = str(Path(__file__).parents[2] / ".ansible" / "collections")
if COLLECTIONS not in sys.path:
    sys.path.append(COLLECTIONS)
