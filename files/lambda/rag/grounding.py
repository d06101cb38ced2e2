"""Which of the retrieved passages the answer may stand on: relevant, distinct, within the budget."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.domain import Citation, Passage
from rag.relevance import best_window, content, coverage
from rag.text import fold, one_line

_SNIPPET_CHARS = 160


@dataclass(frozen=True, slots=True)
class GroundingLimits:
    """`min_coverage`: share (0 to 1) of the question's content that the best passage must contain.

    `passage_chars`, `total_chars`: the most of one passage, and of all together, that the model is given.
    """

    min_coverage: float = 0.4
    passage_chars: int = 3000
    total_chars: int = 12000


def ground(query: str, passages: tuple[Passage, ...], limits: GroundingLimits) -> tuple[Passage, ...]:
    """The passages for the model, best first; their position + 1 is their number. Empty: nothing found."""
    units = content(query)
    covered = [(coverage(units, fold(f"{passage.title}\n{passage.text}")), passage) for passage in passages]
    if max((share for share, _passage in covered), default=0.0) < limits.min_coverage:
        return ()
    relevant = [passage for share, passage in covered if share > 0 or limits.min_coverage <= 0]
    distinct = {(passage.title, passage.text): passage for passage in reversed(relevant)}
    return _within_budget(list(distinct.values())[::-1], units, limits)


def cite(number: int, passage: Passage, query: str) -> Citation:
    """The citation of a passage, with the part of it that lies nearest to the query."""
    text = one_line(passage.text)
    window = best_window(text, content(query), _SNIPPET_CHARS)
    return Citation(str(number), passage.title, passage.source, window if window == text else f"…{window}…")


def _within_budget(passages: list[Passage], units: dict[str, int], limits: GroundingLimits) -> tuple[Passage, ...]:
    kept: list[Passage] = []
    left = limits.total_chars
    for passage in passages:
        if left <= 0:
            break
        window = best_window(passage.text, units, min(limits.passage_chars, left))
        kept.append(replace(passage, text=window))
        left -= len(window)
    return tuple(kept)
