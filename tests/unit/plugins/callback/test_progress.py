# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is said about tasks at work, and on what terminal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import WAITS as ROWS
from ansible_collections.private_rag.aws.plugins.plugin_utils._progress import Key, Progress, Work, due, live, summary
from ansible_collections.private_rag.aws.plugins.plugin_utils._terminal import LiveLine
from ansible_collections.private_rag.aws.plugins.plugin_utils._waits import MODULES, WAITS, told

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
BALANCER = WAITS["load_balancer_active"]


def test_every_wait_is_told_of():
    assert WAITS.keys() == ROWS.keys()


def test_every_module_that_waits_itself_is_told_of():
    sources = {path.stem: path.read_text() for path in (PLUGINS / "modules").glob("*.py")}
    waiting = {name: {row for row in ROWS if f'"{row}"' in text} for name, text in sources.items()}
    named = {name: {*present, *absent} for name, (present, absent) in MODULES.items()}
    lacking = {name: rows - named.get(name, set()) for name, rows in waiting.items() if rows - named.get(name, set())}
    assert not lacking
    assert any(waiting.values())


def test_rows_of_modules_are_rows_of_the_table():
    assert {row for rows in MODULES.values() for each in rows for row in each} <= WAITS.keys()


@pytest.mark.parametrize(
    ("action", "arguments", "row"),
    [
        ("private_rag.aws.elbv2_load_balancer", {"state": "present"}, "load_balancer_active"),
        ("private_rag.aws.elbv2_load_balancer", {"wait": True}, "load_balancer_active"),
        ("private_rag.aws.elbv2_load_balancer", {"state": "absent"}, "load_balancers_deleted"),
        ("private_rag.aws.elbv2_load_balancer", {"wait": False}, None),
        ("private_rag.aws.elbv2_target_group", {}, None),
        ("private_rag.aws.logs_log_group", {}, None),
        ("elbv2_load_balancer", {}, None),
    ],
)
def test_what_a_task_waits_for(action: str, arguments: dict[str, Any], row: str | None):
    assert told(action, arguments) == (WAITS[row] if row else None)


def test_a_line_of_a_terminal_has_a_bar_and_fits():
    line = live(Work("Create the load balancer", 0.0, BALANCER), 83.0, 2, 200)
    assert line == (
        "[##########----------] 1:23  Create the load balancer: waiting for the load balancer to become active,"
        " usually 2:46 (and 2 more)"
    )
    assert len(live(Work("x" * 300, 0.0, BALANCER), 83.0, 2, 80)) == 79


def test_longer_than_usual_is_a_full_bar():
    assert live(Work("Wait", 0.0, BALANCER), 1000.0, 0, 80).startswith("[####################] 16:40  Wait")


def test_text_comes_first_after_a_while_and_then_now_and_then():
    work = Work("Wait", 100.0, None)
    assert [due(work, now, 15, 30) for now in (105.0, 115.0)] == [False, True]
    work.said = 115.0
    assert [due(work, now, 15, 30) for now in (130.0, 145.0)] == [False, True]


def test_the_slowest_task_counts_once_with_its_slowest_host():
    progress = Progress()
    for host, task, seconds in (("a", "1", 20.0), ("b", "1", 30.0), ("a", "2", 16.0), ("a", "3", 2.0)):
        progress.begin(Key(host, task), f"Task {task}", None, 0.0)
        progress.end(Key(host, task), seconds)
    progress.end(Key("a", "never begun"), 99.0)
    assert progress.slowest(5, 15) == [(30.0, "Task 1"), (16.0, "Task 2")]
    assert progress.slowest(1, 15) == [(30.0, "Task 1")]


def test_a_run_without_long_tasks_ends_without_a_word():
    assert summary([], 65.0) == []
    assert summary([(130.5, "Slow"), (16.0, "Less")], 180.0) == [
        "Slowest tasks of 3:00:",
        "  130.5 s  Slow",
        "   16.0 s  Less",
    ]


class Stream(io.StringIO):
    """A terminal, or none."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "fits"),
    [
        (True, {"TERM": "xterm"}, True),
        (False, {"TERM": "xterm"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {}, False),
        (True, {"TERM": "xterm", "AWX_ISOLATED_DATA_DIR": "/runner/artifacts/1"}, False),
    ],
)
def test_a_live_line_is_for_terminals_that_somebody_looks_at(terminal: bool, environment: dict[str, str], fits: bool):
    assert LiveLine.fits(Stream(terminal), environment) is fits


class Display:
    """Ansible's, as far as it matters: it writes lines."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def display(self, text: str) -> None:
        self._stream.write(f"{text}\n")


def test_the_line_goes_before_any_other_text():
    stream = Stream(True)
    display = Display(stream)
    line = LiveLine(display, stream)
    line.show("0:05  Waiting")
    display.display("ok: [host]")
    line.clear()
    assert stream.getvalue() == "\r\x1b[2K0:05  Waiting\r\x1b[2Kok: [host]\n"
