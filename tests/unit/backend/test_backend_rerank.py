"""The reranking model: order, threshold, faults."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from backend_fakes import EXPENSES, LEAVE, FakeRetriever, error_or, passage, throttled, validated
from botocore.exceptions import ReadTimeoutError
from rag.clock import Deadline
from rag.domain import Passage
from rag.rerank import RerankingRetriever
from rag.rerank import request as rerank_request
from rag.retrieval_settings import (
    RerankSettings,
)

RERANK = RerankSettings("cohere.rerank-v3-5:0", 20, 0.0, 1.0)
ARN = "arn:aws:bedrock:ap-northeast-1::foundation-model/cohere.rerank-v3-5:0"


@dataclass
class Reranker:
    """bedrock-agent-runtime's Rerank; `gives` is the answer or an error."""

    gives: Any
    asked: list[dict[str, Any]] = field(default_factory=list)

    def rerank(self, **request: Any) -> Mapping[str, Any]:
        self.asked.append(request)
        answer: Mapping[str, Any] = error_or(self.gives)
        return answer


def results(*pairs: tuple[int, float]) -> dict[str, Any]:
    return {"results": [{"index": index, "relevanceScore": score} for index, score in pairs]}


def reranked(
    gives: Any, found: tuple[Passage, ...] = (EXPENSES, LEAVE), least: float = 0.0, most: int = 20, size: int = 5
) -> tuple[Passage, ...]:
    settings = RerankSettings(RERANK.model_id, most, least, 1.0)
    retriever = RerankingRetriever(FakeRetriever(found), settings, ARN, size, lambda: Reranker(gives))
    return retriever.retrieve("休暇は何日？", frozenset(), Deadline(10))


def test_the_model_s_order_and_scores_count() -> None:
    first, second = reranked(results((1, 0.9), (0, 0.2)))
    assert (first.document_id, first.score, second.document_id, second.score) == ("d2", 0.9, "d1", 0.2)


def test_what_scores_too_little_is_left_out() -> None:
    assert [p.document_id for p in reranked(results((1, 0.9), (0, 0.2)), least=0.5)] == ["d2"]
    assert reranked(results((1, 0.4), (0, 0.2)), least=0.5) == ()
    # What was not judged does not reach a threshold either.
    assert [p.document_id for p in reranked(results((0, 0.9)), least=0.5, most=1)] == ["d1"]


def test_what_was_not_judged_comes_behind() -> None:
    three = (EXPENSES, LEAVE, passage("d3"))
    assert [p.document_id for p in reranked(results((1, 0.9), (0, 0.2)), three, most=2)] == ["d2", "d1", "d3"]
    assert [p.document_id for p in reranked(results((1, 0.9)), three)] == ["d2", "d1", "d3"]
    assert len(reranked(results((1, 0.9)), three, size=2)) == 2


@pytest.mark.parametrize(
    ("gives", "reason"),
    [
        (throttled(), "ThrottlingException"),
        (ReadTimeoutError(endpoint_url="x"), "ReadTimeoutError"),
        ({}, "malformed response"),
        (results((2, 0.5)), "malformed response"),
        ({"results": [{"index": 0}]}, "malformed response"),
    ],
)
def test_without_the_model_the_order_stays(gives: Any, reason: str, logs: io.StringIO) -> None:
    assert reranked(gives) == (EXPENSES, LEAVE)
    assert reason in logs.getvalue()


def test_no_reranking_of_nothing_and_without_time() -> None:
    client = Reranker(results())
    for found, seconds in (((), 10.0), ((EXPENSES,), 1.0)):
        retriever = RerankingRetriever(FakeRetriever(found), RERANK, ARN, 5, lambda: client)
        assert retriever.retrieve("休暇", frozenset(), Deadline(seconds)) == found
    assert client.asked == []


def test_the_request_fits_the_api_s_model() -> None:
    validated("Rerank", rerank_request(ARN, "質問" * 5000, [passage("a"), Passage("b", "", "長" * 90_000, "", 0.0)]))
