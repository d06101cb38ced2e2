"""Runs every test, one kind after the other, and tells at the end which failed and on which search engine.

The local cloud of the tests is their own: other ports and another state folder than `make up` uses, the same downloads.
The browser tests run on what `make up` made; it is run twice, since the second run must change nothing. A process that
is left at the end is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tools import chromium, leftovers
from tools.free_ports import free_ports
from tools.search_engine import search_engine

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".cache" / "test-cloud"
DOWNLOADS = ROOT / ".local" / "cache"
# Single modules and the search: together they take about as long as all others, which deploy whole systems.
FIRST_LANE = ("modules", "refusals", "permissions", "search")
PERMISSIONS = "tests/integration/permissions"
LOCAL_CLOUD = [sys.executable, "-m", "local_cloud"]
KINDS = ("unit", "integration", "molecule", "e2e")
# Only where they are named, as CI does: once more without Mitogen what the others did with it, and a whole life with
# exactly the policies of docs/iam, and signing in at a real OpenID provider, which needs node.
MORE_KINDS = ("conformance", "linear", "permissions", "identity")


def execute(command: list[str], environment: dict[str, str], show: Callable[[str], None] | None = None) -> bool:
    """Run a command in the checkout's root; ``show`` gets its output line by line, else it goes where ours goes.

    The command has a process group of its own, which is ended with us: nothing goes on after Ctrl-C or SIGTERM.
    """
    pipe = subprocess.PIPE if show else None
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=subprocess.STDOUT if show else None,
        text=True,
        start_new_session=True,
    )
    try:
        if show:
            for line in process.stdout or ():
                show(line)
        return process.wait() == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def run(*command: str, **environment: str) -> bool:
    """Run a command whose output goes where ours goes."""
    return execute(list(command), environment)


def pytest(folder: str, *options: str, **environment: str) -> bool:
    """The tests of one folder."""
    return run(sys.executable, "-m", "pytest", folder, *options, **environment)


def integration() -> bool:
    """Two lanes at once: each waits for its local cloud half of the time. The second is printed after the first."""
    first = [f"tests/integration/{name}" for name in FIRST_LANE]
    second = ["tests/integration", *(f"--ignore={folder}" for folder in first)]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *second],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            passed = run(sys.executable, "-m", "pytest", *first)
            status = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
        output.seek(0)
        shutil.copyfileobj(output, sys.stdout)
        sys.stdout.flush()
    return passed and status == 0


def molecule() -> bool:
    """Deploy, deploy again, verify, destroy twice."""
    return run("molecule", "test", "--scenario-name", "default")


def molecule_without_mitogen() -> bool:
    """The same where Mitogen is not installed: a package that cannot be imported stands before the real one."""
    hidden = STATE / "without-mitogen"
    (hidden / "mitogen").mkdir(parents=True, exist_ok=True)
    (hidden / "mitogen" / "__init__.py").write_text("raise ModuleNotFoundError('No module named mitogen')\n")
    return run("molecule", "test", "--scenario-name", "default", PYTHONPATH=str(hidden))


def browser_tests() -> bool:
    """A question typed in a real browser. Without one: a failure under CI, else told in one line."""
    browser = chromium.find()
    if browser:
        return pytest("tests/e2e", CHROMIUM=browser)
    print(f"NOT RUN: {chromium.HOW_TO_GET_ONE}", flush=True)
    return os.environ.get("CI") != "true"


def identity_tests() -> bool:
    """Signing in with a real browser at a real provider, in front of a real search server."""
    browser = chromium.find()
    if browser:
        return pytest("tests/identity", CHROMIUM=browser)
    print(f"NOT RUN: {chromium.HOW_TO_GET_ONE}", flush=True)
    return False


def make_up() -> bool:
    """The whole system, as `make up` makes it."""
    return run("tools/up")


def make_up_again() -> bool:
    """The second run, which must change nothing: every recap says changed=0."""
    lines: list[str] = []

    def show(line: str) -> None:
        print(line, end="", flush=True)
        lines.append(line)

    return execute(["tools/up"], {}, show) and converged("".join(lines))


def converged(output: str) -> bool:
    """Whether there are recaps of ansible-playbook in this output, and none of them tells of a change."""
    changes = re.findall(r"\bchanged=(\d+)", output)
    print(f"recaps: {len(changes)}, with changes: {sum(count != '0' for count in changes)}", flush=True)
    return bool(changes) and set(changes) == {"0"}


def make_down() -> bool:
    """Destroy and stop."""
    return run("tools/down")


def stop_cloud() -> bool:
    """Nothing may be left; whatever is left is named, ended, and a failure."""
    stopped = run(*LOCAL_CLOUD, "stop")
    left = leftovers.find(STATE)
    for process in left:
        print(f"left behind: {process}", flush=True)
    leftovers.end(left)
    return stopped and not left


def prepare() -> None:
    """Where the tests' local cloud listens and keeps its state, for everything started from here."""
    STATE.mkdir(parents=True, exist_ok=True)
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    cache = STATE / "cache"
    if not cache.exists():
        cache.symlink_to(DOWNLOADS)
    os.environ["LOCAL_CLOUD_STATE"] = str(STATE)
    if leftovers.find(STATE):  # of a run that was killed; it has other ports
        run(*LOCAL_CLOUD, "stop")
        leftovers.end(leftovers.find(STATE))
    names = ("LOCAL_CLOUD_PORT", "LOCAL_ALB_PORT", "LOCAL_SEARCH_PORT")
    os.environ.update({name: str(port) for name, port in zip(names, free_ports(len(names)), strict=True)})


