"""The report: one HTML file that needs nothing else, plots drawn as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evaluation import answer_report

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 520, 240, 60, 30
_COLOURS = ("#1f6feb", "#bc4c00")
_PAGE = """<!doctype html>
<html lang="ja"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1f2328 }}
table {{ border-collapse: collapse; margin: 1rem 0 }}
td, th {{ border: 1px solid #d0d7de; padding: .3rem .7rem; text-align: right }}
td:first-child, th:first-child {{ text-align: left }}
svg {{ display: block; margin: 1rem 0 }}
pre {{ background: #f6f8fa; padding: 1rem; overflow: auto }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def html(result: Mapping[str, Any]) -> str:
    """The whole page of one result (what is stored as report.json)."""
    runs = result["configurations"]
    counts = f"質問 {result['questions']} 件、文書 {result['documents']} 件"
    parts = [
        f"<p>{escape(result['engine'])}、{counts}、{result['date']}</p>",
        *(_run(run) for run in runs),
        "<h2>再現率（Recall@k）</h2>",
        curves([(run["name"], run["recall"]) for run in runs]),
    ]
    if "comparison" in result:
        parts += ["<h2>構成の比較（対応のある検定、2 番目 − 1 番目）</h2>", _comparison(result["comparison"])]
    parts += answer_report.section(runs, result.get("answer_comparison", {}), _table)
    return _PAGE.format(title="検索と回答の評価", body="\n".join(parts))


def curves(series: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Lines over 1 to 10, the axis from a little below the least value to 1."""
    least = min((min(values) for _name, values in series if values), default=0.0)
    floor = max(0.0, int(least * 20) / 20 - 0.05)
    body = [_grid(floor)]
    for number, (name, values) in enumerate(series):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{_x(place):.0f},{_y(value, floor):.0f}" for place, value in enumerate(values))
        body.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body.append(f'<text x="{_WIDTH - 150}" y="{_HEIGHT - 60 + 18 * number}" fill="{colour}">{escape(name)}</text>')
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" font-size="12">{"".join(body)}</svg>'


def _grid(floor: float) -> str:
    lines = []
    for step in range(6):
        value = floor + (1 - floor) * step / 5
        y = _y(value, floor)
        lines.append(f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.0f}" y2="{y:.0f}" stroke="#d0d7de"/>')
        lines.append(f'<text x="8" y="{y + 4:.0f}">{value:.3f}</text>')
    for place in range(10):
        lines.append(f'<text x="{_x(place) - 4:.0f}" y="{_HEIGHT - 8}">{place + 1}</text>')
    return "".join(lines)


def _x(place: int) -> float:
    return _LEFT + 20 + place * (_WIDTH - _LEFT - 40) / 9


def _y(value: float, floor: float) -> float:
    return 10 + (_HEIGHT - _BOTTOM - 20) * (1 - (value - floor) / ((1 - floor) or 1))


def _run(run: Mapping[str, Any]) -> str:
    halves = run["metrics"]
    names = list(next(iter(halves.values())))
    rows = [[half, *(_figure(figures[name]) for name in names)] for half, figures in halves.items()]
    configuration = escape(str(run["configuration"]))
    table = _table(["", *names], rows)
    return f"<h2>{escape(run['name'])}</h2>{table}<p>{escape(_latency(run['latency']))}</p><pre>{configuration}</pre>"


def _latency(latency: Mapping[str, float]) -> str:
    return "検索 1 回（第 2 段を含む）: " + "、".join(f"{name} {value}" for name, value in latency.items())


def _figure(figure: Mapping[str, float]) -> str:
    return f"{figure['mean']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def _comparison(comparison: Mapping[str, Any]) -> str:
    rows = []
    for half, by_metric in comparison.items():
        for name, gap in by_metric.items():
            sure = f"{gap['mean']:+.4f} ({gap['low']:+.4f} – {gap['high']:+.4f})"
            rows.append([f"{half} {name}", sure, f"{gap['p']:.4f}", f"{gap['better']} / {gap['worse']}"])
    return _table(["", "差 (95 %)", "p", "改善 / 悪化した質問"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    first = "".join(f"<th>{escape(name)}</th>" for name in head)
    rest = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{first}</tr>{rest}</table>"
