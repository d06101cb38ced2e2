"""A reranking model over what another retriever found: Rerank of bedrock-agent-runtime.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html: one query, up to 1,000 sources
of up to 32,000 characters; results name a source by its index, best first. InvokeModel with each model's own body would
spare the second endpoint; Rerank has one form for every model, which the API reference binds.

Where the model fails or is not in time, the order stays as it was, and the log says `rerank_left_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from rag import log
from rag.aws_errors import AwsError, code_of
from rag.clock import Deadline
from rag.domain import Passage
from rag.ports import Retriever
from rag.retrieval_settings import RerankSettings

_QUERY_CHARS = 2000
_TEXT_CHARS = 4000
_LEAST_SECONDS = 0.2


class RerankClient(Protocol):
    """What is used of bedrock-agent-runtime."""

    def rerank(self, **request: Any) -> Mapping[str, Any]: ...


class RerankingRetriever:
    """The Retriever port. `found` hands on as many candidates as are to be reranked; at most `size` stay."""

    def __init__(
        self, found: Retriever, settings: RerankSettings, model_arn: str, size: int, client: Callable[[], RerankClient]
    ) -> None:
        self._found, self._settings, self._arn, self._size = found, settings, model_arn, size
        self._make_client = client
        self._client: RerankClient | None = None

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """The Retriever port."""
        found = self._found.retrieve(query, groups, deadline)
        return self._reranked(query, found, deadline)[: self._size]

    def _reranked(self, query: str, found: tuple[Passage, ...], deadline: Deadline) -> tuple[Passage, ...]:
        candidates, rest = found[: self._settings.candidates], found[self._settings.candidates :]
        if not candidates or not query.strip():
            return found
        if deadline.remaining() < self._settings.timeout_seconds + _LEAST_SECONDS:
            return _as_it_was(found, "no time left")
        if self._client is None:
            self._client = self._make_client()
        try:
            answer = self._client.rerank(**request(self._arn, query, candidates))
        except AwsError as error:
            return _as_it_was(found, code_of(error))
        scores = scores_of(answer, len(candidates))
        if scores is None:
            return _as_it_was(found, "malformed response")
        ordered = _by_score(candidates, scores, self._settings.min_score)
        # With a threshold, what was not judged is not known to reach it.
        return ordered if self._settings.min_score else ordered + rest


def request(model_arn: str, query: str, passages: Sequence[Passage]) -> dict[str, Any]:
    """The parameters of Rerank."""
    model = {"modelArn": model_arn}
    return {
        "queries": [{"type": "TEXT", "textQuery": {"text": query[:_QUERY_CHARS]}}],
        "sources": [_source(passage) for passage in passages],
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {"modelConfiguration": model, "numberOfResults": len(passages)},
        },
    }


def scores_of(answer: Mapping[str, Any], count: int) -> dict[int, float] | None:
    """Score by index; None where the answer is not one about `count` sources."""
    results = answer.get("results")
    if not isinstance(results, list):
        return None
    scores: dict[int, float] = {}
    for result in results:
        index, score = result.get("index"), result.get("relevanceScore")
        if not isinstance(index, int) or not isinstance(score, int | float) or not 0 <= index < count:
            return None
        scores.setdefault(index, float(score))
    return scores


def _by_score(passages: Sequence[Passage], scores: Mapping[int, float], least: float) -> tuple[Passage, ...]:
    """Best first; those that the model said nothing about come last, in their order."""
    places = sorted(range(len(passages)), key=lambda place: -scores.get(place, -1.0))
    if least:
        places = [place for place in places if scores.get(place, -1.0) >= least]
    return tuple(replace(passages[place], score=round(scores.get(place, 0.0), 4)) for place in places)


def _source(passage: Passage) -> dict[str, Any]:
    text = f"{passage.title}\n{passage.text}".strip()[:_TEXT_CHARS]
    return {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}


def _as_it_was(found: tuple[Passage, ...], reason: str) -> tuple[Passage, ...]:
    log.warning("rerank_left_out", reason=reason)
    return found
