"""The backend's figures as a table, beside what is promised of them; and their place in docs/backend-costs.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench.account import ROOT
from tools.bench.backend.measures import PARTS, ROUTES
from tools.bench.report import table

PAGE = ROOT / "docs" / "backend-costs.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
Document = dict[str, Any]


@dataclass(frozen=True)
class Promise:
    """`value` and `limit` in milliseconds, or MB of 10**6 bytes."""

    title: str
    value: float
    limit: float

    @property
    def verdict(self) -> str:
        return "reached" if self.value < self.limit else "missed"


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so great a share of them does not exceed."""
    found = sorted(values)
    return found[max(0, -(-int(share * 100) * len(found) // 100) - 1)]


def promises(document: Document) -> list[Promise]:
    walls = document["values"]
    return [
        *(Promise(f"{name}: overhead at the median, ms", median(walls[name]), 15) for name in ROUTES),
        *(Promise(f"{name}: overhead at p99, ms", percentile(walls[name], 0.99), 40) for name in ROUTES),
        Promise("cold start to first answer at the median, ms", median(walls["cold start"]), 600),
        Promise("the model's first words to the client at p99, ms", percentile(walls["first words"], 0.99), 100),
        Promise("package, MB", document["package_bytes"] / 1e6, 8),
    ]


def tables(document: Document) -> str:
    """All of them."""
    kept = [(it.title, f"{it.value:.1f}", f"{it.limit:g}", it.verdict) for it in promises(document)]
    walls, cpu = document["values"], document["cpu"]
    spreads = [_spread(name, walls[name], cpu.get(name, [])) for name in (*ROUTES, "cold start", *PARTS, "first words")]
    header = ("ms", "runs", "median", "p90", "p99", "most", "CPU of the function, median (least)")
    stages = ", ".join(f"{name} {median(found):.1f}" for name, found in sorted(document["stages"].items()))
    slow = ", ".join(f"{name} {own:.1f}" for name, own in document["imports"])
    return "\n\n".join(
        [
            table(("what", "measured", "below", ""), kept),
            table(header, spreads),
            f"Stages of a warm question by the function's own clock, median ms (search and model with the stand-ins):"
            f" {stages}.",
            f"Slowest imports, ms of their own (`-X importtime`, which slows them): {slow}.",
            f"Load average before and after: {document['load'][0]:.1f}, {document['load'][1]:.1f}"
            f" on {document['machine']}.",
        ]
    )


def _spread(name: str, walls: list[float], cpu: list[float]) -> tuple[str, ...]:
    shown = [median(walls), percentile(walls, 0.9), percentile(walls, 0.99), max(walls)]
    cells = [f"{value:.1f}" for value in shown]
    return (name, str(len(walls)), *cells, f"{median(cpu):.1f} ({min(cpu):.1f})" if cpu else "-")


def write(document: Document, page: Path = PAGE) -> None:
    """Between the page's marks. Raises ValueError where there are none."""
    before, _begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no marks {BEGIN} and {END}")
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    measured = f"{document['date']}. {versions}.\n\n{tables(document)}"
    page.write_text(f"{before}{BEGIN}\n{measured}\n{END}{after}", encoding="utf-8")
