"""The tables of a result, as Markdown: the terminal and the document show the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tools.bench import ours, phases, simulated, stacks, strategies, terraform
from tools.bench.statistics import Row, Spread, pick, spread
from tools.bench.targets import further_stack, targets, task_cost

Document = dict[str, Any]
TITLES = {
    "cold": "cold deploy",
    "noop": "no-change run",
    "check": "check run; `plan`",
    "destroy": "destroy",
}
FIGURES = (("wall", 1), ("cpu", 1), ("peak_mb", 0), ("requests", 0), ("server_cpu", 1))
HEADER = ("phase", "tool", "wall, s", "CPU, s", "peak memory, MB", "requests", "CPU of the control plane, s")


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table, padded so that it reads well on a terminal."""
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    lines = [_line(header, widths), _line(tuple("-" * width for width in widths), widths)]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def tables(document: Document) -> str:
    """All of them, each under its title."""
    shown = [f"**{title}**\n\n{body}" for title, body in _sections(document)]
    return "\n\n".join([*shown, load(document["rows"])])


def load(rows: list[Row]) -> str:
    """How busy the machine was with other things: a measurement on a busy one says little."""
    others = Spread.of(row.other_cores for row in rows)
    return f"Meanwhile everything else on the machine used {others.median:.1f} cores, at most {others.most:.1f}."


def _sections(document: Document) -> Iterator[tuple[str, str]]:
    rows = document["rows"]
    yield "The contract: ratios of medians", _contract(document)
    if any(row.group == phases.GROUP for row in rows):
        yield "One deployment: median (least-most)", _phases(document)
    if any(row.group == strategies.GROUP for row in rows):
        yield f"{document['tasks']} separate no-change tasks of amazon.aws", _strategies(document)
    if any(row.group == stacks.GROUP for row in rows):
        yield "Several deployments in one account, one no-change run", _stacks(rows)
    if document["path"]:
        yield f"Cold deploy with AWS's times (scale {document['scale']:g})", _simulated(document)


def _contract(document: Document) -> str:
    cells = [
        (it.title, "-" if it.value is None else f"{it.value:.2f}", f"{it.limit:.3g}", it.verdict)
        for it in targets(document)
    ]
    return table(("what", "measured", "at most", ""), cells)


def _cells(rows: list[Row], first: str, tool: str) -> tuple[str, ...]:
    return first, tool, *(found.text(digits) if (found := spread(rows, figure)) else "-" for figure, digits in FIGURES)


def _phases(document: Document) -> str:
    rows, cells = document["rows"], []
    for phase, title in TITLES.items():
        for tool in (ours.NAME, terraform.NAME):
            found = pick(rows, phases.GROUP, phase, tool)
            if found or tool == ours.NAME:
                cells.append(_cells(found, title, tool))
    why = document["not_measured"].get(terraform.NAME)
    note = f"\n\n{terraform.NAME}: not measured, {why}." if why else ""
    return table(HEADER, cells) + note


def _strategies(document: Document) -> str:
    rows, cells = document["rows"], []
    for strategy in strategies.STRATEGIES:
        for phase in (strategies.EMPTY, strategies.FULL):
            cells.append(_cells(pick(rows, strategies.GROUP, phase, strategy), phase, strategy))
    costs = [(name, task_cost(document, name)) for name in strategies.STRATEGIES]
    each = ", ".join(f"{cost.text(3)} s under {name}" for name, cost in costs if cost)
    return f"{table(HEADER, cells)}\n\nOne task without the start of the run: {each}."


def _stacks(rows: list[Row]) -> str:
    counts = sorted({int(row.phase) for row in rows if row.group == stacks.GROUP})
    cells = [_cells(pick(rows, stacks.GROUP, str(n), ours.NAME), f"{n} stacks", ours.NAME) for n in counts]
    further = further_stack(rows)
    note = f"\n\nEach further stack: {further:.2f} s." if further is not None else ""
    return table(HEADER, cells) + note


def _simulated(document: Document) -> str:
    parts = []
    cells = []
    for tool, paths in document["path"].items():
        found = pick(document["rows"], simulated.GROUP, simulated.PHASE, tool)
        cells.append(_cells(found, "cold deploy", tool))
        path = sorted(paths, key=lambda it: it["complete"])[len(paths) // 2]
        parts.append(_path(tool, path))
    return "\n\n".join([table(HEADER, cells), *parts])


def _path(tool: str, path: dict[str, Any]) -> str:
    steps = [
        (each["name"], *(f"{each[key]:.0f}" for key in ("seconds", "earliest", "started", "ready")))
        for each in path["steps"]
    ]
    shown = table((f"{tool}: step", "takes, s", "could start", "was started", "was ready"), steps)
    return (
        f"{shown}\n\nThe bound is {path['bound']:.0f} s, by: {' -> '.join(path['chain'])}. {tool} was over after "
        f"{path['wall']:.0f} s, and everything was ready after {path['complete']:.0f} s: {path['distance']:+.0%}."
    )
