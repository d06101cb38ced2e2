"""The contract: what is promised of each figure, and what was measured. All are ratios, so that machines compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.bench import ours, phases, simulated, stacks, strategies, terraform
from tools.bench.statistics import Row, Spread, each_task, peaks, pick, slope, spread


@dataclass(frozen=True)
class Target:
    """``value`` is None where it was not measured; it is kept where it is at most ``limit``."""

    title: str
    value: float | None
    limit: float

    @property
    def verdict(self) -> str:
        """In one word or two."""
        if self.value is None:
            return "not measured"
        return "reached" if self.value <= self.limit else "missed"


def targets(document: dict[str, Any]) -> list[Target]:
    """Every line of the contract."""
    rows = document["rows"]
    return [*_beside_terraform(rows), *_stacks(rows), _task(document), _bound(document)]


def _beside_terraform(rows: list[Row]) -> Iterator[Target]:
    yield _walls(rows, "no-change run, of Terraform's no-change apply", phases.GROUP, "noop", 0.5)
    yield _walls(rows, "check run, of Terraform's plan", phases.GROUP, "check", 0.6)
    yield _walls(rows, "destroy, of Terraform's", phases.GROUP, "destroy", 0.5)
    yield _walls(rows, "cold deploy with AWS's times, of Terraform's", simulated.GROUP, simulated.PHASE, 0.8)
    both = [peaks(rows, phases.GROUP, tool) for tool in (ours.NAME, terraform.NAME)]
    yield Target("peak memory of a whole deployment's phases, of Terraform's", _ratio(*both), 0.6)


def _walls(rows: list[Row], title: str, group: str, phase: str, limit: float) -> Target:
    mine, theirs = (spread(pick(rows, group, phase, tool), "wall") for tool in (ours.NAME, terraform.NAME))
    return Target(title, _ratio(mine, theirs), limit)


def _ratio(mine: Spread | None, theirs: Spread | None) -> float | None:
    return mine.median / theirs.median if mine and theirs else None


def further_stack(rows: list[Row]) -> float | None:
    """Seconds that each further stack adds to a no-change run."""
    points = [(float(row.phase), row.wall) for row in rows if row.group == stacks.GROUP]
    return slope(points) if len({x for x, _y in points}) > 1 else None


def straight(rows: list[Row]) -> float | None:
    """How far the largest count's median lies from the line through the two smallest, as a ratio of 1; None if unknown.

    Above 1: the cost grows faster than the number of stacks.
    """
    counts = sorted({int(row.phase) for row in rows if row.group == stacks.GROUP})
    walls = [it.median for n in counts if (it := spread(pick(rows, stacks.GROUP, str(n), ours.NAME), "wall"))]
    if len(counts) < 3:
        return None
    first, second, last = walls[0], walls[1], walls[-1]
    line = first + (second - first) / (counts[1] - counts[0]) * (counts[-1] - counts[0])
    return last / line


def _stacks(rows: list[Row]) -> Iterator[Target]:
    noop = spread(pick(rows, phases.GROUP, "noop", terraform.NAME), "wall")
    further = further_stack(rows)
    value = further / noop.median if further is not None and noop else None
    yield Target("each further stack in a no-change run, of Terraform's no-change apply of one", value, 0.35)
    yield Target("no-change run of the most stacks, of the straight line through the fewer", straight(rows), 1.1)


def task_cost(document: dict[str, Any], strategy: str) -> Spread | None:
    """Seconds of one no-change task of amazon.aws."""
    cells = (strategies.FULL, strategies.EMPTY, document["tasks"])
    return each_task(document["rows"], strategies.GROUP, strategy, *cells)


def _task(document: dict[str, Any]) -> Target:
    mine, linear = (task_cost(document, strategy) for strategy in reversed(strategies.STRATEGIES))
    return Target("no-change task of amazon.aws, of the same under linear", _ratio(mine, linear), 1 / 8)


def _bound(document: dict[str, Any]) -> Target:
    found = document["path"].get(ours.NAME)
    value = Spread.of(each["distance"] for each in found).median + 1 if found else None
    return Target("cold deploy with AWS's times, of the critical path", value, 1.1)
