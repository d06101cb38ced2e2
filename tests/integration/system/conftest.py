"""One account for all tests of the whole deployment: each fixture is the next thing that an operator does.

company -> planned -> deployed -> repeated -> neighbour (a second environment, which comes and goes)

Only the control plane runs: nothing here asks a question. `ecs_service_wait` is off since no task ever starts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local_cloud.data.onprem import password
from local_cloud.data.pki import Pki
from tests.integration.cloud import ROOT, Cloud, running_cloud
from tests.integration.system.account import Snapshot, snapshot
from tests.integration.system.playbooks import Playbooks, Run

SITE, DESTROY = "site.yml", "playbooks/destroy.yml"
# Downloads and builds that every local cloud of this checkout may share. What depends on one is not among them.
SHARED = ("build/packages", "build/images")


@dataclass(frozen=True)
class Company:
    """An account with what a company has before the chatbot, and nothing else."""

    cloud: Cloud
    playbooks: Playbooks
    before: Snapshot

    def now(self) -> Snapshot:
        return snapshot(self.cloud.client)

    def files(self) -> dict[str, int]:
        """Every file of the local cloud's folder with the time of its last change, in ns; folders with 0."""
        return {str(path): path.is_file() and path.stat().st_mtime_ns for path in self.playbooks.state.rglob("*")}

    def site(self, *options: str, **variables: Any) -> Run:
        return self.playbooks.run(SITE, *options, ecs_service_wait=False, **variables)

    def destroy(self, *options: str, **variables: Any) -> Run:
        return self.playbooks.run(DESTROY, *options, **variables)


@dataclass(frozen=True)
class Planned:
    """The plan for the empty account, and what it wrote although it must not write."""

    run: Run
    mutations: list[str]
    files_written: set[str]


@dataclass(frozen=True)
class Neighbour:
    """A second environment beside the first: the runs that made it and took it away, and the account around them."""

    deployed: Run
    names: set[str]
    first_planned_again: Run
    destroyed: Run
    before: Snapshot
    after: Snapshot


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """What the data plane makes when it starts is made here: the company's CA and the search server's password."""
    directory = tmp_path_factory.mktemp("system")
    with running_cloud(directory) as cloud:
        state = directory / "state"
        _share_downloads(state / "cache")
        Pki.load_or_create(state / "pki")
        password.ensure(state)
        playbooks = Playbooks(state, cloud.endpoint)
        playbooks.run("local_cloud/prerequisites.yml").succeeded()
        yield Company(cloud, playbooks, snapshot(cloud.client))


def _share_downloads(cache: Path) -> None:
    common = Path(os.environ.get("LOCAL_CLOUD_STATE", ROOT / ".local")) / "cache"
    for name in SHARED:
        (common / name).mkdir(parents=True, exist_ok=True)
        (cache / name).parent.mkdir(parents=True, exist_ok=True)
        (cache / name).symlink_to((common / name).resolve())


@pytest.fixture(scope="session")
def planned(company: Company) -> Planned:
    company.cloud.forget()
    before = company.files()
    # No downloads to fall back on, and none to be made.
    run = company.site("--check", "--diff", chatbot_cache_dir=str(company.playbooks.state / "downloads"))
    written = {path for path, changed in company.files().items() if before.get(path) != changed}
    return Planned(run, company.cloud.mutations(), written)


@pytest.fixture(scope="session")
def deployed(company: Company, planned: Planned) -> Run:
    return company.site("--diff").succeeded()


@pytest.fixture(scope="session")
def repeated(company: Company, deployed: Run) -> Run:
    return company.site().succeeded()


@pytest.fixture(scope="session")
def neighbour(company: Company, repeated: Run) -> Neighbour:
    """Its outputs go to a file of its own: the inventory's belongs to the first environment."""
    before = company.now()
    outputs = str(company.playbooks.state / "stg.json")
    deployed = company.site(chatbot_environment="stg", chatbot_outputs_file=outputs)
    beside = company.now()
    again = company.site("--check")
    destroyed = company.destroy(chatbot_environment="stg", chatbot_confirm_destroy=True, chatbot_delete_history=True)
    return Neighbour(deployed, beside.keys() - before.keys(), again, destroyed, before, company.now())
