"""The Retriever port on Amazon Bedrock Knowledge Bases (Retrieve of bedrock-agent-runtime).

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Retrieve.html. Who may read what is part of
the query, as a filter on the metadata attribute with the groups. No filter says 'has no such attribute', so a
document for everyone has to bear the word for it; one without the attribute is found by nobody.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rag import log
from rag.aws_errors import AwsError, code_of
from rag.circuit import Circuit
from rag.clock import Deadline
from rag.domain import Passage
from rag.errors import SearchTimeoutError, SearchUnavailableError
from rag.retrieval_settings import KnowledgeBaseSettings
from rag.text import one_line, visible

# Bedrock User Guide, 'Configure and customize queries', metadata filters: a group holds up to 5 conditions, and may
# stand in one other group.
_MOST_TOGETHER = 5
_MOST_GROUPS = _MOST_TOGETHER**2
_QUERY_CHARS = 2000
_MOST_RESULTS = 100
_LEAST_SECONDS = 0.2
_TIMEOUTS = frozenset({"ReadTimeoutError", "ConnectTimeoutError"})
# By RetrievalResultLocation: where each kind says it.
_PLACES = ("uri", "url", "id")


class RetrieveClient(Protocol):
    """What is used of bedrock-agent-runtime."""

    def retrieve(self, **request: Any) -> Mapping[str, Any]: ...


class KnowledgeBaseRetriever:
    """The Retriever port; `size` passages at most."""

    def __init__(self, settings: KnowledgeBaseSettings, size: int, client: Callable[[], RetrieveClient]) -> None:
        self._settings, self._size = settings, size
        self._make_client = client
        self._client: RetrieveClient | None = None
        self._circuit = Circuit()

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """The Retriever port."""
        if deadline.remaining() < _LEAST_SECONDS:
            raise SearchTimeoutError("no time left")
        with self._circuit.call():
            answer = self._ask(request(self._settings, query, groups, self._size))
        readable = groups | {self._settings.everyone}
        found = (passage_of(result, self._settings) for result in answer.get("retrievalResults") or [])
        return tuple(
            passage
            for passage in found
            if passage and passage.score >= self._settings.min_score and passage.groups & readable
        )

    def _ask(self, wanted: dict[str, Any]) -> Mapping[str, Any]:
        if self._client is None:
            self._client = self._make_client()
        try:
            return self._client.retrieve(**wanted)
        except AwsError as error:
            code = code_of(error)
            kind = SearchTimeoutError if code in _TIMEOUTS else SearchUnavailableError
            raise kind(f"knowledge base: {code}") from error


def request(settings: KnowledgeBaseSettings, query: str, groups: frozenset[str], size: int) -> dict[str, Any]:
    """The parameters of Retrieve."""
    search: dict[str, Any] = {
        "numberOfResults": min(size, _MOST_RESULTS),
        "filter": readable_by(groups, settings.groups_key, settings.everyone),
    }
    if settings.search_type:
        search["overrideSearchType"] = settings.search_type
    return {
        "knowledgeBaseId": settings.knowledge_base_id,
        "retrievalQuery": {"text": one_line(query)[:_QUERY_CHARS]},
        "retrievalConfiguration": {"vectorSearchConfiguration": search},
    }


def readable_by(groups: frozenset[str], key: str, everyone: str) -> dict[str, Any]:
    """The filter of what these groups may read: lists that contain one of them, or the word for everyone.

    Of more groups than a filter can hold the first by name count; that finds less, never more.
    """
    words = [everyone, *sorted(groups - {everyone})]
    if len(words) > _MOST_GROUPS:
        log.warning("groups_left_out", given=len(words), used=_MOST_GROUPS)
    conditions = [{"listContains": {"key": key, "value": word}} for word in words[:_MOST_GROUPS]]
    bundles = [conditions[start : start + _MOST_TOGETHER] for start in range(0, len(conditions), _MOST_TOGETHER)]
    joined = [_any_of(bundle) for bundle in bundles]
    return _any_of(joined)


def passage_of(result: Mapping[str, Any], settings: KnowledgeBaseSettings) -> Passage | None:
    """One result; None where it holds no text."""
    text = visible(str((result.get("content") or {}).get("text") or "")).strip()
    if not text:
        return None
    metadata = result.get("metadata") or {}
    source = one_line(visible(_place(result.get("location") or {}) or str(metadata.get(_SOURCE, ""))))
    title = one_line(visible(str(metadata.get(settings.title_key, ""))))
    groups = metadata.get(settings.groups_key) or []
    return Passage(
        document_id=str(metadata.get(_CHUNK, "")) or f"{source}#{zlib.crc32(text.encode()):08x}",
        title=title or source.rpartition("/")[2] or source,
        text=text,
        source=source,
        score=float(result.get("score") or 0.0),
        groups=frozenset(map(str, groups)) if isinstance(groups, list) else frozenset({str(groups)}),
    )


# Reserved metadata that the service adds (Bedrock User Guide, 'Query a knowledge base and retrieve data').
_SOURCE, _CHUNK = "x-amz-bedrock-kb-source-uri", "x-amz-bedrock-kb-chunk-id"


def _place(location: Mapping[str, Any]) -> str:
    for kind in location.values():
        if isinstance(kind, Mapping):
            return next((str(kind[name]) for name in _PLACES if kind.get(name)), "")
    return ""


def _any_of(conditions: list[dict[str, Any]]) -> dict[str, Any]:
    """`orAll` takes two or more."""
    return conditions[0] if len(conditions) == 1 else {"orAll": conditions}
