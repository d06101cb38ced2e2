"""A real OpenSearch 3.8 with kuromoji for the session; the ingestion as a command; the function's retriever on both."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.real_search import opensearch as real_opensearch

ROOT = Path(__file__).resolve().parents[3]
for package in ("search", "lambda"):
    folder = str(ROOT / "files" / package)
    if folder not in sys.path:
        sys.path.insert(0, folder)

DOWNLOADS = ROOT / ".local" / "cache"


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its URL. There is no other engine to fall back to: where it cannot start, these tests fail."""
    with real_opensearch(DOWNLOADS, tmp_path_factory.mktemp("opensearch")) as url:
        yield url
