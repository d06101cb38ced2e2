"""Rows of measurements, and their medians and spreads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One run of one phase by one tool: seconds, MB (2**20 bytes), counts. ``group`` is the kind of measurement."""

    group: str
    phase: str
    tool: str
    run: int
    wall: float
    cpu: float
    peak_mb: float
    requests: int
    writes: int
    server_cpu: float
    other_cores: float

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Spread:
    """Median, least and most of a figure over the runs."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """Of at least one value."""
        found = sorted(values)
        return cls(median(found), found[0], found[-1])

    def text(self, digits: int = 1) -> str:
        """As in the tables: `7.4 (7.1-8.0)`."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}-{self.most:.{digits}f})"


def pick(rows: Iterable[Row], group: str, phase: str, tool: str) -> list[Row]:
    """The rows of one cell of the tables."""
    return [row for row in rows if (row.group, row.phase, row.tool) == (group, phase, tool)]


def spread(rows: Iterable[Row], figure: str) -> Spread | None:
    """Of one figure of these rows; None where there are none."""
    values = [float(getattr(row, figure)) for row in rows]
    return Spread.of(values) if values else None


def peaks(rows: Iterable[Row], group: str, tool: str) -> Spread | None:
    """Of the largest memory that each run took in any of its phases."""
    by_run: dict[int, float] = {}
    for row in rows:
        if (row.group, row.tool) == (group, tool):
            by_run[row.run] = max(by_run.get(row.run, 0.0), row.peak_mb)
    return Spread.of(by_run.values()) if by_run else None


def each_task(rows: Iterable[Row], group: str, tool: str, phase: str, empty: str, count: int) -> Spread | None:
    """Seconds of one task, by run: what ``count`` tasks take beyond a run of none, divided."""
    walls = {(row.phase, row.run): row.wall for row in rows if (row.group, row.tool) == (group, tool)}
    found = [(wall - walls[empty, run]) / count for (name, run), wall in walls.items() if name == phase]
    return Spread.of(found) if found else None


def slope(points: list[tuple[float, float]]) -> float:
    """Least-squares rise of y for each x, from (x, y)."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _y in points) / count, sum(y for _x, y in points) / count
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _y in points)
