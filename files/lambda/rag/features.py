"""What speaks for a passage, as numbers: how much of the question it holds, how closely together, and of what kind.

Pure functions on folded text (`rag.text.fold`). Rare parts of the question weigh more; how rare a part is, is
counted in the candidates themselves, so that what all of them share (mostly the subject) does not decide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

NAMES = (
    "score_ratio",
    "score_gap",
    "first_rank",
    "unigrams",
    "trigrams",
    "terms",
    "numbers",
    "matched_runs",
    "best_sentence_terms",
    "best_window",
    "window_trigrams",
    "title_share",
    "title_named",
    "kind_in_sentence",
    "kind_in_passage",
    "counter_in_sentence",
    "place_in_sentence",
    "length",
)

_KANJI = "\u3005\u3006\u3400-\u4dbf\u4e00-\u9fff"
_TERM = re.compile(f"[{_KANJI}]+|[\u30a1-\u30fa\u30fc]+|[a-z]+|\\d+(?:[.,]\\d+)*")
_PIECE = re.compile("[\\w\u30fc]+")
_HIRAGANA = re.compile("[\u3040-\u309f]+")
_ENDS = "！？!?\n"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WINDOW, _STEP = 100, 50
# The work grows with both; a passage of the ingestion is far shorter.
_LONGEST_QUESTION, _LONGEST_TEXT = 120, 4000

# What is asked for, and what a passage that answers it contains.
_KINDS = (
    (
        re.compile("いつ|何年|何月|何日|何世紀|何時|時期|年代|年は|西暦"),
        re.compile(r"\d+年|\d+月|\d+日|世紀|\d+時|時代|昭和|平成|令和|明治|大正"),
    ),
    (
        re.compile(
            "いくつ|いくら|どのくらい|どれくらい|どれだけ|何[人個回度%種本台倍歳番位円件点名席m]|何メートル|何キロ"
            "|割合|人口|面積"
        ),
        re.compile(r"\d|[一二三四五六七八九十百千万数両半]+[人個つ種度年回割倍分]"),
    ),
    (
        re.compile("誰|だれ|人物|人は|何者|者は"),
        re.compile("氏|王|帝|[ァ-ヴー]+・[ァ-ヴー]+|大統領|首相|者|家|博士|教授"),
    ),
)
_COUNTER = re.compile(f"(?:何|いくつの)([a-z%{_KANJI}]|メートル|キロ|パーセント|カ国|ヶ国|か国|つ)")
_PLACE = re.compile("どこ|どの国|どの地|場所|何県|何市|何州|国は")
_PLACES = re.compile("[国県市州町村島区郡駅川山]|都|地方|[ァ-ヴー]{3,}")


Parts = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage of the first stage, folded, with its score there."""

    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Parts of the question with their weights, the sum of those, and the parts that each candidate holds."""

    weights: dict[str, float]
    total: float
    held: tuple[Parts, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question taken apart, weighed by the candidates."""

    text: str
    unigrams: Weighed
    bigrams: Weighed
    trigrams: Weighed
    content_bigrams: Weighed
    terms: Weighed
    numbers: frozenset[str]
    kind: re.Pattern[str] | None
    counter: re.Pattern[str] | None
    place: bool


def rows(question: str, candidates: Sequence[Candidate]) -> list[list[float]]:
    """One row of features (in the order of NAMES) for each candidate; candidates come best first."""
    if not candidates:
        return []
    texts = [candidate.text[:_LONGEST_TEXT] for candidate in candidates]
    wholes = [f"{candidate.title}\n{text}" for candidate, text in zip(candidates, texts, strict=True)]
    asked = _take_apart(question[:_LONGEST_QUESTION], wholes)
    top = max(candidate.score for candidate in candidates) or 1.0
    lengths = [math.log(len(whole) + 20) for whole in wholes]
    mean = sum(lengths) / len(lengths)
    return [
        [
            candidate.score / top,
            (candidate.score - top) / 10,
            1.0 / (rank + 1),
            *_of_passage(asked, rank, candidate.title, texts[rank], wholes[rank]),
            lengths[rank] - mean,
        ]
        for rank, candidate in enumerate(candidates)
    ]


def _take_apart(question: str, wholes: Sequence[str]) -> Asked:
    pieces = _PIECE.findall(question)
    bigrams = _weigh(_grams(pieces, 2), wholes)
    content = {gram for gram in bigrams.weights if not _HIRAGANA.fullmatch(gram)}
    counter = _COUNTER.search(question)
    return Asked(
        text="".join(pieces),
        unigrams=_weigh(_grams(pieces, 1), wholes),
        bigrams=bigrams,
        trigrams=_weigh(_grams(pieces, 3), wholes),
        content_bigrams=_part(bigrams, content),
        terms=_weigh(set(_TERM.findall(question)) - {"何", "誰"}, wholes),
        numbers=frozenset(_NUMBER.findall(question)),
        kind=next((wanted for asking, wanted in _KINDS if asking.search(question)), None),
        counter=re.compile(f"[\\d一二三四五六七八九十百千万数]{re.escape(counter[1])}") if counter else None,
        place=bool(_PLACE.search(question)),
    )


