"""A sample of the drift walk (docs/drift.md): fields and additions, changed by hand one by one, drawn by the commit.

The seed is printed with what was drawn. DRIFT_SEED draws another sample, or that of another commit again; DRIFT_FIELDS
says how many. The whole of it is a command: `python -m tests.integration.drift`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence

import pytest

from tests.integration.drift import kept, unmanaged
from tests.integration.drift.additions import ADDITIONS
from tests.integration.drift.deployed import walking
from tests.integration.drift.fields import Request, fields
from tests.integration.drift.walk import ADDED, Row, Walk
from tests.integration.system.company import Company
from tests.integration.system.playbooks import Run

FIELDS = int(os.environ.get("DRIFT_FIELDS", "30"))


@pytest.fixture(scope="module")
def seed() -> str:
    return os.environ.get("DRIFT_SEED") or kept.commit().removesuffix("+")


@pytest.fixture(scope="module")
def walk(company: Company, made: list[Request], repeated: Run) -> Iterator[Walk]:
    with walking(company.cloud, made, repeated) as walk:
        yield walk


def drawn[T](every: Sequence[T], number: int, seed: str) -> list[T]:
    """Some, in an order of their own."""
    return random.Random(seed).sample(every, min(number, len(every)))


def told(rows: list[Row], seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nDRIFT_SEED={seed}", *rows, sep="\n  ")


def test_fields_changed_by_hand_are_named_and_repaired(
    walk: Walk, seed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [walk.field(each) for each in drawn(list(fields(walk.requests)), FIELDS, seed)]
    told(rows, seed, capsys)
    assert [str(row) for row in rows if row.faulty] == []


def test_what_is_added_by_hand_is_taken_away(walk: Walk, seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [walk.addition(each) for each in drawn(ADDITIONS, FIELDS // 5, seed)]
    told(rows, seed, capsys)
    assert [str(row) for row in rows if row.faulty] == []


def test_every_row_of_what_is_unmanaged_is_about_something(walk: Walk) -> None:
    """A row that no field and no addition matches would hide nothing, and mislead a reader."""
    found = [(each.request.service, each.request.kind, each.name) for each in fields(walk.requests)]
    found += [(each.service, ADDED, each.name) for each in ADDITIONS]
    table = unmanaged.read()
    idle = [row[:3] for row in table.rows if not any(unmanaged.Unmanaged((row,)).reason(*each) for each in found)]
    assert table.rows
    assert idle == []
