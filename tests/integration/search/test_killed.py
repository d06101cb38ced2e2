"""An ingestion that is killed and run again ends as one that was not: a sample of `python -m tools.kill_ingestion`."""

from __future__ import annotations

from pathlib import Path

from tools.kill_ingestion import walk


def test_killed_anywhere_and_run_again_the_index_is_the_same(opensearch: str, tmp_path: Path) -> None:
    result = walk(opensearch, tmp_path, documents=600, kills=2, seed=20261123)
    assert result["killed"] == 2
    assert result["equal"] is True
    assert result["after_changes_equal"] is True
