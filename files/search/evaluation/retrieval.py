"""Runs the function's own retriever over the questions, on an index that the project's own ingestion made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

from ingest import index as indices
from ingest.parts import Document, Part, digest_of
from ingest.server import Server
from ingest.sync import Report, at_hand, synchronise
from rag.clock import Deadline
from rag.credentials import Login
from rag.search import SearchRetriever
from rag.settings import SearchSettings

from evaluation.configuration import Configuration
from evaluation.data import Asked, Data
from evaluation.metrics import Ranking

COLLECTION = "evaluation"
_SECONDS = 30.0
_THREADS = 2
_TIMED = 200
"""Questions asked once more, one after the other, to time them undisturbed."""


def make_index(server: Server, data: Data, configuration: Configuration) -> tuple[str, Report]:
    """The alias of an index with the data's passages, one passage a document, made as every index is."""
    key = hashlib.sha256(repr(configuration.index_key).encode()).hexdigest()[:8]
    alias = f"evaluation-{key}"
    target = indices.prepare(server, alias, configuration.wanted)
    todo = (at_hand(document) for document in documents(data, titles=configuration.titles))
    report = synchronise(server, target.name, COLLECTION, todo)
    indices.refresh(server, target.name)
    indices.publish(server, target)
    return alias, report


def documents(data: Data, *, titles: bool) -> Iterator[Document]:
    """One passage, one document; `titles` False leaves them out."""
    for passage in data.documents:
        title = passage.title if titles else ""
        yield Document(passage.pid, digest_of(title, passage.text), (), (Part(title, passage.text),))


def rank(
    settings: SearchSettings,
    login: Login | None,
    questions: Sequence[Asked],
    progress: Callable[[int], None] = lambda _count: None,
) -> list[Ranking]:
    """What the retriever finds for each question; each thread has a retriever of its own, as each container has."""
    own = local()

    def ask(asked: Asked) -> Ranking:
        if not hasattr(own, "retriever"):
            own.retriever = SearchRetriever(settings, login)
        ranking = _ask(own.retriever, asked)
        progress(1)
        return ranking

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(ask, questions))


def latencies(settings: SearchSettings, login: Login | None, questions: Sequence[Asked]) -> list[float]:
    """Seconds of a search, second stage and all, one question at a time on a warm connection."""
    retriever = SearchRetriever(settings, login)
    return [_ask(retriever, asked).seconds for asked in questions[: _TIMED + 1]][1:]


def _ask(retriever: SearchRetriever, asked: Asked) -> Ranking:
    begun = time.perf_counter()
    found = retriever.retrieve(asked.question, frozenset(), Deadline(_SECONDS))
    seconds = time.perf_counter() - begun
    # A document in several parts counts once, at its best place.
    return Ranking(asked.qid, asked.pid or "", tuple(dict.fromkeys(passage.source for passage in found)), seconds)
