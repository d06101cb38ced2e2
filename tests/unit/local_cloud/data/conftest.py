"""A control plane of its own for the tests of the data plane, in a process, with an empty account."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local_cloud.data.settings import Settings

START_SECONDS = 60
ROOT = Path(__file__).parents[4]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def control_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings whose control plane is running; the runtime's packages come from the checkout's cache."""
    state = tmp_path_factory.mktemp("local")
    (state / "cache").symlink_to(_shared_cache())
    port = free_port()
    env = {**os.environ, "LOCAL_CLOUD_STATE": str(state)}
    process = subprocess.Popen(
        [sys.executable, "-m", "local_cloud.control", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=(state / "control.log").open("w"),
    )
    settings = Settings(state=state, control_port=port, alb_port=0, search_port=0)
    deadline = time.monotonic() + START_SECONDS
    while not answers(f"{settings.endpoint}/_local/health"):
        assert process.poll() is None, (state / "control.log").read_text()
        assert time.monotonic() < deadline, "the control plane does not start"
        time.sleep(0.1)
    yield settings
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def settings(control_settings: Settings) -> Settings:
    """The same, after the account was emptied."""
    request = urllib.request.Request(f"{control_settings.endpoint}/moto-api/reset", method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
    return replace(control_settings)


def _shared_cache() -> Path:
    cache = ROOT / ".local" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    return cache
