"""The second stage: the first stage's candidates put into a better order, without a model and within milliseconds.

A linear model over `rag.features`; its weights lie in `second_stage.json`, which also tells how they were trained.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from rag import features
from rag.domain import Passage
from rag.text import fold

_FILE = Path(__file__).with_name("second_stage.json")


@cache
def weights() -> tuple[float, ...]:
    """The weights in the order of `features.NAMES`. Raises ValueError where the file fits another set of features."""
    known: Mapping[str, float] = json.loads(_FILE.read_text(encoding="utf-8"))["weights"]
    if set(known) != set(features.NAMES):
        raise ValueError("second_stage.json does not fit the features")
    return tuple(known[name] for name in features.NAMES)


def order(question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The same passages, best first, with the second stage's score (of no absolute scale); ties keep their order."""
    candidates = [features.Candidate(fold(p.title), fold(p.text), p.score) for p in passages]
    rows = features.rows(fold(question), candidates)
    scores = [sum(weight * value for weight, value in zip(weights(), row, strict=True)) for row in rows]
    ranked = sorted(zip(passages, scores, strict=True), key=lambda pair: -pair[1])
    return tuple(replace(passage, score=round(score, 4)) for passage, score in ranked)
