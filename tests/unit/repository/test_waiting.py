"""What is waited for and what is asked again stands in two tables, each row with its source, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._retries import RETRIES
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import WAITS

ROOT = Path(__file__).resolve().parents[3]
TABLES = {"_waiters.py": set(WAITS), "_retries.py": set(RETRIES)}
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "plugins").rglob("*.py"))}
ELSEWHERE = {path: text for path, text in SOURCES.items() if path.name not in TABLES}
TASKS = [path for folder in ("roles", "playbooks") for path in sorted((ROOT / folder).rglob("*.yml"))]


@pytest.mark.parametrize("words", [r"\.get_waiter\(", r"\bsleep\(", r"\bAWSRetry\b", r"\bWaiterModel\b"])
def test_nothing_else_waits(words: str) -> None:
    assert [str(path) for path, text in ELSEWHERE.items() if re.search(words, text)] == []


def test_no_task_asks_again() -> None:
    again = re.compile(r"^\s+(until|retries|delay|async|poll):", re.MULTILINE)
    assert [str(path) for path in TASKS if again.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_row_is_used(table: str) -> None:
    modules = "".join(text for path, text in ELSEWHERE.items() if "plugin_utils" not in path.parts)
    assert [name for name in sorted(TABLES[table]) if f'"{name}"' not in modules] == []


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_row_names_its_source(table: str) -> None:
    """In a comment over it, or over the row before it where both have the same."""
    path = ROOT / "plugins" / "module_utils" / table
    body = path.read_text(encoding="utf-8").partition(": dict[str, ")[2].partition("\n}")[0]
    rows = re.split(r'^    "(\w+)": ', body, flags=re.MULTILINE)
    told, without = False, []
    for before, name in zip(rows[::2], rows[1::2], strict=False):
        comment = re.search(r"(^    #.*\n)+\Z", before, re.MULTILINE)
        told = bool(comment) or (told and before.count("\n") <= 1)
        if not told:
            without.append(name)
    assert set(rows[1::2]) == TABLES[table]
    assert without == []
