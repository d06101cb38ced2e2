"""What the walks found, as docs/interruption.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.integration.interruption.walk import Point


@dataclass(frozen=True)
class Finding:
    """The points of one playbook: copied at, killed at, and, where asked for, killed at in a row."""

    playbook: str
    points: list[Point]
    kills: list[Point]
    forward: tuple[list[str], list[str]] | None

    def faults(self) -> list[str]:
        """Every fault of every walk, with its point."""
        found = [f"{_name(point)}: {fault}" for point in [*self.points, *self.kills] for fault in point.faults]
        return found + [f"killed in a row: {fault}" for fault in (self.forward or ([], []))[1]]


def tell(playbook: str, point: Point) -> None:
    """One line on the terminal."""
    print(f"{playbook} {_name(point)}: {'; '.join(point.faults) or 'converges'}", flush=True)


def _name(point: Point) -> str:
    return f"{point.when} {point.number} {point.request}"


def document(findings: list[Finding], seed: int) -> str:
    """The whole page."""
    lines = [
        "# Interruption",
        "",
        f"Made on {datetime.now(UTC):%Y-%m-%d} with seed {seed} by",
        "`python -m tests.integration.interruption --write docs/interruption.md`.",
        "What each walk proves is told in `tests/integration/interruption/walk.py`.",
        "",
        "A point *converges* if the next run succeeds, the account then holds the same resources in the same number as",
        "after an undisturbed run, and the run after that changes nothing.",
        "",
        "| playbook | account copied before the first and after every request | really killed | killed in a row |",
        "|---|---|---|---|",
        *(_summary(finding) for finding in findings),
    ]
    for finding in findings:
        lines += ["", f"## {finding.playbook}", "", "| # | request | next run, account, run after |", "|---|---|---|"]
        lines += [f"| {_number(point)} | {point.request} | {_verdict(point)} |" for point in finding.points]
        lines += ["", "Really killed:", "", "| # | request | next run, account, run after |", "|---|---|---|"]
        lines += [f"| {_number(point)} | {point.request} | {_verdict(point)} |" for point in finding.kills]
    return "\n".join(lines) + "\n"


def _summary(finding: Finding) -> str:
    forward = "not walked"
    if finding.forward:
        requests, faults = finding.forward
        forward = f"{len(requests)} times: {'; '.join(faults) or 'converges'}"
    return f"| {finding.playbook} | {_share(finding.points)} | {_share(finding.kills)} | {forward} |"


def _share(points: list[Point]) -> str:
    return f"{sum(not point.faults for point in points)} of {len(points)} converge"


def _number(point: Point) -> str:
    return f"{point.when} {point.number}"


def _verdict(point: Point) -> str:
    return "; ".join(point.faults) or "converges"
