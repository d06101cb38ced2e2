"""The parts of `make lint` and `make test` that decide whether all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.free_ports import free_ports
from tools.leftovers import belongs
from tools.lint import Check, Outcome, report
from tools.run_tests import Summary, converged
from tools.search_engine import describe
from tools.staged_ansible_test import false_green

STATE = Path("/checkout/.cache/test-cloud")


def test_a_success_that_skipped_everything_is_none() -> None:
    assert false_green("sanity", "WARNING: All targets skipped.") != ""


@pytest.mark.parametrize("output", ["", "0 passed", "no tests ran in 0.01s"])
def test_a_success_without_a_unit_test_is_none(output: str) -> None:
    assert false_green("units", output) != ""


def test_a_success_with_unit_tests_is_one() -> None:
    assert false_green("units", "===== 12 passed in 3.4s =====") == ""


def test_one_failed_check_fails_the_whole_and_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [Outcome(Check("good", []), 0, 1.0, "fine"), Outcome(Check("bad", []), 2, 1.0, "line 3 is wrong")]
    assert report(outcomes, 2.0) == 1
    printed = capsys.readouterr().out
    assert "line 3 is wrong" in printed
    assert "fine" not in printed
    assert "FAILED: bad" in printed


def test_clean_checks_succeed() -> None:
    assert report([Outcome(Check("good", []), 0, 1.0, "fine")], 1.0) == 0


def test_a_phase_that_fails_does_not_stop_the_next_one() -> None:
    summary = Summary()
    ran: list[str] = []
    summary.phase("first", lambda: False)
    summary.phase("second", lambda: not ran.append("second"))
    assert ran == ["second"]
    assert summary.show("opensearch 3.8.0") == 1


def test_ports_are_different() -> None:
    assert len(set(free_ports(5))) == 5


@pytest.mark.parametrize(
    ("command", "environment", "expected"),
    [
        (["python", "-m", "local_cloud.data"], {"LOCAL_CLOUD_STATE": str(STATE)}, True),
        (["python", "-m", "local_cloud.data"], {"LOCAL_CLOUD_STATE": "/checkout/.local"}, False),
        (["java", f"-Dpath.conf={STATE}/search/config"], {}, True),
        (["python", "-m", "pytest"], {"LOCAL_CLOUD_STATE": str(STATE)}, False),
    ],
)
def test_leftovers_are_those_of_this_cloud(command: list[str], environment: dict[str, str], expected: bool) -> None:
    assert belongs(command, environment, STATE) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"version": {"distribution": "opensearch", "number": "3.8.0"}}, "opensearch 3.8.0"),
        ({"version": {"number": "8.19.21"}}, "elasticsearch 8.19.21"),
        ({}, "elasticsearch (no version)"),
    ],
)
def test_the_engine_is_named_with_its_version(answer: dict[str, object], expected: str) -> None:
    assert describe(answer) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("local-cloud : ok=9 changed=0 failed=0\nlocal-cloud : ok=2 changed=0 failed=0\n", True),
        ("local-cloud : ok=9 changed=1 failed=0\nlocal-cloud : ok=2 changed=0 failed=0\n", False),
        ("no recap at all\n", False),
    ],
)
def test_a_second_run_has_converged_if_every_recap_says_so(output: str, expected: bool) -> None:
    assert converged(output) is expected
