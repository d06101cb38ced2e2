"""A run that is killed is finished by the next one; one that AWS makes trouble for comes through by itself.

A sample, drawn by the commit and printed. The whole walk and the twenty troubled runs: docs/interruption.md.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.interruption import trouble, walk
from tests.integration.interruption.results import commit
from tests.integration.interruption.state import state
from tests.integration.system.company import DESTROY, SITE, SURE, Company

# Seven runs of playbooks, which may take more than the usual 10 minutes where the machine is busy.
pytestmark = pytest.mark.timeout(1800)
# A full destroy.yml sends more than that many mutating requests.
DESTROYING_REQUESTS = 30


@pytest.fixture(scope="module")
def dice() -> random.Random:
    """Thrown from the commit; the same commit draws the same points."""
    seed = commit()
    print(f"drawn by {seed}")
    return random.Random(seed)


@pytest.fixture(scope="module")
def site(before_all: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[walk.Task]:
    """`site.yml` on the company's account, quickly; the files of its runs are not the other tests'."""
    folder: Path = tmp_path_factory.mktemp("interruption")
    files = {"chatbot_build_dir": str(folder / "build"), "chatbot_outputs_file": str(folder / "outputs.json")}
    with before_all.copy() as start:
        start.cloud.put("/_local/time", walk.QUICK)
        yield walk.undisturbed(SITE, start, **files)


def drawn(dice: random.Random, requests: int) -> walk.Point:
    return walk.Point(dice.randint(1, requests), dice.choice(walk.WHEN), "")


def test_a_killed_deployment_and_a_killed_removal(site: walk.Task, dice: random.Random) -> None:
    with site.start.copy() as account:
        point, faults = walk.kill_in(site, account, drawn(dice, site.requests))
        print(f"{SITE} killed {point}")
        assert faults == []
        going = walk.Task(DESTROY, account, state(site.start.cloud), variables=SURE)
        point, faults = walk.kill_in(going, account, drawn(dice, DESTROYING_REQUESTS))
        print(f"{DESTROY} killed {point}")
        assert faults == []


def test_a_troubled_deployment(site: walk.Task, dice: random.Random) -> None:
    seed = dice.randrange(1_000_000)
    print(f"seed {seed}")
    assert trouble.troubled(site, seed) == []
