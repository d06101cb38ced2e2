"""Okapi BM25 over words, and over unigrams and bigrams of Japanese. Pure; for a few hundred documents."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

# The values of files/search/index.json.
K1, B = 0.6, 0.5
CJK = "々〆ぁ-ヿ㐀-䶿一-鿿가-힯"
RUNS = re.compile(rf"[{CJK}]+|[^\W{CJK}]+")
IS_CJK = re.compile(rf"[{CJK}]")


def terms(text: str) -> list[str]:
    """What a text is found by: whole words of Latin script; every character and pair of Japanese.

    >>> terms("VPN接続")
    ['vpn', '接', '接続', '続']
    """
    found: list[str] = []
    for run in RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if IS_CJK.match(run):
            for start in range(len(run)):
                found.append(run[start])
                if start + 1 < len(run):
                    found.append(run[start : start + 2])
        else:
            found.append(run)
    return found


def scores(query: str, fields: Mapping[str, Counter[str]]) -> dict[str, float]:
    """Score of every document (by id) that shares a term with the query; `fields` holds its term counts."""
    wanted = set(terms(query))
    holding = {term: [i for i, counts in fields.items() if term in counts] for term in wanted}
    lengths = {i: counts.total() for i, counts in fields.items()}
    average = sum(lengths.values()) / len(lengths) if lengths else 1.0
    found: dict[str, float] = {}
    for term, ids in holding.items():
        weight = idf(len(fields), len(ids))
        for i in ids:
            count = fields[i][term]
            norm = K1 * (1 - B + B * lengths[i] / (average or 1.0))
            found[i] = found.get(i, 0.0) + weight * count / (count + norm)
    return found


def idf(documents: int, holding: int) -> float:
    """Lucene's BM25Similarity.idf."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def count(texts: Iterable[str]) -> Counter[str]:
    """Term counts of a field that may hold several texts."""
    return Counter(term for text in texts for term in terms(text))
