"""The stand-in's answer: the sentences of the passages that share most with the question. Pure, no model.

It never makes a statement of its own, says in every answer that it is a stand-in, and says that the documents
do not tell where too little of the question occurs in any passage.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from local_cloud.data.bedrock.prompt import Passage, Prompt
from local_cloud.data.onprem.bm25 import terms

MARK = {
    "ja": "（ローカル環境の代替モデルによる回答です）",
    "en": "(Answer by the stand-in model of the local environment)",
}
NOTHING = {
    "ja": "ご質問への回答は、提示された社内文書には記載されていません。",
    "en": "The documents provided do not say anything about this.",
}
SENTENCES = 3
LEAST_COVERAGE = 0.34
"""Share of the question's terms that a passage must hold to be answered from."""
CLOSE = 0.6
"""A further sentence is quoted if it scores at least this share of the best one."""

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
# What a question is about stands in kanji, katakana, Latin script and digits; hiragana is grammar.
RUNS = re.compile(r"[一-鿿々]+|[ァ-ヶー]+|[a-z0-9_]+")
ASKING = re.compile(r"方法|場合|必要|質問|何[日時人円分件回]|教え|下さい|知りた")
ENGLISH = re.compile(
    r"\b(?:an?|and|are|as|at|be|by|can|could|do|does|for|from|how|i|in|is|it|me|my|of|on|or|our|please|should"
    r"|tell|that|the|their|there|this|to|was|we|what|when|where|which|who|why|will|with|would|you|your)\b"
)
ENDS = re.compile(r"(?<=[。！？!?])|(?<=\.)\s+|\n+")


@dataclass(frozen=True)
class _Sentence:
    score: float
    passage: Passage
    order: int
    text: str


def answer(prompt: Prompt) -> str:
    """The text of the stand-in's answer to a prompt, in the question's language."""
    language = "ja" if JAPANESE.search(prompt.question) else "en"
    quoted = quotations(prompt)
    said = "\n".join(f"{s.text} [{s.passage.id}]" for s in quoted) if quoted else NOTHING[language]
    return f"{MARK[language]}\n{said}"


def quotations(prompt: Prompt) -> list[_Sentence]:
    """The sentences to quote, in reading order; empty where nothing fits."""
    wanted = content_terms(prompt.question)
    candidates = []
    for passage in prompt.passages:
        covered = coverage(wanted, f"{passage.title}\n{passage.text}")
        if covered >= LEAST_COVERAGE:
            candidates += _scored(wanted, passage, covered)
    if not candidates:
        return []
    ranked = sorted(candidates, key=lambda s: (-s.score, s.order))
    best = [s for s in ranked[:SENTENCES] if s.score >= CLOSE * ranked[0].score]
    return sorted(best, key=lambda s: (ranked.index(s) if s.passage != ranked[0].passage else -1, s.order))


def _scored(wanted: set[str], passage: Passage, covered: float) -> list[_Sentence]:
    parts = [part.strip() for part in ENDS.split(passage.text) if part and part.strip()]
    usable = [p for p in parts if not p.startswith("#")] or parts
    return [_Sentence(coverage(wanted, part) + covered, passage, n, part) for n, part in enumerate(usable)]


def content_terms(question: str) -> set[str]:
    """Words, and pairs of Japanese characters, that say what the question is about.

    >>> sorted(content_terms("VPNの接続方法を教えてください"))
    ['vpn', '接続']
    """
    plain = unicodedata.normalize("NFKC", question).lower()
    runs = RUNS.findall(ENGLISH.sub(" ", ASKING.sub(" ", plain)))
    found = {term for run in runs for term in terms(run)}
    return {term for term in found if len(term) > 1} or found


def coverage(wanted: set[str], text: str) -> float:
    """Which share of the wanted terms occurs in the text, 0 to 1."""
    return len(wanted & set(terms(text))) / len(wanted) if wanted else 0.0
