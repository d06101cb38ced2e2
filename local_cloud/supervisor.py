"""Starts, watches and ends the processes of the local cloud: control plane, search, data plane.

Each runs detached from the terminal, is recorded in `<state>/run/`, and writes to `<state>/log/<name>.log`.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from local_cloud import processes
from local_cloud.data.onprem import layout, password, server
from local_cloud.data.settings import LOOPBACK, Settings

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
POLL_SECONDS = 0.2
STOP_SECONDS = 45
"""More than a task's stop timeout of 30 s: the data plane ends its tasks first."""
MARKER = "local-cloud.state"
"""Stands in every state folder; only a folder that has it is ever emptied."""
KEPT = ("cache",)
PORT_VARIABLES = {"control": "LOCAL_CLOUD_PORT", "search": "LOCAL_SEARCH_PORT", "data": "LOCAL_ALB_PORT"}
NO_PROXY_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Say = Callable[[str], None]


class SupervisorError(Exception):
    """Start or stop failed; the message is for the operator."""


@dataclass(frozen=True)
class Command:
    """What to execute; uid and gid are None where it runs as ourselves."""

    argv: Sequence[str]
    environment: Mapping[str, str]
    uid: int | None = None
    gid: int | None = None
    extra: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Component:
    """One process. `command` is made only when it is started: it may fetch and unpack things."""

    name: str
    title: str
    port: int
    healthy: Callable[[], bool]
    command: Callable[[], Command]


