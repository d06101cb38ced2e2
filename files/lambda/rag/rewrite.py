"""A follow-up question made searchable by the questions it leans on. Without a model: no time, no cost."""

from __future__ import annotations

import re

from rag.domain import Turn
from rag.relevance import content

# Words that point back at what was said before.
_POINTS_BACK = re.compile(
    "(?:それ|その|そこ|そちら|これ|この|こちら|あれ|あの|上記|先ほど|さっき|前述|前の質問|もっと|もう少し|詳しく|"
    "具体的に|ほかに|他には|続き)"
    "|^(?:では|じゃあ|だと|なら|ちなみに|ところで|また|あと|なぜ|どうして|いつ|どこ|いくら|誰)"
    r"|\b(?:it|its|that|this|those|these|they|them|there|same)\b|^(?:what|how) about\b|^(?:and|why|then)\b",
    re.IGNORECASE,
)
_LITTLE_CONTENT = 2


def rewrite(question: str, history: tuple[Turn, ...]) -> str:
    """The text to search for: the question, with the questions before it as far back as it leans.

    A question that stands by itself, or has no history, is left as it is.
    """
    parts = [question]
    for turn in reversed(history):
        if not leans(parts[0]):
            break
        parts.insert(0, turn.question)
    return "\n".join(parts)


def leans(question: str) -> bool:
    """True where the question cannot be understood alone: it points back, or says next to nothing."""
    return bool(_POINTS_BACK.search(question.strip())) or sum(content(question).values()) < _LITTLE_CONTENT