class Summary:
    """What ran, how it ended, how long it took."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = False

    def phase(self, name: str, work: Callable[[], bool]) -> None:
        """Run one kind of tests, whatever became of the others."""
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        passed = work()
        self.failed = self.failed or not passed
        self.lines.append(f"{'ok' if passed else 'FAILED':7}{time.monotonic() - began:6.0f} s  {name}")

    def show(self, engine: str) -> int:
        """Print it; the exit status for the whole."""
        print("\n== summary", *self.lines, f"search engine: {engine}", sep="\n")
        print("test: FAILED" if self.failed else "test: all passed", flush=True)
        return int(self.failed)


def run_kinds(kinds: tuple[str, ...], summary: Summary) -> str:
    """Run the chosen kinds; returns the search engine that the whole system ran on."""
    engine = "none was started (e2e was not run)"
    if "unit" in kinds:
        summary.phase("unit", lambda: pytest("tests/unit", "-n", "2"))
    if "integration" in kinds:
        summary.phase("integration", integration)
    if "conformance" in kinds:
        summary.phase("conformance", lambda: pytest("tests/conformance"))
    if "permissions" in kinds:
        summary.phase("permissions", lambda: pytest(f"{PERMISSIONS}/whole_walk.py", f"{PERMISSIONS}/whole_referee.py"))
    if "identity" in kinds:
        summary.phase("identity", identity_tests)
    try:
        if "molecule" in kinds:
            summary.phase("molecule", molecule)
        if "linear" in kinds:
            summary.phase("molecule without Mitogen", molecule_without_mitogen)
        if "e2e" in kinds:
            summary.phase("make up", make_up)
            engine = search_engine(f"http://127.0.0.1:{os.environ['LOCAL_SEARCH_PORT']}")
            summary.phase("e2e", browser_tests)
            summary.phase("make up again: nothing changes", make_up_again)
            summary.phase("make down", make_down)
    finally:
        summary.phase("no process is left", stop_cloud)
    return engine


def stop_asked(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM: clean up, and let no second one (`timeout` sends two) interrupt that."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def main(words: list[str]) -> int:
    """The first four kinds, or those named; 2 for a name that is none."""
    if set(words) - {*KINDS, *MORE_KINDS}:
        print(f"test: there are {', '.join([*KINDS, *MORE_KINDS])}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop_asked)
    prepare()
    summary = Summary()
    engine = run_kinds(tuple(words) or KINDS, summary)
    return summary.show(engine)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
