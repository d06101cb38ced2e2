"""Knowledge bases: passages, groups inside of the query, faults."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from backend_fakes import error_or, throttled, validated
from botocore.exceptions import ReadTimeoutError
from rag.clock import Deadline
from rag.domain import Passage
from rag.errors import SearchTimeoutError, SearchUnavailableError
from rag.knowledge_base import KnowledgeBaseRetriever, readable_by
from rag.retrieval_settings import (
    KnowledgeBaseSettings,
)

BASE = KnowledgeBaseSettings("LOCALKB001", "groups", "everyone", "title", "", 0.0, 1.0)


@dataclass
class Base:
    """bedrock-agent-runtime's Retrieve; `gives` is the answer or an error."""

    gives: Any
    asked: list[dict[str, Any]] = field(default_factory=list)

    def retrieve(self, **request: Any) -> Mapping[str, Any]:
        self.asked.append(request)
        answer: Mapping[str, Any] = error_or(self.gives)
        return answer


def result(text: str, groups: Any, score: float = 0.8, **metadata: Any) -> dict[str, Any]:
    return {
        "content": {"type": "TEXT", "text": text},
        "location": {"type": "S3", "s3Location": {"uri": "s3://docs/規程/旅費.md"}},
        "metadata": {**({"groups": groups} if groups is not None else {}), **metadata},
        "score": score,
    }


def from_base(client: Base, *groups: str, least: float = 0.0, search_type: str = "") -> tuple[Passage, ...]:
    settings = KnowledgeBaseSettings("LOCALKB001", "groups", "everyone", "title", search_type, least, 1.0)
    return KnowledgeBaseRetriever(settings, 5, lambda: client).retrieve("宿泊費は？", frozenset(groups), Deadline(10))


def test_results_become_passages() -> None:
    found = from_base(Base({"retrievalResults": [result("上限は12,000円。", ["everyone"], title="旅費規程")]}))
    assert [(p.title, p.text, p.source, p.score) for p in found] == [
        ("旅費規程", "上限は12,000円。", "s3://docs/規程/旅費.md", 0.8)
    ]
    (untitled,) = from_base(Base({"retrievalResults": [result("文", ["everyone"])]}))
    assert untitled.title == "旅費.md"


def test_the_groups_are_a_filter_of_the_query() -> None:
    client = Base({"retrievalResults": []})
    from_base(client)
    from_base(client, "hr", "board", search_type="HYBRID")
    searches = [each["retrievalConfiguration"]["vectorSearchConfiguration"] for each in client.asked]
    everyone, board, hr = ({"listContains": {"key": "groups", "value": word}} for word in ("everyone", "board", "hr"))
    assert searches[0] == {"numberOfResults": 5, "filter": everyone}
    assert searches[1]["filter"] == {"orAll": [everyone, board, hr]}
    assert searches[1]["overrideSearchType"] == "HYBRID"


def test_a_filter_holds_five_times_five_groups_and_says_what_it_leaves_out(logs: io.StringIO) -> None:
    wanted = readable_by(frozenset(f"g{n:02d}" for n in range(40)), "groups", "everyone")
    assert [len(bundle["orAll"]) for bundle in wanted["orAll"]] == [5] * 5
    assert "groups_left_out" in logs.getvalue()
    assert wanted["orAll"][0]["orAll"][0]["listContains"]["value"] == "everyone"


@pytest.mark.parametrize("groups", [None, [], ["board"], "board"])
def test_what_the_filter_should_have_kept_back_is_not_handed_on(groups: Any) -> None:
    assert from_base(Base({"retrievalResults": [result("秘密", groups)]}), "hr") == ()


def test_a_threshold_and_empty_results() -> None:
    found = [result("高", ["everyone"], 0.9), result("低", ["everyone"], 0.2), result(" ", ["everyone"])]
    assert [p.text for p in from_base(Base({"retrievalResults": found}), least=0.5)] == ["高"]
    assert from_base(Base({})) == ()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (throttled(), SearchUnavailableError),
        (ReadTimeoutError(endpoint_url="x"), SearchTimeoutError),
    ],
)
def test_a_failing_knowledge_base_is_a_failing_search(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="knowledge base: "):
        from_base(Base(error))


def test_a_knowledge_base_that_is_down_is_not_waited_for() -> None:
    client = Base(throttled())
    retriever = KnowledgeBaseRetriever(BASE, 5, lambda: client)
    for _each in range(5):
        with pytest.raises(SearchUnavailableError):
            retriever.retrieve("宿泊費", frozenset(), Deadline(10))
    assert len(client.asked) == 3


def test_the_filter_fits_the_api_s_model() -> None:
    for count in (0, 1, 5, 30):
        wanted = readable_by(frozenset(f"g{n}" for n in range(count)), "groups", "everyone")
        validated(
            "Retrieve",
            {
                "knowledgeBaseId": "LOCALKB001",
                "retrievalQuery": {"text": "質問"},
                "retrievalConfiguration": {"vectorSearchConfiguration": {"filter": wanted}},
            },
        )
