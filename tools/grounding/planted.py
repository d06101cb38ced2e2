"""Answers of which is known whether their passages support them, made from real passages. Seeded; no model."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHOWN = 5
"""Passages of one answer, as the function gives to the model."""
LEAST_CHARACTERS, MOST_CHARACTERS = 12, 140


class Kind(StrEnum):
    """What is wrong with an answer; SUPPORTED: nothing."""

    SUPPORTED = "supported"
    INVENTED = "invented id"
    NUMBER = "swapped number"
    FOREIGN = "foreign passage"
    UNCITED = "uncited claim"


WRONG = (Kind.INVENTED, Kind.NUMBER, Kind.FOREIGN, Kind.UNCITED)


@dataclass(frozen=True)
class Text:
    """A passage, with the questions that it answers where they are known."""

    title: str
    text: str
    questions: tuple[tuple[str, str], ...] = ()

    @property
    def sentences(self) -> list[str]:
        parts = [part.strip() for part in re.split(r"(?<=。)|\n", self.text)]
        return [part for part in parts if LEAST_CHARACTERS <= len(part) <= MOST_CHARACTERS and part.endswith("。")]


@dataclass(frozen=True)
class Planted:
    kind: Kind
    passages: tuple[Text, ...]
    answer: str


class Planter:
    """Every answer has up to two sentences; in a wrong one exactly one of them is wrong."""

    def __init__(self, texts: Sequence[Text], seed: int) -> None:
        self._texts = [text for text in texts if text.sentences]
        self._numbered = [text for text in self._texts if any(_NUMBER.search(one) for one in text.sentences)]
        self._random = random.Random(seed)

    def answers(self, count: int) -> Iterator[Planted]:
        """Half of them supported, the rest of every wrong kind alike."""
        for number in range(count):
            yield self.plant(Kind.SUPPORTED if number % 2 == 0 else WRONG[number // 2 % len(WRONG)])

    def plant(self, kind: Kind) -> Planted:
        text = self._random.choice(self._numbered if kind is Kind.NUMBER else self._texts)
        passages = self._beside(text)
        place = passages.index(text) + 1
        claim = self._claim(text, numbered=kind is Kind.NUMBER)
        made = self._wrong(kind, claim, passages, place)
        while made is None:
            return self.plant(kind)
        sentences = [made]
        if self._random.random() < 0.5:
            sentences.insert(self._random.randrange(2), _cited(self._claim(text), place))
        return Planted(kind, passages, "".join(sentences))

    def _beside(self, text: Text) -> tuple[Text, ...]:
        """The passage among others: of the same title as far as there are any, since search finds those too."""
        near = [other for other in self._texts if other.title == text.title and other.text != text.text]
        far = [other for other in self._texts if other.title != text.title]
        chosen = self._random.sample(near, min(len(near), SHOWN // 2))
        chosen += self._random.sample(far, min(len(far), SHOWN - 1 - len(chosen)))
        passages = [text, *chosen]
        self._random.shuffle(passages)
        return tuple(passages)

    def _claim(self, text: Text, *, numbered: bool = False) -> str:
        """A sentence that the passage supports: its own, in a model's manner, or the answer to a question about it."""
        told = (
            [] if numbered else [claim for question, answer in text.questions if (claim := told_as(question, answer))]
        )
        if told and self._random.random() < 0.4:
            return self._random.choice(told)
        sentence = self._random.choice([one for one in text.sentences if not numbered or _NUMBER.search(one)])
        return self._random.choice(MANNERS)(sentence)

    def _wrong(self, kind: Kind, claim: str, passages: tuple[Text, ...], place: int) -> str | None:
        """The sentence with its citation; None where this claim cannot be made wrong in this way."""
        if kind is Kind.INVENTED:
            return _cited(claim, len(passages) + self._random.randint(1, 20))
        if kind is Kind.UNCITED:
            return claim
        if kind is Kind.NUMBER:
            return self._swapped(claim, passages[place - 1], place)
        if kind is Kind.FOREIGN:
            others = [n for n, other in enumerate(passages, 1) if n != place and claim[:8] not in other.text]
            return _cited(claim, self._random.choice(others)) if others else None
        return _cited(claim, place)

    def _swapped(self, claim: str, text: Text, place: int) -> str | None:
        """One number for another: of the same passage where it has one, else a near one."""
        found = self._random.choice(list(_NUMBER.finditer(claim)) or [None])
        if found is None:
            return None
        others = sorted({number for number in _NUMBER.findall(text.text) if number not in claim})
        near = str(int(found[0]) + self._random.choice([1, 2, 5, 10]))
        other = self._random.choice(others) if others and self._random.random() < 0.5 else near
        wrong = claim[: found.start()] + other + claim[found.end() :]
        return None if wrong[found.start() : found.start() + len(other) + 2] in text.text else _cited(wrong, place)


_NUMBER = re.compile(r"(?<![\d.,])\d{1,9}(?![\d.,])")
_ASKED = re.compile(r"(どこ|誰|だれ|何|なに|いつ|いくつ|どの国|どれ)(?:です|でしょう)?か?[。？?]?$")
_POLITE = (
    ("であった。", "でした。"),
    ("である。", "です。"),
    ("された。", "されました。"),
    ("れている。", "れています。"),
    ("した。", "しました。"),
    ("いる。", "います。"),
    ("する。", "します。"),
    ("った。", "ったとされます。"),
)


def told_as(question: str, answer: str) -> str:
    """A question that ends with its question word, told with the answer in that place; "" for others."""
    found = _ASKED.search(question.strip())
    return f"{question[: found.start()]}{answer}です。" if found else ""


def polite(sentence: str) -> str:
    for end, instead in _POLITE:
        if sentence.endswith(end):
            return sentence.removesuffix(end) + instead
    return sentence


def without_brackets(sentence: str) -> str:
    return polite(re.sub(r"（[^（）]*）", "", sentence))


def shortened(sentence: str) -> str:
    """Without its first clause, where enough is left."""
    head, comma, rest = sentence.partition("、")
    return polite(rest) if comma and len(rest) >= len(head) + LEAST_CHARACTERS else polite(sentence)


MANNERS = (str, polite, without_brackets, shortened)


def _cited(claim: str, number: int) -> str:
    return f"{claim.removesuffix('。')} [{number}]。"
