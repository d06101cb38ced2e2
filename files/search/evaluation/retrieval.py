"""Runs the function's own retriever over the questions, on an index that the project's own ingestion made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local

from ingest import index as indices
from ingest import vectors
from ingest.embedding import Embedder, with_vectors
from ingest.login import region
from ingest.parts import Document, Part, digest_of
from ingest.server import IngestError, Server
from ingest.sync import Report, Todo, at_hand, synchronise
from rag.clock import Deadline
from rag.credentials import Login
from rag.ports import Retriever
from rag.retrieval import retriever
from rag.retrieval_settings import RetrievalSettings
from rag.settings import SearchSettings
from rag.wiring import AwsClients

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
    todo: Iterable[Todo] = (at_hand(document) for document in documents(data, titles=configuration.titles))
    field = vectors.FIELD
    if asked := configuration.more.vectors:
        if reason := vectors.missing(server):
            raise IngestError(reason)
        todo, field = with_vectors(todo, Embedder.of_bedrock(asked.model_id, asked.dimensions)), asked.field
    report = synchronise(server, target.name, COLLECTION, todo, vector_field=field)
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
    more: RetrievalSettings,
    login: Login | None,
    questions: Sequence[Asked],
    progress: Callable[[int], None] = lambda _count: None,
) -> list[Ranking]:
    """What the retriever finds for each question; each thread has a retriever of its own, as each container has."""
    own = local()

    def ask(asked: Asked) -> Ranking:
        if not hasattr(own, "retriever"):
            own.retriever = retriever_of(settings, more, login)
        ranking = _ask(own.retriever, asked)
        progress(1)
        return ranking

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(ask, questions))


def retriever_of(settings: SearchSettings, more: RetrievalSettings, login: Login | None) -> Retriever:
    """The one that the function would have, with the region and the credentials of the environment."""
    return retriever(settings, more, login, aws_clients())


def aws_clients() -> AwsClients:
    """With the region and the credentials of the environment."""
    return AwsClients(region())


def latencies(
    settings: SearchSettings, more: RetrievalSettings, login: Login | None, questions: Sequence[Asked]
) -> list[float]:
    """Seconds of a search, second stage and all, one question at a time on a warm connection."""
    retriever = retriever_of(settings, more, login)
    return [_ask(retriever, asked).seconds for asked in questions[: _TIMED + 1]][1:]


def _ask(retriever: Retriever, asked: Asked) -> Ranking:
    begun = time.perf_counter()
    found = retriever.retrieve(asked.question, frozenset(), Deadline(_SECONDS))
    seconds = time.perf_counter() - begun
    # A document in several parts counts once, at its best place.
    return Ranking(asked.qid, asked.pid or "", tuple(dict.fromkeys(passage.source for passage in found)), seconds)
