"""An ingestion that is killed and run again ends as one that was not: a sample of `python -m tools.kill_ingestion`."""

from __future__ import annotations

from pathlib import Path

from tools.kill_ingestion import walk


def test_killed_at_every_write_and_run_again_the_index_is_the_same(opensearch: str, tmp_path: Path) -> None:
    """600 documents: the index is made, two bulks, its settings, the alias."""
    result = walk(opensearch, tmp_path, documents=600, kills=5, seed=20261123)
    held = result.pop("documents_after_each_kill")
    assert held == sorted(held)
    assert result == {
        "documents": 600,
        "killed": 5,
        "updates_killed": 1,
        "seed": 20261123,
        "equal": True,
        "after_changes_equal": True,
    }