class Supervisor:
    """Of one state folder."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], say: Say = print) -> None:
        self.settings = settings
        self._say = say
        self._environment = environment
        self._child_environment = child_environment(settings, environment)

    def components(self) -> list[Component]:
        """In the order in which they are started."""
        found = [
            Component(
                "control",
                "AWS endpoint",
                self.settings.control_port,
                lambda: answers(f"{self.settings.endpoint}/_local/health"),
                lambda: self._python("local_cloud.control", "--port", str(self.settings.control_port)),
            )
        ]
        if not server.named_server(self._environment):
            url = server.search_url(self.settings.search_port, self._environment)
            found.append(Component("search", "search", self.settings.search_port, lambda: answers(url), self._search))
        data = Component(
            "data", "load balancer", self.settings.alb_port, self._data_ready, lambda: self._python("local_cloud.data")
        )
        return [*found, data]

    def start(self) -> None:
        """Starts what does not run, and returns when all of it answers. Raises SupervisorError."""
        self._prepare()
        missing = [c for c in self.components() if not self._is_up(c)]
        if not missing:
            self._say("the local cloud is running already")
            return
        for component in missing:
            self._refuse_taken_port(component)
        started = [(component, self._spawn(component)) for component in missing]
        self._wait(started)
        self._check_named_server()

    def stop(self) -> None:
        """Ends every process of this state folder, then empties it except for the cache."""
        work = [r.extra["work"] for r in processes.recorded(self.settings.state) if r.extra.get("work")]
        for name in ("data", "search", "control"):
            self._end(name)
        self._end_rest()
        for folder in work:
            layout.remove(Path(folder))
        self._empty_state()

    def status(self) -> list[tuple[str, bool, str]]:
        """(name, up, details) of each component."""
        rows = []
        for component in self.components():
            known = processes.find(self.settings.state, component.name)
            running = known.process() if known else None
            where = f"pid {running.pid}, {LOOPBACK}:{component.port}" if running else "not running"
            kind = f", {known.extra['kind']}" if known and running and known.extra.get("kind") else ""
            rows.append((component.name, self._is_up(component), f"{where}{kind}"))
        named = server.named_server(self._environment)
        if named:
            rows.append(("search", answers(named), named.rpartition("@")[2]))
        return rows

    def log_file(self, name: str) -> Path:
        return self.settings.logs / f"{name}.log"

    def _prepare(self) -> None:
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        (self.settings.state / MARKER).touch()
        password.ensure(self.settings.state)

    def _is_up(self, component: Component) -> bool:
        known = processes.find(self.settings.state, component.name)
        return bool(known and known.process()) and component.healthy()

    def _refuse_taken_port(self, component: Component) -> None:
        """A half-started process of ours is ended; a stranger's is left alone and named."""
        self._end(component.name)
        if component.name == "data":
            self._end_rest()  # tasks that a data plane left behind which was killed
        if port_is_free(component.port):
            return
        variable = PORT_VARIABLES[component.name]
        raise SupervisorError(
            f"port {component.port} is in use by another program{_owner(component.port)}:"
            f" end it, or set {variable} to a free port"
        )

    def _spawn(self, component: Component) -> subprocess.Popen[bytes]:
        try:
            command = component.command()
        except server.SearchUnavailableError as error:
            self._abandon()
            raise SupervisorError(f"REQUIRE_REAL_SEARCH is set, but {error}") from error
        with self.log_file(component.name).open("ab") as log:
            process = subprocess.Popen(
                list(command.argv),
                env=dict(command.environment),
                cwd=ROOT if command.uid is None else "/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=command.uid,
                group=command.gid,
                extra_groups=None if command.uid is None else [],
            )
        processes.record(self.settings.state, component.name, process.pid, **(command.extra or {}))
        self._say(f"starting {component.name} (log: {self.log_file(component.name)})")
        return process

    def _wait(self, started: list[tuple[Component, subprocess.Popen[bytes]]]) -> None:
        begun = time.monotonic()
        waiting = dict(enumerate(started))
        while waiting:
            for number, (component, process) in list(waiting.items()):
                if component.healthy():
                    self._say(f"{component.name} is ready after {time.monotonic() - begun:.1f} s")
                    del waiting[number]
                elif process.poll() is not None:
                    self._fail(component, f"ended with exit status {process.returncode}")
                elif time.monotonic() - begun > START_SECONDS:
                    self._fail(component, f"does not answer after {START_SECONDS} s")
            time.sleep(POLL_SECONDS if waiting else 0)

    def _fail(self, component: Component, how: str) -> None:
        log = self.log_file(component.name)
        self._abandon()
        raise SupervisorError(f"{component.name} {how}; the last of {log}:\n{tail(log)}")

    def _abandon(self) -> None:
        """A start that failed leaves no process behind; the logs stay."""
        for component in reversed(self.components()):
            self._end(component.name)

    def _end(self, name: str) -> None:
        known = processes.find(self.settings.state, name)
        running = known.process() if known else None
        if running:
            left = processes.end([running], seconds=STOP_SECONDS)
            if left:
                raise SupervisorError(f"{name} (pid {running.pid}) does not end")
            self._say(f"{name} is stopped")
        processes.forget(self.settings.state, name)

    def _end_rest(self) -> None:
        """Tasks are the data plane's to end; whatever it left is ended here."""
        records = [r for r in processes.recorded(self.settings.state) if r.name not in PORT_VARIABLES]
        left = processes.end([p for r in records if (p := r.process())], seconds=5)
        if left:
            raise SupervisorError(f"processes that do not end: {', '.join(str(p.pid) for p in left)}")
        for entry in records:
            processes.forget(self.settings.state, entry.name)

    def _empty_state(self) -> None:
        state = self.settings.state
        if not (state / MARKER).exists():
            return
        for entry in state.iterdir():
            if entry.name in KEPT:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _python(self, module: str, *arguments: str) -> Command:
        return Command([sys.executable, "-m", module, *arguments], self._child_environment)

    def _search(self) -> Command:
        settings = self.settings
        self._say("preparing the search server (the first time it is fetched: 165 MB)")
        chosen = server.choose(settings.cache, settings.state, settings.search_port, self._child_environment)
        if chosen.kind == "embedded":
            self._say(f"no real search server here, so the embedded one: {server.HOW_TO_GET_THE_REAL_ONE}")
        extra = {"kind": chosen.kind, "work": str(chosen.work or "")}
        return Command(chosen.command, chosen.environment, chosen.uid, chosen.gid, extra)

    def _data_ready(self) -> bool:
        known = processes.find(self.settings.state, "data")
        try:
            ready = (self.settings.state / "data.ready").read_text().strip()
        except OSError:
            return False
        return known is not None and ready == str(known.pid)

    def _check_named_server(self) -> None:
        named = server.named_server(self._environment)
        if named and not answers(named):
            raise SupervisorError(f"LOCAL_SEARCH_URL: no server answers at {named.rpartition('@')[2]}")


def child_environment(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Ours without AWS_*: no profile, region or endpoint of the user's may lead the local cloud elsewhere."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "LOCAL_CLOUD_STATE": str(settings.state),
        "LOCAL_CLOUD_PORT": str(settings.control_port),
        "LOCAL_ALB_PORT": str(settings.alb_port),
        "LOCAL_SEARCH_PORT": str(settings.search_port),
    }


def answers(url: str) -> bool:
    """True if an HTTP server answers there, with whatever status but an error of its own."""
    try:
        with NO_PROXY_OPENER.open(url, timeout=2) as response:
            return int(response.status) < 500
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def port_is_free(port: int) -> bool:
    """True if we could listen on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def _owner(port: int) -> str:
    """' (name, pid n)' of the program that listens there, where the system tells."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr
            if listens and listens.port == port and connection.pid:
                return f" ({psutil.Process(connection.pid).name()}, pid {connection.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""
