"""How much of passages and history fits into what the model may read. Pure.

Tokens are estimated, since no tokenizer of the models on Bedrock is at hand in the function: a character outside of
ASCII counts as one and a quarter tokens, three ASCII characters as one. Both are on the safe side: the vendor's own
rule of thumb is 3.5 English characters a token, and a Japanese text has about one a character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.domain import Passage, Turn
from rag.errors import PromptTooLongError
from rag.prompt import HISTORY_ANSWER_CHARS
from rag.relevance import best_window, content

_WIDE_TOKENS = 1.25
_ASCII_PER_TOKEN = 3
# Tags, ids and titles around one passage, and what Converse puts around one message.
_AROUND_PASSAGE = 40
_AROUND_MESSAGE = 10
# What is kept for history where both do not fit.
_HISTORY_SHARE = 1 / 3
# A piece of a passage shorter than this says little.
_LEAST_PASSAGE = 100


@dataclass(frozen=True, slots=True)
class Fitting:
    """What stays, and the estimate of the whole prompt in tokens."""

    passages: tuple[Passage, ...]
    turns: tuple[Turn, ...]
    tokens: int


def estimate(text: str) -> int:
    """Tokens of a text, rather too many than too few."""
    ascii_count = len(text.encode("ascii", "ignore"))
    return round((len(text) - ascii_count) * _WIDE_TOKENS + ascii_count / _ASCII_PER_TOKEN + 0.5)


def fit(
    system: str, question: str, passages: Sequence[Passage], turns: Sequence[Turn], limit: int, about: str = ""
) -> Fitting:
    """The best passages and the newest turns that fit into `limit` tokens beside system prompt and question.

    History gives way first, down to a third of the room; then the last passages, the last kept one being cut to its
    best part, the one nearest to `about` (the question, where it is empty). Raises PromptTooLongError where not even
    the best part of one passage fits.
    """
    fixed = estimate(system) + estimate(question) + 2 * _AROUND_MESSAGE
    room = limit - fixed
    if passages and room < _LEAST_PASSAGE + _AROUND_PASSAGE:
        raise PromptTooLongError("budget")
    wanted = sum(_passage_tokens(passage) for passage in passages)
    kept_turns, history = _newest(turns, max(room - wanted, round(room * _HISTORY_SHARE)))
    kept, used = _best(about or question, passages, room - history)
    return Fitting(kept, kept_turns, fixed + history + used)


def _newest(turns: Sequence[Turn], room: int) -> tuple[tuple[Turn, ...], int]:
    kept: list[Turn] = []
    used = 0
    for turn in reversed(turns):
        tokens = estimate(turn.question) + estimate(turn.answer[:HISTORY_ANSWER_CHARS]) + 2 * _AROUND_MESSAGE
        if used + tokens > room:
            break
        kept.insert(0, turn)
        used += tokens
    return tuple(kept), used


def _best(about: str, passages: Sequence[Passage], room: int) -> tuple[tuple[Passage, ...], int]:
    kept: list[Passage] = []
    used = 0
    for passage in passages:
        tokens = _passage_tokens(passage)
        if used + tokens > room:
            cut = _cut(about, passage, room - used)
            if cut is None:
                break
            kept.append(cut)
            return tuple(kept), used + _passage_tokens(cut)
        kept.append(passage)
        used += tokens
    return tuple(kept), used


def _cut(about: str, passage: Passage, room: int) -> Passage | None:
    """The part of it that lies nearest to what is asked; None where too little room is left."""
    left = room - (_passage_tokens(passage) - estimate(passage.text))
    if left < _LEAST_PASSAGE:
        return None
    size = max(1, int(len(passage.text) * left / max(1, estimate(passage.text))))
    window = best_window(passage.text, content(about), size)
    # The part may be denser than the whole.
    while window and estimate(window) > left:
        window = window[: int(len(window) * 0.9)]
    return replace(passage, text=window) if window else None


def _passage_tokens(passage: Passage) -> int:
    return estimate(passage.text) + estimate(passage.title) + estimate(passage.source) + _AROUND_PASSAGE
