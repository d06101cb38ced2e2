"""What was found, as tables of docs/interruption.md, each between two comments that name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.integration.interruption.results import Found


@dataclass(frozen=True)
class Share:
    """What was found, of so many in all."""

    of: int
    found: list[Found]

    def __str__(self) -> str:
        right, left = sum(not each.faults for each in self.found), self.of - len(self.found)
        return f"{right} of {len(self.found)} converge" + (f", {left} not walked" if left else "")


@dataclass(frozen=True)
class Walk:
    """The points of one playbook: copied at, killed at, and, where asked for, killed at in a row."""

    playbook: str
    points: Share
    kills: Share
    forward: Share | None

    def all(self) -> list[Found]:
        """What was found, in one list."""
        return [*self.points.found, *self.kills.found, *(self.forward.found if self.forward else [])]


def walks(made: list[Walk], how: str) -> str:
    """A table of numbers, and one of all points for each playbook."""
    lines = [
        f"Walked {_days(found for walk in made for found in walk.all())}, {how}.",
        "",
        "| playbook | account copied before the first and after every request | really killed | killed in a row |",
        "|---|---|---|---|",
        *(_summary(walk) for walk in made),
    ]
    for walk in made:
        lines += ["", f"### {walk.playbook}", "", "| point | next run, account, run after |", "|---|---|"]
        lines += [f"| {found.key.removeprefix(walk.playbook).strip()} | {_verdict(found)} |" for found in walk.all()]
    return "\n".join(lines)


def shares(made: dict[str, Share]) -> str:
    """A table of numbers; the points that do not converge, if any."""
    found = [each for share in made.values() for each in share.found]
    lines = [f"Walked {_days(found)}.", "", "| playbook | points |", "|---|---|"]
    lines += [f"| {playbook} | {share} |" for playbook, share in made.items()]
    return "\n".join([*lines, *(f"\n{each.key}: {_verdict(each)}" for each in found if each.faults)])


def runs(found: list[Found], how: str) -> str:
    """A table of the troubled runs."""
    right = sum(not each.faults for each in found)
    lines = [f"Run {_days(found)}, {how}: {right} of {len(found)} passed.", "", "| run | result |", "|---|---|"]
    return "\n".join([*lines, *(f"| {each.key} | {'; '.join(each.faults) or 'passed'} |" for each in found)])


def write(page: Path, name: str, text: str) -> None:
    """Put the text between the page's two comments of that name. Raises ValueError where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    if not pattern.search(old):
        raise ValueError(f"{page} has no {begin} ... {end}")
    page.write_text(pattern.sub(lambda _old: f"{begin}\n{text}\n{end}", old), encoding="utf-8")


def _summary(walk: Walk) -> str:
    return f"| {walk.playbook} | {walk.points} | {walk.kills} | {walk.forward or 'not walked'} |"


def _verdict(found: Found) -> str:
    return "; ".join(found.faults) or "converges"


def _days(found: Iterable[Found]) -> str:
    """The days and commits that the results are of, in their order."""
    made = list(dict.fromkeys((each.on, each.commit[:10]) for each in found))
    return " and ".join(f"on {on} at commit {commit}" for on, commit in made)
