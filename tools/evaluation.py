"""Evaluates on a real search server of its own: started for this run in a folder of its own, and ended with it.

The environment says what (see tools/eval). SEARCH_URL names a server that is there already instead, SEARCH_CA_FILE the
authority of its certificate (public ones without), SEARCH_SECRET its login (none without). MODEL is a Bedrock model
that answers, with credentials and region (AWS_REGION) of the environment; without it the local cloud's stand-in does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import stand_in_model
from tools.real_search import EngineError, opensearch

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".cache" / "eval"
DOWNLOADS = ROOT / ".local" / "cache"
PACKAGES = os.pathsep.join(str(ROOT / "files" / name) for name in ("search", "lambda"))
OPTIONS = (
    ("--ca-file", "SEARCH_CA_FILE"),
    ("--config", "CONFIG"),
    ("--compare", "COMPARE"),
    ("--half", "HALF"),
    ("--model", "MODEL"),
    ("--answers", "ANSWERS"),
)


@contextmanager
def engine() -> Iterator[str]:
    """URL of the search server to evaluate on."""
    named = os.environ.get("SEARCH_URL", "")
    if named:
        yield named
        return
    STATE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STATE, prefix="run-") as folder, opensearch(DOWNLOADS, Path(folder)) as url:
        yield url


@contextmanager
def model() -> Iterator[dict[str, str]]:
    """The environment by which the model is found."""
    if os.environ.get("MODEL"):
        yield {}
        return
    with stand_in_model.running() as url:
        yield stand_in_model.environment(url)


def arguments(url: str) -> list[str]:
    """The command line of `python -m evaluation` by the environment."""
    given = os.environ
    command = [sys.executable, "-m", "evaluation", given["DATA"], "--url", url]
    command += ["--out", given.get("OUT") or str(STATE / "report")]
    command += [] if given.get("MODEL") else ["--model", stand_in_model.ID, "--model-name", stand_in_model.NAME]
    for option, name in OPTIONS:
        if given.get(name):
            command += [option, given[name]]
    return command


def main() -> int:
    """The evaluation's own exit status, or 1 where there is no server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with engine() as url, model() as chosen:
            print(f"search server: {url}", file=sys.stderr, flush=True)
            environment = {**os.environ, "PYTHONPATH": PACKAGES, **chosen}
            return subprocess.run(arguments(url), env=environment, check=False).returncode
    except EngineError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
