"""The drift walk (docs/drift.md): fields of the recorded requests, and things added, changed by hand one by one.

Not collected with the tests, since rows of docs/drift.md are open. A number of fields drawn with a seed (24 unless
said), or the whole of it, with the table:

    DRIFT_FIELDS=40 DRIFT_SEED=any-word .venv/bin/python -m pytest tests/integration/system/drift_walk.py
    DRIFT_FIELDS=all DRIFT_TABLE=drift.txt .venv/bin/python -m pytest tests/integration/system/drift_walk.py
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest

from tests.integration.drift import unmanaged
from tests.integration.drift.additions import ADDITIONS
from tests.integration.drift.deployed import walk_through
from tests.integration.drift.fields import Request, fields
from tests.integration.drift.walk import Row, Walk
from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

WANTED = os.environ.get("DRIFT_FIELDS", "24")
SEED = os.environ.get("DRIFT_SEED", "drift")


def chosen[T](every: Sequence[T]) -> list[T]:
    """What is walked through."""
    if WANTED == "all":
        return list(every)
    return random.Random(SEED).sample(every, min(int(WANTED), len(every)))


@pytest.fixture(scope="module")
def walk(company: Company, made: list[Request], repeated: Run) -> Walk:
    return walk_through(company.cloud, made, repeated)


def told(rows: list[Row]) -> None:
    """The rows, beside those that are there already, in the file that DRIFT_TABLE names."""
    if "DRIFT_TABLE" in os.environ:
        with open(os.environ["DRIFT_TABLE"], "a", encoding="utf-8") as table:
            table.writelines(f"{row}\n" for row in rows)


def test_fields_are_repaired(walk: Walk) -> None:
    rows = [walk.field(each) for each in chosen(list(fields(walk.requests)))]
    told(rows)
    assert [str(row) for row in rows if row.faulty] == [], SEED


def test_what_is_added_is_taken_away(walk: Walk) -> None:
    rows = [walk.addition(each) for each in chosen(ADDITIONS)]
    told(rows)
    assert [str(row) for row in rows if row.faulty] == [], SEED


def test_every_row_of_what_is_unmanaged_is_about_something(walk: Walk) -> None:
    """A row that no field and no addition matches would hide nothing, and mislead a reader."""
    found = [(each.request.service, each.request.operation, each.name) for each in fields(walk.requests)]
    found += [(each.service, "(added)", each.name) for each in ADDITIONS]
    table = unmanaged.read()
    idle = [row[:3] for row in table.rows if not any(unmanaged.Unmanaged((row,)).reason(*each) for each in found)]
    assert table.rows
    assert idle == []
