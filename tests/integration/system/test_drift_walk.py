"""A sample of the drift walk (docs/drift.md): fields of the recorded requests, and things added, by hand.

The sample is another one for each commit; its seed is in the message of a failure. The whole of it, with the table:

    DRIFT_FIELDS=all DRIFT_TABLE=drift.txt .venv/bin/python -m pytest tests/integration/system/test_drift_walk.py
"""

from __future__ import annotations

import os
import random
import subprocess

import pytest

from tests.integration.cloud import ROOT
from tests.integration.drift import unmanaged
from tests.integration.drift.additions import ADDITIONS
from tests.integration.drift.deployed import walk_through
from tests.integration.drift.fields import Request, fields
from tests.integration.drift.walk import Row, Walk
from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

FIELDS, ADDED = 24, 6
WHOLE = os.environ.get("DRIFT_FIELDS") == "all"


@pytest.fixture(scope="module")
def seed() -> str:
    """The commit, or what DRIFT_SEED says."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return os.environ.get("DRIFT_SEED") or commit.stdout.strip() or "no commit"


@pytest.fixture(scope="module")
def walk(company: Company, made: list[Request], repeated: Run) -> Walk:
    return walk_through(company.cloud, made, repeated)


def told(rows: list[Row]) -> None:
    """The rows, beside those that are there already, in the file that DRIFT_TABLE names."""
    if "DRIFT_TABLE" in os.environ:
        with open(os.environ["DRIFT_TABLE"], "a", encoding="utf-8") as table:
            table.writelines(f"{row}\n" for row in rows)


def test_a_sample_of_fields(walk: Walk, seed: str) -> None:
    every = list(fields(walk.requests))
    rows = [walk.field(each) for each in (every if WHOLE else random.Random(seed).sample(every, FIELDS))]
    told(rows)
    assert [str(row) for row in rows if row.faulty] == [], f"DRIFT_SEED={seed}"


def test_a_sample_of_what_is_added(walk: Walk, seed: str) -> None:
    rows = [walk.addition(each) for each in (ADDITIONS if WHOLE else random.Random(seed).sample(ADDITIONS, ADDED))]
    told(rows)
    assert [str(row) for row in rows if row.faulty] == [], f"DRIFT_SEED={seed}"


def test_every_row_of_what_is_unmanaged_is_about_something(walk: Walk) -> None:
    """A row that no field and no addition matches would hide nothing, and mislead a reader."""
    found = [(each.request.service, each.request.operation, each.name) for each in fields(walk.requests)]
    found += [(each.service, "(added)", each.name) for each in ADDITIONS]
    table = unmanaged.read()
    idle = [row[:3] for row in table.rows if not any(unmanaged.Unmanaged((row,)).reason(*each) for each in found)]
    assert table.rows
    assert idle == []
