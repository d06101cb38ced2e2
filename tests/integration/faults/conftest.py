"""moto as a server for the session; for each test an empty account, an edge and a function of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

LAMBDA = str(Path(__file__).resolve().parents[3] / "files" / "lambda")
if LAMBDA not in sys.path:
    sys.path.insert(0, LAMBDA)

from tests.integration.faults.edge import Edge, edge  # noqa: E402
from tests.integration.faults.world import World, wired  # noqa: E402

importlib.import_module("tests.integration.running")  # from here on the services' models are read once


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def around(moto: str) -> Iterator[Edge]:
    """Search is down until the test lets it listen."""
    requests.post(f"{moto}/moto-api/reset", timeout=60).raise_for_status()
    with edge(moto) as opened:
        yield opened


@pytest.fixture
def world(around: Edge, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[World]:
    """Everything works."""
    around.listen()
    case = getattr(request.node, "callspec", None) and request.node.callspec.params.get("case")
    with wired(around, monkeypatch, hurried=bool(case and case.waited_for)) as made:
        yield made
