"""Is a sentence of the answer supported by the passages that it cites? Pure, no model, well below a millisecond each.

A sentence is supported where some place of a cited passage (up to three sentences in a row) holds every number of it,
with the same unit, and most of its content. Looking at a place and not at the whole passage is what finds a number
that was swapped for another one of the same passage. What this cannot see: a denial turned into its opposite, and two
names of one place exchanged. docs/grounding.md has the measurements behind the figures.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rag.domain import Passage
from rag.numbers import Number, missing, normal, numbers_of
from rag.relevance import content, coverage
from rag.sentences import cut

# Share of the sentence's content (by weight), and of its three-character sequences, that the place must hold.
MIN_CONTENT = 0.6
MIN_TRIGRAMS = 0.35
_WINDOW = 3
_LIST_SIGN = re.compile(r"^\s*(?:[-*・●]|\d{1,2}[.)．、](?!\d))\s*", re.MULTILINE)
# Sentences that say nothing of the matter: that the documents do not tell, or about the answer itself.
_NO_CLAIM = re.compile(
    r"(?:(?:記載|記述|情報|言及)(?:が|は|も)?(?:特に|一切|直接)?(?:ありません|ございません|されていません|見つかりません|"
    r"含まれていません|ない|なし)|見つかりません|見当たりません|(?:確認|お答え|回答)(?:することが|が)?できません)(?:でした)?[。）)]*$"
    r"|\b(?:not|no)\b.{0,40}\b(?:mention|stat|say|said|found|document|information)[^.]{0,30}\.?$",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"^[（(]?[^\d]{0,30}(?:回答です|お答えします|ご案内します|説明します|とおりです|通りです|以下です|まとめます)[。:：]?[)）]?[。:：]?$"
    r"|^\(?answer by .{0,60}\)?$|^[^\d]{0,40}(?:as follows|the following)[.:：]?$",
    re.IGNORECASE,
)
_LEAST_CONTENT = 2


class Verdict(StrEnum):
    SUPPORTED = "supported"
    NO_CLAIM = "no_claim"
    UNCITED = "uncited"
    INVENTED = "invented"
    NUMBERS = "numbers"
    TERMS = "terms"

    @property
    def accepted(self) -> bool:
        return self in (Verdict.SUPPORTED, Verdict.NO_CLAIM)


@dataclass(frozen=True)
class Place:
    """Some sentences in a row of a passage, title included: a title often names what the text then speaks of.

    `parts` are `normal` text; numbers are looked for in each by itself, and only where somebody asks for them.
    """

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Place:
        return cls((normal(text),))

    @cached_property
    def text(self) -> str:
        return "\n".join(self.parts)

    @cached_property
    def numbers(self) -> frozenset[Number]:
        return frozenset().union(*map(numbers_of, self.parts))

    def joined(self, other: Place) -> Place:
        return Place(self.parts + other.parts)


class Evidence:
    """The passages of one answer, numbered from 1; each is taken apart when it is first cited."""

    def __init__(self, passages: tuple[Passage, ...]) -> None:
        self._passages = tuple(_Taken(passage) for passage in passages)

    def judge(self, claim: str, cited: tuple[int, ...], invented: int) -> Verdict:
        """`claim` is the sentence without markers; `cited` are numbers of passages, `invented` how many were not."""
        text = _LIST_SIGN.sub("", claim).strip()
        if not cited and invented:
            return Verdict.INVENTED
        if says_nothing(text):
            return Verdict.NO_CLAIM
        if not cited:
            return Verdict.UNCITED
        wanted = _Claim(text)
        places = [place for number in cited for place in self._passages[number - 1].places]
        if len(cited) > 1:
            best = [max(self._passages[number - 1].places, key=wanted.held_by) for number in cited]
            places.append(functools.reduce(Place.joined, best))
        holding = [place for place in places if wanted.terms_in(place)]
        if not holding:
            return Verdict.TERMS
        if any(not missing(wanted.numbers, place.numbers) for place in holding):
            return Verdict.SUPPORTED
        return Verdict.NUMBERS


def says_nothing(text: str) -> bool:
    """A sentence that needs no source: too short to claim anything, or about the answer or its documents."""
    if _NO_CLAIM.search(text) or _ABOUT_ITSELF.search(text):
        return True
    return not re.search(r"\d", text) and sum(content(text).values()) < _LEAST_CONTENT and len(text) < 16


class _Taken:
    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    @cached_property
    def places(self) -> tuple[Place, ...]:
        whole, rest = cut(self._passage.text)
        parts = [part for part in (*whole, rest) if part.strip()] or [self._passage.text]
        title = self._passage.title
        return tuple(
            Place.of(f"{title}\n{''.join(parts[start : start + _WINDOW])}")
            for start in range(max(1, len(parts) - _WINDOW + 1))
        )


class _Claim:
    def __init__(self, text: str) -> None:
        self._text = normal(text)
        self._units = content(self._text)
        self._trigrams = _trigrams(self._text)
        self.numbers = numbers_of(self._text)

    def held_by(self, place: Place) -> float:
        found = sum(gram in place.text for gram in self._trigrams) / len(self._trigrams) if self._trigrams else 1.0
        return coverage(self._units, place.text) + found

    def terms_in(self, place: Place) -> bool:
        found = sum(gram in place.text for gram in self._trigrams)
        enough = found >= MIN_TRIGRAMS * len(self._trigrams)
        return enough and coverage(self._units, place.text) >= MIN_CONTENT


def _trigrams(text: str) -> set[str]:
    plain = re.sub(r"[^\w]", "", text)
    return {plain[i : i + 3] for i in range(len(plain) - 2)}
