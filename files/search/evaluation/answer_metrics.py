"""Figures of answers: are the citations real and right, is what has no answer refused, how long does it take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from rag.text import fold

from evaluation import metrics
from evaluation.answering import Answered

_ROUND = 4
# Of each figure: its value for one answer, None where the answer has none. In the order in which they are shown.
Value = Callable[[Answered], float | None]


def citation_validity(answered: Answered) -> float | None:
    """Share of the passage numbers in the model's own words that it was given. What it was not never is shown."""
    named = answered.marked + answered.invented
    return answered.marked / named if answered.answerable and named else None


def shown_validity(answered: Answered) -> float | None:
    """Share of the sources shown to the reader that were given to the model."""
    if not answered.cited:
        return None
    return sum(source in answered.given for source in answered.cited) / len(answered.cited)


def citation_precision(answered: Answered) -> float | None:
    """Share of the sources shown that are the document known to hold the answer. Others may too: a lower bound."""
    if not answered.answerable or not answered.cited:
        return None
    return sum(source == answered.asked.pid for source in answered.cited) / len(answered.cited)


def citation_recall(answered: Answered) -> float | None:
    """Whether that document is among the sources of a question that has an answer."""
    return float(answered.asked.pid in answered.cited) if answered.answerable else None


def supported(answered: Answered) -> float | None:
    """Share of the claiming sentences whose passages support them (docs/grounding.md)."""
    claims = sum(count for verdict, count in answered.verdicts.items() if verdict != "no_claim")
    return answered.verdicts.get("supported", 0) / claims if claims else None


def answer_found(answered: Answered) -> float | None:
    """Whether the words known as the answer stand in what was shown."""
    if not answered.answerable or not answered.asked.answers:
        return None
    text = fold(answered.text)
    return float(any(fold(answer) in text for answer in answered.asked.answers))


def refusal(answered: Answered) -> float | None:
    """Whether a question that has no answer was told so."""
    return None if answered.answerable else float(answered.refused)


def false_refusal(answered: Answered) -> float | None:
    """Whether a question that has an answer was told that it has none."""
    return float(answered.refused) if answered.answerable else None


VALUES: dict[str, Value] = {
    value.__name__: value
    for value in (
        citation_validity,
        shown_validity,
        citation_precision,
        citation_recall,
        supported,
        answer_found,
        refusal,
        false_refusal,
    )
}


def of_run(answered: Sequence[Answered], model: str) -> dict[str, Any]:
    """Of one configuration. Failed questions are in no figure, but are told by their code."""
    good = [each for each in answered if not each.failed]
    return {
        "model": model,
        "answerable": sum(each.answerable for each in answered),
        "unanswerable": sum(not each.answerable for each in answered),
        "failed": dict(Counter(each.outcome for each in answered if each.failed)),
        "outcomes": dict(Counter(each.outcome for each in good)),
        "metrics": {name: _figure(found) for name, value in VALUES.items() if (found := _defined(good, value))},
        "latency": metrics.percentiles([each.seconds for each in good]),
        "first_words": metrics.percentiles([each.first_seconds for each in good]),
    }


def of_pair(first: Sequence[Answered], second: Sequence[Answered]) -> dict[str, Any]:
    """Second less first, over the questions for which both have the figure."""
    pairs = [(one, other) for one, other in zip(first, second, strict=True) if not one.failed and not other.failed]
    compared = {}
    for name, value in VALUES.items():
        both = [(a, b) for one, other in pairs if (a := value(one)) is not None and (b := value(other)) is not None]
        if both:
            before, after = np.array([a for a, _b in both]), np.array([b for _a, b in both])
            compared[name] = _rounded(asdict(metrics.compare(before, after)))
    return compared


def headline(run: dict[str, Any]) -> dict[str, Any]:
    """For the last printed line: means, latency, and what failed."""
    means = {name: figure["mean"] for name, figure in run["metrics"].items()}
    asked = {name: run[name] for name in ("model", "answerable", "unanswerable", "latency", "first_words")}
    return {**means, **asked, **({"failed": run["failed"]} if run["failed"] else {})}


def _defined(answered: Sequence[Answered], value: Value) -> list[float]:
    return [found for each in answered if (found := value(each)) is not None]


def _figure(found: list[float]) -> dict[str, Any]:
    return {**_rounded(asdict(metrics.figure(np.array(found)))), "answers": len(found)}


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, _ROUND) for name, value in figures.items()}
