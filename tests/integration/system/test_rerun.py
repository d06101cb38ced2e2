"""A deployment that stands is left alone."""

from __future__ import annotations

from tests.integration.system.conftest import Neighbour
from tests.integration.system.playbooks import Run


def test_the_second_run_changes_nothing(repeated: Run) -> None:
    assert repeated.changed() == []


def test_a_plan_of_what_stands_is_empty(neighbour: Neighbour) -> None:
    """Made while a second environment stood beside it, which must not count as drift either."""
    assert neighbour.first_planned_again.succeeded().changed() == []
