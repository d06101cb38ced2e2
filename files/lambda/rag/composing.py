"""The model's words on their way to the reader, sentence by sentence: checked against the passages as they come. Pure.

A piece of a sentence is a draft: plain words, shown as such, never with a citation or an address. Once the sentence is
whole it is settled: citations verified, links defused, and what its passages do not support marked or left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag import answers, citations, links
from rag.domain import Draft, Passage, Settled, Shown
from rag.sentences import cut
from rag.support import Evidence
from rag.text import visible

Unsupported = Literal["flag", "drop"]
# From here on a draft waits for the whole sentence: a marker or a link may be beginning, or an address has begun.
_HELD_BACK = re.compile(r"[\[［【!]|\S*:/|\bwww\b")


@dataclass(frozen=True, slots=True)
class Style:
    """What becomes of a sentence without support, and whether words are shown before their sentence is checked."""

    unsupported: Unsupported = "flag"
    drafts: bool = True


class Composer:
    """One answer. `text` is what is settled so far."""

    def __init__(self, question: str, passages: tuple[Passage, ...], style: Style) -> None:
        self._question, self._passages, self._style = question, passages, style
        self._evidence = Evidence(passages)
        self._open = ""
        self._drafted = 0
        self._settled: list[str] = []
        self.verdicts: Counter[str] = Counter()
        self.invented = 0

    def take(self, piece: str) -> Iterator[Shown]:
        """What the next piece of the model's words adds."""
        whole, self._open = cut(self._open + visible(piece))
        for sentence in whole:
            yield self._settle(sentence)
        if self._style.drafts and (words := self._undrafted()):
            yield Draft(words)

    def end(self) -> Iterator[Shown]:
        """What is left when the model has ended."""
        if self._open:
            rest, self._open = self._open, ""
            yield self._settle(rest)

    @property
    def text(self) -> str:
        return "".join(self._settled).strip()

    def _undrafted(self) -> str:
        held = _HELD_BACK.search(self._open)
        words = self._open[self._drafted : held.start() if held else len(self._open)]
        self._drafted += len(words)
        return words

    def _settle(self, sentence: str) -> Settled:
        self._drafted = 0
        lead = sentence[: len(sentence) - len(sentence.lstrip())]
        trail = sentence[len(sentence.rstrip()) :]
        verified = settled(sentence, self._passages)
        self.invented += verified.invented
        text = self._supported(verified) if verified.text else ""
        shown = f"{lead}{text}{trail}" if text else ""
        self._settled.append(shown)
        return Settled(shown)

    def _supported(self, verified: citations.Verified) -> str:
        claim = citations.without_markers(verified.text)
        verdict = self._evidence.judge(claim, verified.cited, verified.invented)
        self.verdicts[verdict.value] += 1
        if verdict.accepted:
            return verified.text
        # What was found not to support it is not shown as its source.
        return f"{claim}{answers.unsupported(self._question)}" if self._style.unsupported == "flag" else ""


def settled(text: str, passages: tuple[Passage, ...]) -> citations.Verified:
    """Citations verified and links defused until neither finds anything: each can uncover the other's."""
    known = [f"{passage.source}\n{passage.text}" for passage in passages]
    verified, invented = citations.verify(text, len(passages)), 0
    while (defused := links.defuse(verified.text, known)) != verified.text:
        invented += verified.invented
        verified = citations.verify(defused, len(passages))
    return citations.Verified(verified.text, verified.cited, verified.invented + invented)