def _grams(pieces: Sequence[str], size: int) -> set[str]:
    return {piece[start : start + size] for piece in pieces for start in range(len(piece) - size + 1)}


def _weigh(units: set[str], wholes: Sequence[str]) -> Weighed:
    count = len(wholes)
    weights: dict[str, float] = {}
    held: tuple[Parts, ...] = tuple([] for _whole in wholes)
    for unit in sorted(units):
        holding = [rank for rank, whole in enumerate(wholes) if unit in whole]
        found = len(holding)
        weight = math.log(1 + (count - found + 0.5) / (found + 0.5)) if found else 0.5
        weights[unit] = weight
        for rank in holding:
            held[rank].append((unit, weight))
    return Weighed(weights, sum(weights.values()), held)


def _part(weighed: Weighed, units: set[str]) -> Weighed:
    weights = {unit: weighed.weights[unit] for unit in sorted(units)}
    held = tuple([pair for pair in parts if pair[0] in units] for parts in weighed.held)
    return Weighed(weights, sum(weights.values()), held)


def _share(weighed: Weighed, rank: int, text: str) -> float:
    """How much of the question's parts a piece of the candidate holds: only what the whole holds need be looked for."""
    if not weighed.total:
        return 0.0
    return sum([weight for unit, weight in weighed.held[rank] if unit in text]) / weighed.total


def _share_of_whole(weighed: Weighed, rank: int) -> float:
    return sum([weight for _unit, weight in weighed.held[rank]]) / weighed.total if weighed.total else 0.0


def _of_passage(asked: Asked, rank: int, title: str, text: str, whole: str) -> list[float]:
    best, near = _best_sentence(asked.bigrams, rank, text)
    window, window_share = _best_window(asked.content_bigrams, rank, text)
    numbers = set(_NUMBER.findall(whole)) if asked.numbers else set()
    return [
        _share_of_whole(asked.unigrams, rank),
        _share_of_whole(asked.trigrams, rank),
        _share_of_whole(asked.terms, rank),
        len(asked.numbers & numbers) / len(asked.numbers) if asked.numbers else 0.0,
        _matched_runs(asked.text, whole),
        _share(asked.terms, rank, near),
        window_share,
        _share(asked.trigrams, rank, window),
        _share(asked.bigrams, rank, title),
        float(bool(title) and title in asked.text),
        float(bool(asked.kind and asked.kind.search(best))),
        float(bool(asked.kind and asked.kind.search(whole))),
        float(bool(asked.counter and asked.counter.search(near))),
        float(bool(asked.place and _PLACES.search(best))),
    ]


def _best_sentence(units: Weighed, rank: int, text: str) -> tuple[str, str]:
    """The sentence that holds most of the question, and the same with the one before it, which it may lean on."""
    sentences = _sentences(text) or [""]
    place, _share_of_it = _best(units, rank, sentences)
    return sentences[place], "".join(sentences[max(0, place - 1) : place + 1])


def _sentences(text: str) -> list[str]:
    """A tenth of what a regular expression takes; nothing here looks at more characters."""
    for end in _ENDS:
        text = text.replace(end, "。")
    return [part for part in text.split("。") if part]


def _best_window(units: Weighed, rank: int, text: str) -> tuple[str, float]:
    windows = [text[start : start + _WINDOW] for start in range(0, max(1, len(text) - _STEP), _STEP)]
    place, share = _best(units, rank, windows)
    return windows[place], share


def _best(units: Weighed, rank: int, pieces: Sequence[str]) -> tuple[int, float]:
    """The first piece of the candidate with the largest share, and the share."""
    held, total = units.held[rank], units.total
    if not held:
        return 0, 0.0
    shares = [sum([weight for unit, weight in held if unit in piece]) / total for piece in pieces]
    most = max(shares)
    return shares.index(most), most


def _matched_runs(question: str, text: str) -> float:
    """How much of the question stands in the text in long unbroken runs: 1 where it stands there whole."""
    squares, start = 0, 0
    while start < len(question):
        end = start + 1
        while end <= len(question) and question[start:end] in text:
            end += 1
        size = end - 1 - start
        squares += size * size if size >= 2 else 0
        start += max(1, size)
    return math.sqrt(squares) / (len(question) or 1)
