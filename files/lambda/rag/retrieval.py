"""Which retriever answers: by words alone, or with what is switched on beside it. What is off is not even imported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from rag.credentials import Login
from rag.ports import Retriever
from rag.retrieval_settings import RetrievalSettings
from rag.search import SearchRetriever
from rag.settings import SearchSettings


class Clients(Protocol):
    """Makes AWS clients that give up after `seconds`, without retries of their own."""

    region: str

    def timed(self, service: str, seconds: float) -> Any: ...


def retriever(search: SearchSettings, more: RetrievalSettings, login: Login | None, clients: Clients) -> Retriever:
    """The Retriever port, as it is configured; no call is made."""
    rerank = more.rerank
    if not rerank:
        return _first(search, more, login, clients)
    from rag.rerank import RerankingRetriever

    wide = replace(search, size=max(search.size, rerank.candidates))
    arn = rerank.model_id
    if not arn.startswith("arn:"):
        arn = f"arn:aws:bedrock:{clients.region}::foundation-model/{arn}"
    found = _first(wide, more, login, clients)
    seconds = rerank.timeout_seconds
    return RerankingRetriever(found, rerank, arn, search.size, lambda: clients.timed("bedrock-agent-runtime", seconds))


def _first(search: SearchSettings, more: RetrievalSettings, login: Login | None, clients: Clients) -> Retriever:
    if base := more.knowledge_base:
        from rag.knowledge_base import KnowledgeBaseRetriever

        limit = base.timeout_seconds
        return KnowledgeBaseRetriever(base, search.size, lambda: clients.timed("bedrock-agent-runtime", limit))
    if not (vectors := more.vectors):
        return SearchRetriever(search, login)
    from rag.hybrid import HybridRetriever

    words = SearchRetriever(replace(search, size=max(search.size, vectors.candidates)), login)
    seconds = vectors.timeout_seconds
    return HybridRetriever(words, vectors, search.size, lambda: clients.timed("bedrock-runtime", seconds))
