"""Several rankings made one. Pure.

Reciprocal rank fusion: a passage gets 1 / (k + place) of each ranking that holds it (G. V. Cormack et al., SIGIR
2009, who use k = 60). Places alone count, so scores of different scales need no calibration, and no licensed
retriever of a search server is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.domain import Passage


def reciprocal_ranks(rankings: Sequence[Sequence[Passage]], k: int) -> tuple[Passage, ...]:
    """All passages, best first, with the fused score; of equals the first ranking's order holds.

    A passage is known by its document id; the first ranking's form of it is kept. `k` from 1: the larger, the less
    a first place is worth over a later one.
    """
    known: dict[str, Passage] = {}
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, passage in enumerate(dict.fromkeys(p.document_id for p in ranking), start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (k + place)
        for passage_of in ranking:
            known.setdefault(passage_of.document_id, passage_of)
    ordered = sorted(known, key=lambda key: -scores[key])
    return tuple(replace(known[key], score=round(scores[key], 6)) for key in ordered)
