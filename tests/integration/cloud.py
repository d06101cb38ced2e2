"""The local cloud's control plane as tests see it: started on a free port, asked, and reset between tests."""

from __future__ import annotations

import functools
import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

REGION = "ap-northeast-1"
ACCOUNT = "123456789012"
ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 90


@dataclass(frozen=True)
class Cloud:
    """A running control plane. ``endpoint`` is its URL, for every AWS service alike."""

    endpoint: str

    def client(self, service: str) -> Any:
        """A boto3 client for what a test prepares or looks at."""
        return _client(self.endpoint, service)

    def faulty_client(self, service: str) -> Any:
        """A boto3 client that does not check parameters itself: faults must reach the server."""
        return _client(self.endpoint, service, checks=False)

    def get(self, path: str) -> Any:
        """The JSON answer of a ``/_local/`` route."""
        return self.ask("GET", path)

    def put(self, path: str, body: Any) -> Any:
        """PUT a JSON body to a ``/_local/`` route."""
        return self.ask("PUT", path, body)

    def mutations(self) -> list[str]:
        """The mutating requests since the last call of ``forget``, as ``service:Operation``."""
        return [f"{it['service']}:{it['operation']}" for it in self.get("/_local/requests") if it["mutating"]]

    def forget(self) -> None:
        """Clear the record of requests."""
        self.ask("DELETE", "/_local/requests")

    def reset(self) -> None:
        """Empty the account."""
        self.ask("POST", "/moto-api/reset")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of a request to a route of the local cloud's own."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            raw = response.read()
        return json.loads(raw) if raw else None


@functools.cache
def _session() -> Any:
    return botocore.session.get_session()


# Not for ever: a walk asks hundreds of endpoints, and a client is a few MB.
@functools.lru_cache(maxsize=64)
def _client(endpoint: str, service: str, checks: bool = True) -> Any:
    session = boto3.Session("testing", "testing", region_name=REGION, botocore_session=_session())
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=checks)
    return session.client(service, endpoint_url=endpoint, config=config)


@contextmanager
def running_cloud(directory: Path) -> Iterator[Cloud]:
    """A control plane of its own, with its state and its log below ``directory``; ended afterwards."""
    port = _free_port()
    command = [sys.executable, "-m", "local_cloud.control", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "LOCAL_CLOUD_STATE": str(directory / "state")}
    log = directory / "control.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait_until_ready(process, port, log)
            yield Cloud(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _attempt in range(START_LIMIT_SECONDS * 10):
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        else:
            break
    raise RuntimeError(f"the control plane did not start: {log.read_text()[-2000:]}")
