"""A real search server for the length of a `with`: started in a folder of its own, ended and removed with it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local_cloud.data.onprem import layout, server
from local_cloud.data.onprem.server import SearchProcess
from local_cloud.supervisor import answers, tail
from tools.free_ports import free_ports

START_SECONDS = 180
STOP_SECONDS = 30


class EngineError(Exception):
    """The search server could not be had; the message says why."""


@contextmanager
def opensearch(downloads: Path, folder: Path) -> Iterator[str]:
    """URL of the OpenSearch that the local cloud uses. Never the embedded one: figures of it would mean nothing."""
    (port,) = free_ports(1)
    downloads.mkdir(parents=True, exist_ok=True)
    try:
        chosen = server.choose(downloads, folder, port, {**os.environ, "REQUIRE_REAL_SEARCH": "1"})
    except server.SearchUnavailableError as error:
        raise EngineError(str(error)) from error
    url = f"http://127.0.0.1:{port}"
    with running(chosen, folder / "search.log", lambda: answers(url)):
        yield url


@contextmanager
def running(chosen: SearchProcess, log: Path, is_ready: Callable[[], bool]) -> Iterator[None]:
    """The process, from when it is ready. Raises EngineError with the last of its log where it never is."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(chosen.command),
            env=dict(chosen.environment),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=chosen.uid,
            group=chosen.gid,
            extra_groups=None if chosen.uid is None else [],
            start_new_session=True,
        )
    try:
        _wait(process, is_ready, log)
        yield
    finally:
        _end(process)
        if chosen.work:
            layout.remove(chosen.work)


def _wait(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    begun = time.monotonic()
    while not is_ready():
        if process.poll() is not None or time.monotonic() - begun > START_SECONDS:
            raise EngineError(f"the search server does not start; the last of its log:\n{tail(log, 15)}")
        time.sleep(0.2)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
