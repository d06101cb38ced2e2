"""How much of passages and history fits into what the model may read. Pure.

Tokens are estimated, since no tokenizer of the models on Bedrock is at hand in the function: a character outside of
ASCII counts as one and a quarter tokens, three ASCII characters as one. Both are on the safe side: the vendor's own
rule of thumb is 3.5 English characters a token, and a Japanese text has about one a character. What is counted is what
`rag.prompt` writes: tags, numbers, titles, line breaks and escapes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import prompt
from rag.domain import Message, Passage, Turn
from rag.errors import PromptTooLongError
from rag.relevance import best_window, content

_WIDE_TOKENS = 1.25
_ASCII_PER_TOKEN = 3
# What Converse puts around one message, and around the system prompt.
_AROUND_MESSAGE = 10
# What is kept for history where both do not fit.
_HISTORY_SHARE = 1 / 3
# A piece of a passage shorter than this says little.
_LEAST_PASSAGE = 100


@dataclass(frozen=True, slots=True)
class Fitting:
    """What stays, and the estimate of the whole prompt in tokens. `label_chars` is for `prompt.build`."""

    passages: tuple[Passage, ...]
    turns: tuple[Turn, ...]
    tokens: int
    label_chars: int = prompt.LABEL_CHARS


def estimate(text: str) -> int:
    """Tokens of a text, rather too many than too few."""
    ascii_count = len(text.encode("ascii", "ignore"))
    return round((len(text) - ascii_count) * _WIDE_TOKENS + ascii_count / _ASCII_PER_TOKEN + 0.5)


def fit(question: str, passages: Sequence[Passage], turns: Sequence[Turn], limit: int, about: str = "") -> Fitting:
    """The best passages and the newest turns that fit into `limit` tokens beside the rules and the question.

    History gives way first, down to a third of the room; then the last passages, the last kept one being cut to its
    best part, the one nearest to `about` (the question, where it is empty). The first passage is never left out: its
    title and source are written shorter where they would leave it no room. Raises PromptTooLongError where the
    question leaves none.
    """
    bare = prompt.build(question, (), ())
    fixed = estimate(bare.system) + _AROUND_MESSAGE + _messages_tokens(bare.messages)
    room = limit - fixed
    if not passages:
        kept_turns, history = _newest(turns, room)
        return Fitting((), kept_turns, fixed + history)
    writing = _Writing(_label_chars(passages[0], room))
    least = writing.least(passages[0])
    if least > room:
        raise PromptTooLongError("budget")
    wanted = sum(writing.tokens(passage) for passage in passages)
    history_room = min(room - least, max(room - wanted, round(room * _HISTORY_SHARE)))
    kept_turns, history = _newest(turns, history_room)
    kept, used = _best(about or question, passages, room - history, writing)
    return Fitting(kept, kept_turns, fixed + history + used, writing.label_chars)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What passages cost with titles and sources of at most so many characters."""

    label_chars: int

    def tokens(self, passage: Passage) -> int:
        return self.around(passage) + _text_tokens(passage.text)

    def around(self, passage: Passage) -> int:
        """Everything but the text, with the line break after it. No number has more digits than the one here."""
        return estimate(prompt.block(99, replace(passage, text=""), self.label_chars) + "\n")

    def least(self, passage: Passage) -> int:
        return self.around(passage) + min(_LEAST_PASSAGE, _text_tokens(passage.text))


def _label_chars(first: Passage, room: int) -> int:
    chars = prompt.LABEL_CHARS
    while chars and _Writing(chars).least(first) > room:
        chars //= 2
    return chars


def _newest(turns: Sequence[Turn], room: int) -> tuple[tuple[Turn, ...], int]:
    kept: list[Turn] = []
    used = 0
    for turn in reversed(turns):
        tokens = _messages_tokens(prompt.turn_messages(turn))
        if used + tokens > room:
            break
        kept.insert(0, turn)
        used += tokens
    return tuple(kept), used


def _best(about: str, passages: Sequence[Passage], room: int, writing: _Writing) -> tuple[tuple[Passage, ...], int]:
    kept: list[Passage] = []
    used = 0
    for passage in passages:
        tokens = writing.tokens(passage)
        if used + tokens > room:
            left = room - used - writing.around(passage)
            if left < _LEAST_PASSAGE:
                break
            cut = _cut(about, passage, left)
            kept.append(cut)
            return tuple(kept), used + writing.tokens(cut)
        kept.append(passage)
        used += tokens
    return tuple(kept), used


def _cut(about: str, passage: Passage, left: int) -> Passage:
    """The part of it that lies nearest to what is asked."""
    size = max(1, int(len(passage.text) * left / _text_tokens(passage.text)))
    window = best_window(passage.text, content(about), size)
    # The part may be denser than the whole.
    while _text_tokens(window) > left:
        window = window[: int(len(window) * 0.9)]
    return replace(passage, text=window)


def _text_tokens(text: str) -> int:
    return estimate(prompt.escaped(text))


def _messages_tokens(messages: Sequence[Message]) -> int:
    return sum(estimate(message.text) + _AROUND_MESSAGE for message in messages)
