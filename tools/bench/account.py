"""An account of its own for each measurement: the local cloud's control plane, and what a company already has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from local_cloud.data.onprem import password
from local_cloud.data.pki import Pki
from tools.free_ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
REGION = "ap-northeast-1"
# Downloads and builds that every local cloud of this checkout may share; nothing in them depends on one.
SHARED = ("build/packages", "build/images")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Account:
    """A running control plane: its process id, its URL, its folder."""

    pid: int
    endpoint: str
    state: Path

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of a ``/_local`` route."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_local/{path}", data=data, method=method)
        with OPENER.open(request, timeout=60) as response:
            return json.loads(response.read())

    def forget(self) -> None:
        """Clear the record of requests."""
        self.ask("DELETE", "requests")

    def requests(self) -> list[dict[str, Any]]:
        """Every AWS call since the start or the last ``forget``, oldest first."""
        found: list[dict[str, Any]] = self.ask("GET", "requests")
        return found

    def ec2(self) -> Any:
        """A boto3 client with the operator's credentials."""
        return boto3.client(
            "ec2",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def environment(self) -> dict[str, str]:
        """What our playbooks need around them; no setting of the caller's for AWS or Ansible among it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "LOCAL_CLOUD_STATE": str(self.state),
            "LOCAL_CLOUD_PORT": self.endpoint.rpartition(":")[2],
            "NO_PROXY": "127.0.0.1,localhost",
        }


@contextmanager
def account(folder: Path) -> Iterator[Account]:
    """A new control plane with its files below ``folder``; ended afterwards. The account is empty."""
    state = folder / "state"
    _prepare(state)
    port = free_ports(1)[0]
    environment = {**_without_aws(), "LOCAL_CLOUD_STATE": str(state), "LOCAL_CLOUD_PORT": str(port)}
    command = [sys.executable, "-m", "local_cloud.control", "--port", str(port)]
    with (folder / "control.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            opened = Account(process.pid, f"http://127.0.0.1:{port}", state)
            _wait(opened, process, folder / "control.log")
            yield opened
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The account is of no more use: whatever the control plane still does need not be done."""
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _without_aws() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LOCAL_CLOUD_"))}


def _prepare(state: Path) -> None:
    """What the data plane makes when it starts is made here: the company's CA and the search server's password."""
    for name in SHARED:
        common = ROOT / ".local" / "cache" / name
        common.mkdir(parents=True, exist_ok=True)
        (state / "cache" / name).parent.mkdir(parents=True, exist_ok=True)
        (state / "cache" / name).symlink_to(common)
    Pki.load_or_create(state / "pki")
    password.ensure(state)


def _wait(opened: Account, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            opened.ask("GET", "health")
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the control plane did not start: {log.read_text()[-2000:]}")


def make_company(opened: Account, extra: Mapping[str, str]) -> None:
    """The company's network, which a deployment moves into. ``extra`` is added to the playbook's environment."""
    log = opened.state.parent / "prerequisites.log"
    command = ["ansible-playbook", "local_cloud/prerequisites.yml", "-i", "inventories/local"]
    environment = {**opened.environment(), **extra}
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=output, check=False)
    if done.returncode:
        raise RuntimeError(f"the company's network was not made: {log.read_text()[-2000:]}")
