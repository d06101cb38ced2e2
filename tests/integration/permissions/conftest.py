"""One walk of a controller that has exactly the policies of docs/iam, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.permissions.controller import Controller, Recording, record
from tests.integration.permissions.write import PLAYBOOKS
from tests.integration.system.company import Company, running_company
from tools.iam_policies import store


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """An account of its own: the walk ends with nothing of the deployment left."""
    with running_company(tmp_path_factory.mktemp("permissions")) as company:
        yield company


@pytest.fixture(scope="session")
def recording(company: Company) -> Recording:
    """The runs, each with the policies of its playbook."""
    controllers = {
        name: Controller.made(company, f"controller-{name}", map(store.filled, store.kept(name).values()))
        for name in PLAYBOOKS
    }
    return record(company, controllers)
