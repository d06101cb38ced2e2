"""Figures of a run: ir-measures for the metrics, bootstrap for how sure they are, a paired test for two runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from numpy.typing import NDArray

NAMES = ("R@1", "R@3", "R@5", "R@10", "RR@10", "nDCG@10")
_SAMPLES = 2000
_SEED = 20260701
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """What was found for one question: sources, best first, each once."""

    qid: str
    wanted: str
    found: tuple[str, ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class Figure:
    """A mean with its 95 % confidence interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """Second less first, over the same questions; `p` two-sided, by a randomisation test."""

    mean: float
    low: float
    high: float
    p: float
    better: int
    worse: int


def values(rankings: Sequence[Ranking]) -> dict[str, Values]:
    """Each metric's value for each question, in the order of the rankings."""
    measures = [ir_measures.parse_measure(name) for name in NAMES]
    wanted = [ir_measures.Qrel(r.qid, r.wanted, 1) for r in rankings]
    run = [
        ir_measures.ScoredDoc(r.qid, source, float(-place)) for r in rankings for place, source in enumerate(r.found)
    ]
    by_metric: dict[str, dict[str, float]] = {name: {} for name in NAMES}
    for metric in ir_measures.iter_calc(measures, wanted, run):
        by_metric[str(metric.measure)][metric.query_id] = float(metric.value)
    # A question for which nothing was found is not in the run, and counts as 0.
    return {name: np.array([found.get(r.qid, 0.0) for r in rankings]) for name, found in by_metric.items()}


def figure(sample: Values) -> Figure:
    """Mean with a percentile bootstrap interval (2,000 resamples of the questions, fixed seed)."""
    means = _resampled(sample)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(float(sample.mean()), float(low), float(high))


def compare(first: Values, second: Values) -> Difference:
    """The paired difference: bootstrap interval, and how often random signs give as large a one."""
    gaps = second - first
    low, high = np.percentile(_resampled(gaps), [2.5, 97.5])
    generator = np.random.default_rng(_SEED)
    told = gaps[gaps != 0]
    at_least = 0
    for _sample in range(_SAMPLES):
        signs = generator.integers(0, 2, len(told)) * 2 - 1
        at_least += abs(float((told * signs).sum())) >= abs(float(told.sum())) - 1e-12
    p = (at_least + 1) / (_SAMPLES + 1)
    return Difference(float(gaps.mean()), float(low), float(high), p, int((gaps > 0).sum()), int((gaps < 0).sum()))


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds at the median, 95 and 99 %."""
    if not seconds:
        return {}
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    return {"p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1), "p99_ms": round(float(p99), 1)}


def _resampled(sample: Values) -> Values:
    generator = np.random.default_rng(_SEED)
    picked = (sample[generator.integers(0, len(sample), len(sample))].mean() for _sample in range(_SAMPLES))
    return np.fromiter(picked, dtype=np.float64, count=_SAMPLES)
