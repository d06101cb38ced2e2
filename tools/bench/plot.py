"""The picture of docs/performance.md, as SVG: a bar for each median, with a line from the least to the most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from tools.bench import ours, phases, simulated, stacks, terraform
from tools.bench.report import TITLES
from tools.bench.statistics import Row, Spread, pick, spread

WIDTH, LEFT, RIGHT = 900, 230, 90
BAR, GAP, GROUP_GAP, TITLE = 18, 4, 14, 34
COLOURS = {ours.NAME: "#1d5a96", terraform.NAME: "#8a97a6"}
STYLE = """    .title { font-weight: 600; font-size: 15px }
    .small { font-size: 12px; fill: #4a5a6a }
    .range { stroke: #1f2a37; stroke-width: 1.5 }"""
Bar = tuple[str, str, Spread]
"""Label, tool, seconds."""


def plot(document: dict[str, Any]) -> str:
    """The whole picture; panels that were not measured are left out."""
    panels = [(title, bars) for title, bars in _panels(document["rows"]) if bars]
    body, y = [], 20
    for title, bars in panels:
        drawn, y = _panel(title, bars, y)
        body += drawn
    text = f"Seconds by phase, measured {document['date']} on {document['machine']}; median, least to most."
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-labelledby="title desc"\n'
        '     font-family="\'Noto Sans\', \'Helvetica Neue\', Arial, sans-serif" font-size="13" fill="#1f2a37">\n'
        f'  <title id="title">What a run takes</title>\n  <desc id="desc">{escape(text)}</desc>\n'
        f'  <style>\n{STYLE}\n  </style>\n  <rect width="{WIDTH}" height="{y}" fill="#fff"/>'
    )
    return "\n".join([head, *body, "</svg>", ""])


def _panels(rows: list[Row]) -> Iterator[tuple[str, list[Bar]]]:
    yield "One deployment, wall time in seconds", _bars(rows, phases.GROUP, TITLES)
    yield "Cold deploy with AWS's times, seconds", _bars(rows, simulated.GROUP, {simulated.PHASE: "cold deploy"})
    counts = sorted({int(row.phase) for row in rows if row.group == stacks.GROUP})
    titles = {str(count): f"{count} stack{'s' if count > 1 else ''}, no change" for count in counts}
    yield "Several deployments in one account, wall time in seconds", _bars(rows, stacks.GROUP, titles)


def _bars(rows: list[Row], group: str, titles: dict[str, str]) -> list[Bar]:
    found = []
    for phase, title in titles.items():
        for tool in COLOURS:
            if (seconds := spread(pick(rows, group, phase, tool), "wall")) is not None:
                found.append((title.replace("`", ""), tool, seconds))
    return found


def _panel(title: str, bars: list[Bar], y: int) -> tuple[list[str], int]:
    scale = (WIDTH - LEFT - RIGHT) / max(seconds.most for _label, _tool, seconds in bars)
    drawn = [f'  <text x="20" y="{y + 14}" class="title">{escape(title)}</text>']
    y, before = y + TITLE, ""
    for label, tool, seconds in bars:
        if before and label != before:
            y += GROUP_GAP
        drawn += _bar(label if label != before else "", tool, seconds, y, scale)
        y, before = y + BAR + GAP, label
    return drawn, y + 26


def _bar(label: str, tool: str, seconds: Spread, y: int, scale: float) -> list[str]:
    middle, end = y + BAR / 2, LEFT + seconds.median * scale
    low, high = (LEFT + value * scale for value in (seconds.least, seconds.most))
    words = f"{seconds.median:.1f} s  {tool}"
    fits = end - LEFT > 8 * len(words)
    place = f'x="{LEFT + 8}" fill="#fff"' if fits else f'x="{max(end, high) + 8:.1f}"'
    return [
        f'  <text x="{LEFT - 12}" y="{middle + 5}" text-anchor="end">{escape(label)}</text>',
        f'  <rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR}" fill="{COLOURS[tool]}"/>',
        f'  <path d="M{low:.1f} {middle}H{high:.1f}" class="range"/>',
        f'  <text {place} y="{middle + 5}" font-size="12">{escape(words)}</text>',
    ]
