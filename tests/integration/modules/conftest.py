"""Fixtures that several modules' tests share."""

from __future__ import annotations

import pytest

from tests.integration.modules.api import Api
from tests.integration.running import Runner


@pytest.fixture
def api(run_module: Runner) -> Api:
    """An API that is not made yet, with the endpoints that it may name."""
    made = Api(run_module)
    made.make_endpoints()
    return made
