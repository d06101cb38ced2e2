"""Starting and stopping real processes, and whom the supervisor never touches."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from local_cloud import processes, supervisor
from local_cloud.__main__ import main
from local_cloud.data.settings import Settings
from local_cloud.supervisor import Command, Component, Supervisor, SupervisorError

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "time.sleep(600)",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "state", free_port(), free_port(), free_port())


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEPER)
    yield process
    process.kill()
    process.wait()


class Few(Supervisor):
    """Only a web server of Python's own."""

    argv = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1")

    def components(self) -> list[Component]:
        port = self.settings.control_port
        url = f"http://127.0.0.1:{port}/"
        command = Command([*self.argv, str(port)], dict(os.environ))
        return [Component("control", "web", port, lambda: supervisor.answers(url), lambda: command)]


def quiet(line: str) -> None:
    assert line


def test_start_is_idempotent_and_stop_leaves_only_the_cache(settings: Settings) -> None:
    said: list[str] = []
    few = Few(settings, {}, said.append)
    few.start()
    (settings.state / "cache").mkdir()
    known = processes.find(settings.state, "control")
    assert known is not None
    assert [row[1] for row in few.status()] == [True]
    few.start()
    assert said[-1] == "the local cloud is running already"
    few.stop()
    assert not psutil.pid_exists(known.pid) or psutil.Process(known.pid).status() == psutil.STATUS_ZOMBIE
    assert [p.name for p in settings.state.iterdir()] == ["cache"]
    few.stop()


def test_port_of_another_program_is_named(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.control_port))
        taken.listen()
        expected = rf"port {settings.control_port} is in use by another program.*pid {os.getpid()}.*LOCAL_CLOUD_PORT"
        with pytest.raises(SupervisorError, match=expected):
            Few(settings, {}, quiet).start()
    assert processes.recorded(settings.state) == []


def test_component_that_ends_is_reported_with_its_log(settings: Settings) -> None:
    few = Few(settings, {}, quiet)
    few.argv = (sys.executable, "-c", "import sys; sys.exit('cannot do it')")
    with pytest.raises(SupervisorError, match=r"exit status 1(.|\n)*control\.log(.|\n)*cannot do it"):
        few.start()


def test_stop_ends_tasks_that_were_left_behind(settings: Settings, sleeper: subprocess.Popen[bytes]) -> None:
    processes.record(settings.state, "task-1-web", sleeper.pid)
    Few(settings, {}, quiet).stop()
    assert sleeper.poll() is not None


def test_stranger_with_a_recorded_id_is_left_alone(settings: Settings, sleeper: subprocess.Popen[bytes]) -> None:
    processes.record(settings.state, "task-1-web", sleeper.pid)
    path = processes.folder(settings.state) / "task-1-web.json"
    started = psutil.Process(sleeper.pid).create_time()
    path.write_text(path.read_text().replace(str(started), str(started - 100)))
    Few(settings, {}, quiet).stop()
    assert sleeper.poll() is None


def test_folder_without_our_mark_is_not_emptied(settings: Settings) -> None:
    settings.state.mkdir()
    (settings.state / "thesis.txt").write_text("mine")
    Few(settings, {}, quiet).stop()
    assert (settings.state / "thesis.txt").read_text() == "mine"


def test_end_takes_the_children_too() -> None:
    parent = psutil.Process(subprocess.Popen(PARENT).pid)
    while not parent.children():
        assert parent.is_running()
    child = parent.children()[0]
    assert processes.end([parent], seconds=5) == []
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_environment_of_the_children(settings: Settings) -> None:
    environment = supervisor.child_environment(settings, {"AWS_PROFILE": "mine", "AWS_REGION": "x", "PATH": "/bin"})
    assert {name for name in environment if name.startswith("AWS_")} == set()
    assert environment["PATH"] == "/bin"
    assert environment["LOCAL_CLOUD_PORT"] == str(settings.control_port)


def test_named_search_server_is_not_started(settings: Settings) -> None:
    named = {"LOCAL_SEARCH_URL": "http://user:s3cret@127.0.0.1:1"}
    found = Supervisor(replace(settings), named, quiet)
    assert [c.name for c in found.components()] == ["control", "data"]
    assert ("search", False, "127.0.0.1:1") in found.status()


def test_command_line(settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LOCAL_CLOUD_STATE", str(settings.state))
    monkeypatch.setenv("LOCAL_SEARCH_URL", "http://127.0.0.1:1")
    assert main(["status"]) == 1
    assert "DOWN" in capfd.readouterr().out
    assert main(["index", str(settings.state / "missing")]) == 1
    assert "is no folder" in capfd.readouterr().err
    assert main(["stop"]) == 0
