"""Fixtures of the integration tests: one control plane for the session, emptied before every test that uses it.

``cloud``       the control plane (boto3 clients, ``/_local/`` routes, record of requests)
``run_module``  runs a module against it; see ``running.Runner``
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.cloud import Cloud, running_cloud
from tests.integration.running import Runner


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The running control plane, whatever is in it."""
    with running_cloud(tmp_path_factory.mktemp("control")) as cloud:
        yield cloud


@pytest.fixture
def cloud(control_plane: Cloud) -> Cloud:
    """An empty account."""
    control_plane.reset()
    control_plane.forget()
    return control_plane


@pytest.fixture
def run_module(cloud: Cloud) -> Runner:
    """``run_module(name, params, check=False)`` against the empty account; see Runner for more."""
    return Runner(cloud)
