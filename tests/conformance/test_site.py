"""The whole deployment answers the same under both strategies: planned for an empty account, and made again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.strategies import LINEAR, OURS, without_times
from tests.integration.system.company import Company, running_company
from tests.integration.system.playbooks import Run

# What AWS makes up: hexadecimal ids and sums, and the ends of names of load balancers, secrets and scalable targets.
MADE_UP = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8,}|\bA[A-Z0-9]{15,24}\b"
    r"|(?<=internal-chatbot-alb-prod-)\d+|(?<=streamlit-cookie-)\w{6}|(?<=scalable-target/)\w+"
    r"|/tmp/\S+/state(?=/)"
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with running_company(tmp_path_factory.mktemp("site")) as company:
        # Not compared: what a module was given holds names of temporary files.
        company.playbooks.environment["ANSIBLE_INJECT_INVOCATION"] = "false"
        yield company


def under(company: Company, strategy: str, *options: str) -> Run:
    company.playbooks.environment["ANSIBLE_STRATEGY"] = strategy
    return company.site(*options, "--diff")


@pytest.fixture(scope="module")
def runs(company: Company) -> dict[str, dict[str, Run]]:
    """By strategy: the plan for an empty account, and a second deployment where everything stands. In between it is
    made once: two accounts would differ in every id."""
    found = {strategy: {"planned": under(company, strategy, "--check")} for strategy in (LINEAR, OURS)}
    made = under(company, OURS).succeeded()
    assert made.changed()
    for strategy in (LINEAR, OURS):
        found[strategy]["repeated"] = under(company, strategy)
    return found


def answers(run: Run) -> list[str]:
    """Each task's answer. Ids count as alike and lists as sorted: AWS sorts by the ids that it makes up."""
    results = run.results()
    ids = sorted(set(ids_in([result for _name, result in results])), key=len, reverse=True)
    made_up = re.compile("|".join([*map(re.escape, ids), MADE_UP.pattern]))
    return [f"{name}: {json.dumps(in_order(result, made_up), sort_keys=True)}" for name, result in results]


def ids_in(value: Any) -> Iterator[str]:
    """The values of all keys that are named as ids of API Gateway are, which are letters and digits."""
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, str) and re.fullmatch(r"(\w+_)?id", key) and re.fullmatch(r"[a-z0-9]{6,10}", each):
                yield each
            yield from ids_in(each)
    if isinstance(value, list):
        for each in value:
            yield from ids_in(each)


def in_order(value: Any, made_up: re.Pattern[str]) -> Any:
    """The value with ids and times masked, and every list sorted."""
    if isinstance(value, dict):
        # The outputs name what AWS made up, so a file of them is as long as those names are.
        file_size = {"size": "SIZE"} if {"size", "checksum"} <= value.keys() else {}
        return {made_up.sub("ID", key): in_order(each, made_up) for key, each in {**value, **file_size}.items()}
    if isinstance(value, list):
        return sorted((in_order(each, made_up) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return made_up.sub("ID", without_times(value)) if isinstance(value, str) else value


@pytest.mark.parametrize("which", ["planned", "repeated"])
def test_results_are_alike(runs: dict[str, dict[str, Run]], which: str) -> None:
    linear, ours = (runs[strategy][which] for strategy in (LINEAR, OURS))
    assert answers(ours) == answers(linear)
    assert (ours.status, ours.errors) == (linear.status, linear.errors)


def test_it_would_be_made_and_stands(runs: dict[str, dict[str, Run]]) -> None:
    assert runs[OURS]["planned"].succeeded().changed()
    assert runs[OURS]["repeated"].succeeded().changed() == []
