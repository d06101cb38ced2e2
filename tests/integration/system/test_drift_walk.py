"""The drift walk (docs/drift.md): fields of the recorded requests, and things added, changed by hand one by one.

Here a few of each service that are known to be repaired, always the same. Others, told by their number and a seed,
or the whole of it, with the table:

    DRIFT_FIELDS=40 DRIFT_SEED=any-word .venv/bin/python -m pytest tests/integration/system/test_drift_walk.py
    DRIFT_FIELDS=all DRIFT_TABLE=drift.txt .venv/bin/python -m pytest tests/integration/system/test_drift_walk.py
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Container, Sequence

import pytest

from tests.integration.drift import unmanaged
from tests.integration.drift.additions import ADDITIONS
from tests.integration.drift.deployed import walk_through
from tests.integration.drift.fields import Request, fields
from tests.integration.drift.walk import REPAIRED, Row, Walk
from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

WANTED = os.environ.get("DRIFT_FIELDS", "")
SEED = os.environ.get("DRIFT_SEED", "drift")
# Service, operation, field: all of them are repaired.
KNOWN = ()
KNOWN_ADDED = ()


def chosen[T](every: Sequence[T], known: Container[tuple[str, ...]], name: Callable[[T], tuple[str, ...]]) -> list[T]:
    """What is walked through: the known ones, or as many as were asked for."""
    if WANTED == "all":
        return list(every)
    if WANTED:
        return random.Random(SEED).sample(every, min(int(WANTED), len(every)))
    # The first of each name: two roles have a policy document with the same fields.
    return list({name(each): each for each in reversed(every) if name(each) in known}.values())


@pytest.fixture(scope="module")
def walk(company: Company, made: list[Request], repeated: Run) -> Walk:
    return walk_through(company.cloud, made, repeated)


def told(rows: list[Row]) -> None:
    """The rows, beside those that are there already, in the file that DRIFT_TABLE names."""
    if "DRIFT_TABLE" in os.environ:
        with open(os.environ["DRIFT_TABLE"], "a", encoding="utf-8") as table:
            table.writelines(f"{row}\n" for row in rows)


def test_fields_are_repaired(walk: Walk) -> None:
    todo = chosen(list(fields(walk.requests)), KNOWN, lambda it: (it.request.service, it.request.operation, it.name))
    assert len(todo) >= len(KNOWN) or WANTED
    rows = [walk.field(each) for each in todo]
    told(rows)
    assert [str(row) for row in rows if row.faulty or not (WANTED or row.outcome == REPAIRED)] == [], SEED


def test_what_is_added_is_taken_away(walk: Walk) -> None:
    todo = chosen(ADDITIONS, KNOWN_ADDED, lambda it: (it.service, it.name))
    assert len(todo) >= len(KNOWN_ADDED) or WANTED
    rows = [walk.addition(each) for each in todo]
    told(rows)
    assert [str(row) for row in rows if row.faulty or not (WANTED or row.outcome == REPAIRED)] == [], SEED


def test_every_row_of_what_is_unmanaged_is_about_something(walk: Walk) -> None:
    """A row that no field and no addition matches would hide nothing, and mislead a reader."""
    found = [(each.request.service, each.request.operation, each.name) for each in fields(walk.requests)]
    found += [(each.service, "(added)", each.name) for each in ADDITIONS]
    table = unmanaged.read()
    idle = [row[:3] for row in table.rows if not any(unmanaged.Unmanaged((row,)).reason(*each) for each in found)]
    assert table.rows
    assert idle == []
