"""The results as plain data: what is printed, stored as JSON, and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evaluation import metrics
from evaluation.configuration import Configuration
from evaluation.data import Asked
from evaluation.metrics import Ranking, Values

HALVES = ("all", "even", "odd")
_ROUND = 4


def of_run(questions: Sequence[Asked], rankings: Sequence[Ranking], seconds: Sequence[float]) -> dict[str, Any]:
    """Figures of one configuration: over all questions and over each half, by metric."""
    values = metrics.values(rankings)
    return {
        "questions": len(questions),
        "metrics": {half: _figures(values, chosen(questions, half)) for half in HALVES if chosen(questions, half)},
        "latency": metrics.percentiles(seconds),
        "recall": _curve(rankings),
    }


def of_pair(questions: Sequence[Asked], first: Sequence[Ranking], second: Sequence[Ranking]) -> dict[str, Any]:
    """The paired differences, second less first."""
    before, after = metrics.values(first), metrics.values(second)
    return {
        half: {
            name: _rounded(asdict(metrics.compare(before[name][picked], after[name][picked]))) for name in metrics.NAMES
        }
        for half in HALVES
        if (picked := chosen(questions, half))
    }


def headline(run: Mapping[str, Any], engine: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """The last printed line: means over all questions, the odd half's beside them, and the engine."""
    by_half = run["metrics"]
    line: dict[str, Any] = {name: by_half["all"][name]["mean"] for name in metrics.NAMES}
    line["questions"] = run["questions"]
    for half in ("even", "odd"):
        if half in by_half:
            line[half] = {name: by_half[half][name]["mean"] for name in metrics.NAMES}
    return {**line, "engine": engine, "latency": run["latency"], **more}


def chosen(questions: Sequence[Asked], half: str) -> list[int]:
    """The places of the questions of one half."""
    return [place for place, asked in enumerate(questions) if half in ("all", asked.half)]


def describe(configuration: Configuration) -> dict[str, Any]:
    bm25 = asdict(configuration.wanted.bm25)
    return {"environment": dict(configuration.environment), "bm25": bm25, "titles": configuration.titles}


def _figures(values: Mapping[str, Values], picked: list[int]) -> dict[str, Any]:
    return {name: _rounded(asdict(metrics.figure(of_all[picked]))) for name, of_all in values.items()}


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _ROUND) for name, value in figures.items()}


def _curve(rankings: Sequence[Ranking]) -> list[float]:
    """Recall at 1 to 10."""
    places = [r.found.index(r.wanted) if r.wanted in r.found else None for r in rankings]
    count = len(places) or 1
    return [round(sum(p is not None and p < depth for p in places) / count, _ROUND) for depth in range(1, 11)]
