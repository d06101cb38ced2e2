"""Evaluates on a real search server of its own: started for this run in a folder of its own, and ended with it.

The environment says what (see tools/eval). SEARCH_URL names a server that is there already instead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_cloud.data.onprem import layout, server
from local_cloud.supervisor import answers, tail
from tools.free_ports import free_ports

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".cache" / "eval"
DOWNLOADS = ROOT / ".local" / "cache"
START_SECONDS = 180
STOP_SECONDS = 30
PACKAGES = os.pathsep.join(str(ROOT / "files" / name) for name in ("search", "lambda"))


class EngineError(Exception):
    """The search server could not be had; the message says why."""


@contextmanager
def engine() -> Iterator[str]:
    """URL of the search server to evaluate on. Never the embedded one: its figures would mean nothing."""
    named = os.environ.get("SEARCH_URL", "")
    if named:
        yield named
        return
    STATE.mkdir(parents=True, exist_ok=True)
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STATE, prefix="run-") as folder:
        yield from _own(Path(folder))


def _own(folder: Path) -> Iterator[str]:
    (port,) = free_ports(1)
    environment = {**os.environ, "REQUIRE_REAL_SEARCH": "1"}
    try:
        chosen = server.choose(DOWNLOADS, folder, port, environment)
    except server.SearchUnavailableError as error:
        raise EngineError(str(error)) from error
    log = folder / "search.log"
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
        url = f"http://127.0.0.1:{port}"
        _wait(process, url, log)
        yield url
    finally:
        _end(process)
        if chosen.work:
            layout.remove(chosen.work)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    begun = time.monotonic()
    while not answers(url):
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


def arguments(url: str) -> list[str]:
    """The command line of `python -m evaluation` by the environment."""
    given = os.environ
    command = [sys.executable, "-m", "evaluation", given["DATA"], "--url", url]
    command += ["--out", given.get("OUT") or str(STATE / "report")]
    for option, name in (("--config", "CONFIG"), ("--compare", "COMPARE"), ("--half", "HALF")):
        if given.get(name):
            command += [option, given[name]]
    return command


def main() -> int:
    """The evaluation's own exit status, or 1 where there is no server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with engine() as url:
            print(f"search server: {url}", file=sys.stderr, flush=True)
            environment = {**os.environ, "PYTHONPATH": PACKAGES}
            return subprocess.run(arguments(url), env=environment, check=False).returncode
    except EngineError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
