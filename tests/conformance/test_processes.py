"""Hosts at the same time, interruptions, and nothing left behind."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.conformance.strategies import LINEAR, OURS, Ended, Running, both, run, start

SIGNALS = [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False)]


def begun(running: Running) -> Running:
    """Itself, once its module is at work."""
    while not (running.directory / "begun").exists():
        try:
            running.process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(running.end())
    return running


def interrupted(strategy: str, directory: Path, where: str, number: signal.Signals, everyone: bool) -> Ended:
    """A run that gets a signal, alone or with `everyone` of its group as on Ctrl-C, while its module waits."""
    running = begun(start("waiting.yml", strategy, directory, "-e", f"where={where}"))
    running.signal(number, everyone)
    return running.end()


def test_hosts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    ended = run("together.yml", OURS, tmp_path)
    assert ended.status == 0, ended.output


@pytest.mark.parametrize("where", ["inside", "outside"])
@pytest.mark.parametrize(("number", "everyone"), SIGNALS)
def test_a_signal_ends_it_as_under_linear(tmp_path: Path, where: str, number: signal.Signals, everyone: bool) -> None:
    ended = both(lambda strategy: interrupted(strategy, tmp_path / strategy, where, number, everyone))
    linear, ours = ended[LINEAR], ended[OURS]
    assert (ours.status, ours.left) == (linear.status, linear.left)
    assert "Traceback" not in ours.output + ours.errors


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_what_a_killed_run_leaves_ends_with_its_module(tmp_path: Path, where: str) -> None:
    """Under linear, too, nobody is there any more who could end the module."""
    running = begun(start("waiting.yml", OURS, tmp_path, "-e", f"where={where}"))
    running.signal(signal.SIGKILL, everyone=False)
    (tmp_path / "released").touch()
    assert running.end().left == []


def test_a_module_whose_time_is_up_is_ended_and_holds_nothing_up(tmp_path: Path) -> None:
    ended = run("timeout.yml", OURS, tmp_path)
    assert (ended.status, ended.left) == (0, [])
    assert "Timed out after 2 second(s)" in ended.output
    assert not (tmp_path / "outlived").exists()
