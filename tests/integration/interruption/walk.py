"""Interrupting a run at every mutating request it sends, and finishing it by the next run.

Three walks, each with its own strength (modules.py has a fourth):

- ``copied_points`` holds one undisturbed run after each of its mutating requests, copies the account there, and lets a
  new run finish the copy. A run that is killed at that point leaves exactly this account behind, so it proves every
  point alone. The point before a request is the point after the one before it: in between the account does not change.
- ``kill`` really kills (SIGKILL, the run and all its processes) before or after one request, from the same start, with
  a build folder of its own: proves besides that what a killed run leaves on disk does no harm. For samples.
- ``kill_forward`` kills a run after its first mutating request, then the next run after its first, and so on until
  one comes through: proves that interruptions in a row converge.

A point converges if the next run succeeds, the account then holds the same resources in the same number as after an
undisturbed run, and the run after that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.integration.interruption.census import difference, without_ids
from tests.integration.interruption.state import State, state
from tests.integration.system.company import DESTROY, SITE, SURE, Company
from tests.integration.system.playbooks import Begun, Run

# Everything is made in its order, and nothing is waited for longer than a run takes anyway.
WHEN = ("before", "after")
QUICK = {"scale": 0.001}
PLAYBOOKS: dict[str, dict[str, Any]] = {SITE: {}, DESTROY: SURE}


@dataclass(frozen=True)
class Task:
    """A playbook with its variables, the account it starts from, and what an undisturbed run of it sends and leaves.

    ``settled``: the states that a further run was seen to leave alone.
    """

    playbook: str
    start: Company
    expected: State = field(default_factory=State)
    requests: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    settled: set[frozenset[Any]] = field(default_factory=set)

    def begin(self, company: Company, **more: Any) -> Begun:
        return company.playbooks.begin(self.playbook, **{**self.variables, **more})


@dataclass(frozen=True)
class Point:
    """One interruption: ``when`` is before or after the mutating request of that number."""

    number: int
    when: str
    request: str

    def __str__(self) -> str:
        return f"{self.when} {self.number} {self.request}"


@dataclass(frozen=True)
class Copy:
    """The account as it was at a point, how many calls of modules the run had done then, and what ends the copy."""

    point: Point
    company: Company
    called: int
    end: ExitStack


def undisturbed(playbook: str, start: Company, **variables: Any) -> Task:
    """Run the playbook on a copy, undisturbed, to know what it leaves behind."""
    task = Task(playbook, start, variables={**PLAYBOOKS[playbook], **variables})
    with start.copy() as company:
        _count_anew(company)
        task.begin(company).finish().succeeded()
        requests = company.cloud.get("/_local/breakpoint")["count"]
        return replace(task, expected=state(company.cloud), requests=requests)


@contextmanager
def copied_points(task: Task, chosen: Callable[[Point], bool]) -> Iterator[tuple[list[Copy], Run]]:
    """Copies of the account before the first mutating request and after each; the run itself goes on undisturbed.

    They are made while it runs, and to be finished once it is through: boto3 gives up on an answer after 60 s.
    """
    with ExitStack() as ends:
        company = ends.enter_context(task.start.copy())
        _count_anew(company)
        company.cloud.put("/_local/breakpoint", {"number": 1, "when": "before"})
        with task.begin(company) as begun:
            copies = list(_copied(company, begun, chosen, ends))
            run = begun.finish().succeeded()
        yield copies, run


def finish_copy(task: Task, copy: Copy) -> list[str]:
    """As ``finish``, and end the copy."""
    with copy.end:
        return finish(task, copy.company)


def _copied(company: Company, begun: Begun, chosen: Callable[[Point], bool], ends: ExitStack) -> Iterator[Copy]:
    """Hold the run in that account before its first mutating request, then after each."""
    number = 0
    while request := _held(company, begun):
        point = Point(number, "after", request) if number else Point(1, "before", request)
        if chosen(point):
            end = ends.enter_context(ExitStack())
            yield Copy(point, end.enter_context(company.copy()), begun.called(), end)
        number += 1
        company.cloud.put("/_local/breakpoint", {"number": number, "when": "after"})


def kill(task: Task, point: Point, build: Path) -> tuple[Point, list[str]]:
    """Kill a run there, whatever the request is called. The point with its request, and the faults."""
    with task.start.copy() as company:
        return kill_in(task, company, point, chatbot_build_dir=str(build))


def kill_in(task: Task, company: Company, point: Point, **variables: Any) -> tuple[Point, list[str]]:
    """As ``kill``, in that account itself, which the next runs finish."""
    _count_anew(company)
    company.cloud.put("/_local/breakpoint", {"number": point.number, "when": point.when})
    with task.begin(company, **variables) as begun:
        request = _held(company, begun)
        if not request:
            begun.finish().succeeded()
            return point, ["the run sent fewer requests and was not killed"]
    _count_anew(company)
    return replace(point, request=request), finish(task, company, **variables)


def kill_forward(task: Task) -> tuple[list[str], list[str]]:
    """Each run is killed after its first mutating request. The requests, and the faults of the account in the end."""
    requests: list[str] = []
    with task.start.copy() as company:
        while True:
            _count_anew(company)
            company.cloud.put("/_local/breakpoint", {"number": 1, "when": "after"})
            with task.begin(company) as begun:
                request = _held(company, begun)
                if not request:
                    begun.finish().succeeded()
            _count_anew(company)
            if not request:
                return requests, finish(task, company)
            requests.append(request)


def finish(task: Task, company: Company, **variables: Any) -> list[str]:
    """Run to the end, and once more: what is wrong afterwards, in words."""
    first = task.begin(company, **variables).finish()
    if first.status:
        return [f"the next run failed: {message}" for message in first.messages() or [first.errors]]
    return faults_after(task, company, **variables)


def faults_after(task: Task, company: Company, **variables: Any) -> list[str]:
    """What is wrong with an account after a run that came through, and what one more run changes.

    A state that was seen to be left alone is not tried again: the run would be given the same answers.
    """
    left = state(company.cloud)
    faults = difference(task.expected.census, left.census)
    if left.key() not in task.settled:
        faults += _changed_again(task, company, **variables)
        if not faults:
            task.settled.add(left.key())
            print(f"a state that a further run leaves alone; {len(task.settled)} so far", flush=True)
    return faults


def _changed_again(task: Task, company: Company, **variables: Any) -> list[str]:
    second = task.begin(company, **variables).finish()
    if second.status:
        return [f"the run after failed: {message}" for message in second.messages() or [second.errors]]
    return [f"changed again: {name}" for name in second.changed()]


def _count_anew(company: Company) -> None:
    company.cloud.ask("DELETE", "/_local/breakpoint")


def _held(company: Company, begun: Begun) -> str | None:
    """Wait until a request is held, and name it; None where the run ends without."""
    while begun.running():
        held = company.cloud.get("/_local/breakpoint")["held"]
        if held:
            return without_ids(str(held))
        begun.pause()
    return None
