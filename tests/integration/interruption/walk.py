"""Interrupting a run at every mutating request it sends, and finishing it by the next run.

Three walks, each with its own strength:

- ``every_point`` holds one undisturbed run after each of its mutating requests, copies the account there, and lets a
  new run finish the copy. A run that is killed at that point leaves exactly this account behind, so it proves every
  point alone. The point before a request is the point after the one before it: in between the account does not change.
- ``kill`` really kills (SIGKILL, the run and all its processes) before or after one request, from the same start, with
  a build folder of its own: proves besides that what a killed run leaves on disk does no harm. For samples.
- ``kill_forward`` kills a run after its first mutating request, then the next run after its first, and so on until
  one comes through: proves that interruptions in a row converge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.integration.interruption.census import Census, census, difference
from tests.integration.system.company import DESTROY, SITE, SURE, Company
from tests.integration.system.playbooks import Begun

# Everything is made in its order, and nothing is waited for longer than a run takes anyway.
WHEN = ("before", "after")
QUICK = {"scale": 0.001}
PLAYBOOKS: dict[str, dict[str, Any]] = {SITE: {}, DESTROY: SURE}


@dataclass(frozen=True)
class Task:
    """A playbook with its variables, the account it starts from, and what an undisturbed run of it sends and leaves."""

    playbook: str
    start: Company
    expected: Census
    requests: int = 0
    variables: dict[str, Any] = field(default_factory=dict)

    def begin(self, company: Company, **more: Any) -> Begun:
        return company.playbooks.begin(self.playbook, **{**self.variables, **more})


@dataclass(frozen=True)
class Point:
    """One interruption: ``when`` is before or after, ``faults`` is empty where the next runs put all right."""

    number: int
    when: str
    request: str
    faults: list[str]


def undisturbed(playbook: str, start: Company, **variables: Any) -> Task:
    """Run the playbook on a copy, undisturbed, to know what it leaves behind."""
    task = Task(playbook, start, Census(), 0, {**PLAYBOOKS[playbook], **variables})
    with start.copy() as company:
        task.begin(company).finish().succeeded()
        requests = company.cloud.get("/_local/breakpoint")["count"]
        return Task(playbook, start, census(company.cloud.client), requests, task.variables)


def every_point(task: Task, chosen: Callable[[int], bool] = lambda _number: True) -> Iterator[Point]:
    """Before the first mutating request, and after each; the run itself goes on undisturbed.

    The copies are made while it runs, and finished once it is through: boto3 gives up on an answer after 60 s.
    ``chosen`` picks points by their number, 0 being the one before the first request.
    """
    with ExitStack() as copies:
        left = list(_copied(task, chosen, copies))
        for number, request, company in left:
            point = (1, "before") if number == 0 else (number, "after")
            yield Point(*point, request, finish(task, company))


def _copied(task: Task, chosen: Callable[[int], bool], copies: ExitStack) -> Iterator[tuple[int, str, Company]]:
    """The account before the first mutating request (number 0) and after each, with the request."""
    company, number = copies.enter_context(task.start.copy()), 0
    company.cloud.put("/_local/breakpoint", {"number": 1, "when": "before"})
    with task.begin(company) as begun:
        while request := _held(company, begun):
            if chosen(number):
                yield number, request, copies.enter_context(company.copy())
            number += 1
            company.cloud.put("/_local/breakpoint", {"number": number, "when": "after"})
        begun.finish().succeeded()


def kill(task: Task, number: int, when: str, build: Path) -> Point | None:
    """Kill a run before or after its mutating request of that number; None where it sends fewer."""
    with task.start.copy() as company:
        return kill_in(task, company, number, when, chatbot_build_dir=str(build))


def kill_in(task: Task, company: Company, number: int, when: str, **variables: Any) -> Point | None:
    """As ``kill``, in that account itself, which the next runs finish."""
    company.cloud.put("/_local/breakpoint", {"number": number, "when": when})
    with task.begin(company, **variables) as begun:
        request = _held(company, begun)
        if not request:
            begun.finish().succeeded()
            return None
    company.cloud.ask("DELETE", "/_local/breakpoint")
    return Point(number, when, request, finish(task, company, **variables))


def kill_forward(task: Task) -> tuple[list[str], list[str]]:
    """Each run is killed after its first mutating request. The requests, and the faults of the account in the end."""
    requests: list[str] = []
    with task.start.copy() as company:
        while True:
            company.cloud.put("/_local/breakpoint", {"number": 1, "when": "after"})
            with task.begin(company) as begun:
                request = _held(company, begun)
                if not request:
                    begun.finish().succeeded()
            company.cloud.ask("DELETE", "/_local/breakpoint")
            if not request:
                return requests, finish(task, company)
            requests.append(request)


def finish(task: Task, company: Company, **variables: Any) -> list[str]:
    """Run to the end, and once more: what is wrong afterwards, in words."""
    first = task.begin(company, **variables).finish()
    if first.status:
        return [f"the next run failed: {message}" for message in first.messages() or [first.errors]]
    faults = difference(task.expected, census(company.cloud.client))
    second = task.begin(company, **variables).finish()
    if second.status:
        faults += [f"the run after failed: {message}" for message in second.messages() or [second.errors]]
    return faults + [f"changed again: {name}" for name in second.changed()]


def _held(company: Company, begun: Begun) -> str | None:
    """Wait until a request is held, and name it; None where the run ends without."""
    while begun.running():
        held = company.cloud.get("/_local/breakpoint")["held"]
        if held:
            return str(held)
        begun.pause()
    return None
