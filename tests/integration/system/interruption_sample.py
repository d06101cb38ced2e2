"""A run that is killed is finished by the next one; one that AWS makes trouble for comes through by itself.

A sample, drawn by the commit. Run by name, as the whole walk and the twenty troubled runs are: docs/interruption.md.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cloud import ROOT
from tests.integration.interruption import trouble, walk
from tests.integration.interruption.census import census
from tests.integration.system.company import DESTROY, SITE, SURE, Company

# A full destroy.yml sends more than that many mutating requests.
DESTROYING_REQUESTS = 30


@pytest.fixture(scope="module")
def dice() -> random.Random:
    """Thrown from the commit; the same commit draws the same points."""
    command = ["git", "-c", f"safe.directory={ROOT}", "rev-parse", "HEAD"]
    seed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    print(f"drawn by {seed}")
    return random.Random(seed)


@pytest.fixture(scope="module")
def site(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[walk.Task]:
    """`site.yml` on the company's account, quickly; the files of its runs are not the other tests'."""
    folder: Path = tmp_path_factory.mktemp("interruption")
    files = {"chatbot_build_dir": str(folder / "build"), "chatbot_outputs_file": str(folder / "outputs.json")}
    with company.copy() as start:
        start.cloud.put("/_local/time", walk.QUICK)
        yield walk.undisturbed(SITE, start, **files)


def test_a_killed_deployment_and_a_killed_removal(site: walk.Task, dice: random.Random) -> None:
    with site.start.copy() as account:
        killed = walk.kill_in(site, account, dice.randint(1, site.requests), dice.choice(walk.WHEN))
        print(killed)
        assert killed is not None
        assert killed.faults == []
        going = walk.Task(DESTROY, account, census(site.start.cloud.client), variables=SURE)
        killed = walk.kill_in(going, account, dice.randint(1, DESTROYING_REQUESTS), dice.choice(walk.WHEN))
        print(killed)
        assert killed is not None
        assert killed.faults == []


def test_a_troubled_deployment(site: walk.Task, dice: random.Random) -> None:
    seed = dice.randrange(1_000_000)
    print(f"seed {seed}")
    assert trouble.troubled(site, seed) == []
