"""One account for all tests of the whole deployment: each fixture is the next thing that an operator does.

company -> planned -> deployed -> repeated -> neighbour (a second environment, which comes and goes)

Only the control plane runs: nothing here asks a question. `ecs_service_wait` is off since no task ever starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.integration.drift.deployed import recorded
from tests.integration.drift.fields import Request
from tests.integration.system.account import Snapshot
from tests.integration.system.company import Company, Plan, running_company
from tests.integration.system.playbooks import Run


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
    with running_company(tmp_path_factory.mktemp("system")) as company:
        yield company


@pytest.fixture(scope="session")
def before_all(company: Company) -> Iterator[Company]:
    """A copy of the company before the first deployment, for who needs the start once more."""
    with company.copy() as copy:
        yield copy


@pytest.fixture(scope="session")
def planned(company: Company, before_all: Company) -> Plan:
    """Of the account without the chatbot. No downloads to fall back on, and none to be made."""
    return company.plan(chatbot_cache_dir=str(company.playbooks.state / "downloads"))


@pytest.fixture(scope="session")
def deployment(company: Company, planned: Plan) -> tuple[Run, list[Request]]:
    """The run, and what it sent. Kept at once: whoever plans next clears the record."""
    company.cloud.forget()
    run = company.site("--diff").succeeded()
    return run, recorded(company.cloud)


@pytest.fixture(scope="session")
def deployed(deployment: tuple[Run, list[Request]]) -> Run:
    return deployment[0]


@pytest.fixture(scope="session")
def made(deployment: tuple[Run, list[Request]]) -> list[Request]:
    """The mutating requests of the deployment."""
    return deployment[1]


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
