"""The search request and answer as plain data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rag import search_query
from rag.domain import Passage
from rag.search_query import Names

NAMES = Names("title", "text", "source")
TEXT = {"type": "text"}
KEYWORD = {"type": "keyword"}


def mapping(*indices: dict[str, Any]) -> dict[str, Any]:
    return {f"index-{n}": {"mappings": {"properties": fields}} for n, fields in enumerate(indices)}


COMBINED = {"title": TEXT, "text": TEXT, "body": TEXT | {"fields": {"ja": TEXT, "raw": KEYWORD}}}
DYNAMIC = {"title": TEXT | {"fields": {"keyword": KEYWORD}}, "text": TEXT | {"fields": {"keyword": KEYWORD}}}


@pytest.mark.parametrize(
    ("found", "fields"),
    [
        (mapping(COMBINED), ("body", "body.ja")),
        (mapping(COMBINED, COMBINED), ("body", "body.ja")),
        (mapping(COMBINED, {"body": TEXT}), ("body",)),
        (mapping(COMBINED, DYNAMIC), ("title^1.5", "text")),
        (mapping({"body": KEYWORD}), ("title^1.5", "text")),
        (mapping(DYNAMIC), ("title^1.5", "text")),
        (mapping({"text": TEXT | {"fields": {"ngram": TEXT}}}), ("title^1.5", "text", "text.ngram")),
        (mapping({}), ("title^1.5", "text")),
        ({"index": {"mappings": {}}}, ("title^1.5", "text")),
        ({}, ("title^1.5", "text")),
        (None, ("title^1.5", "text")),
        ([], ("title^1.5", "text")),
        ({"a": 1, "b": {"mappings": {"properties": {"body": {"type": "text", "fields": 3}}}}}, ("title^1.5", "text")),
    ],
)
def test_the_fields_follow_the_mapping(found: Any, fields: tuple[str, ...]) -> None:
    assert search_query.searchable_fields(found, NAMES) == fields


def test_fields_inside_of_objects_are_found() -> None:
    nested = mapping({"doc": {"properties": {"name": TEXT, "content": TEXT | {"fields": {"ja": TEXT}}}}})
    fields = search_query.searchable_fields(nested, Names("doc.name", "doc.content", "doc.url"))
    assert fields == ("doc.name^1.5", "doc.content", "doc.content.ja")


def test_the_query() -> None:
    built = search_query.build_query("ＶＰＮ\nの設定", ("body", "body.ja"), NAMES, 5)
    (match,) = built["query"]["bool"]["must"]
    assert match["multi_match"] == {"query": "vpn の設定", "fields": ["body", "body.ja"], "type": "most_fields"}
    assert built["query"]["bool"]["filter"] == []
    assert (built["size"], built["_source"]) == (5, ["title", "text", "source", "groups"])


def test_a_filter_stands_inside_the_query() -> None:
    readers = {"terms": {"groups": ["hr"]}}
    assert search_query.build_query("q", ("body",), NAMES, 5, (readers,))["query"]["bool"]["filter"] == [readers]


def test_who_may_read_is_asked_inside_the_query() -> None:
    public = {"bool": {"must_not": [{"exists": {"field": "groups"}}]}}
    assert search_query.readable_by(frozenset(), NAMES)["bool"]["should"] == [public]
    member = search_query.readable_by(frozenset({"hr", "board"}), NAMES)["bool"]
    assert member == {"should": [public, {"terms": {"groups": ["board", "hr"]}}], "minimum_should_match": 1}


@given(st.text(min_size=1), st.integers(10, 400))
def test_a_query_is_never_too_long(text: str, longest: int) -> None:
    assert len(search_query.shorten(text * 20, longest)) <= longest


def test_of_a_long_text_beginning_and_end_are_searched() -> None:
    short = search_query.shorten("始" + "中" * 5000 + "終", 100)
    assert (short[0], short[-1], len(short)) == ("始", "終", 100)


def test_more_fields_leave_less_of_the_question() -> None:
    built = search_query.build_query("あ" * 4000, ("a", "b", "c", "d"), NAMES, 5)
    assert len(built["query"]["bool"]["must"][0]["multi_match"]["query"]) == 112


def hit(source: Any, **more: Any) -> dict[str, Any]:
    return {"_id": "d1", "_score": 2.5, "_source": source, **more}


@pytest.mark.parametrize(
    ("found", "passage"),
    [
        (hit({"title": "題", "text": "文", "source": "a.md"}), Passage("d1", "題", "文", "a.md", 2.5)),
        (hit({"text": "文", "source": "a.md"}), Passage("d1", "a.md", "文", "a.md", 2.5)),
        (hit({"text": "文"}), Passage("d1", "d1", "文", "", 2.5)),
        (hit({"text": ["一", "二"], "title": 5}), Passage("d1", "5", "一\n二", "", 2.5)),
        (hit({"text": "文\u200b\U000e0041", "title": "二\n行"}), Passage("d1", "二 行", "文", "", 2.5)),
        (hit({"text": "文"}, _score=None), Passage("d1", "d1", "文", "", 0.0)),
    ],
)
def test_a_hit_becomes_a_passage(found: Any, passage: Passage) -> None:
    assert search_query.passages({"hits": {"hits": [found]}}, NAMES) == (passage,)


def test_a_hit_of_nested_fields() -> None:
    names = Names("meta.title", "content", "meta.url")
    found = hit({"content": "文", "meta": {"title": "題", "url": "u"}})
    assert search_query.passages({"hits": {"hits": [found]}}, names) == (Passage("d1", "題", "文", "u", 2.5),)


@pytest.mark.parametrize("found", [None, 5, {}, {"_source": None}, hit({}), hit({"text": " "}), hit({"text": {}})])
def test_a_hit_without_text_is_left_out(found: Any) -> None:
    assert search_query.passages({"hits": {"hits": [found]}}, NAMES) == ()


@pytest.mark.parametrize("answer", [None, [], {}, {"hits": None}, {"hits": {"hits": {}}}, "text"])
def test_what_is_no_search_answer(answer: Any) -> None:
    assert search_query.passages(answer, NAMES) is None


def test_a_very_long_document_is_cut() -> None:
    (passage,) = search_query.passages({"hits": {"hits": [hit({"text": "あ" * 200_000})]}}, NAMES) or ()
    assert len(passage.text) == 100_000


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"error": {"type": "index_not_found_exception", "reason": "極秘"}}, "index_not_found_exception"),
        ({"error": "極秘"}, ""),
        (None, ""),
    ],
)
def test_only_the_type_of_an_error_is_told(answer: Any, kind: str) -> None:
    assert search_query.error_type(answer) == kind


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -float("inf"), None, "9", [], {}])
def test_a_score_that_is_no_number_orders_nothing(score: object) -> None:
    found = {"_id": "d", "_score": score, "_source": {"text": "本文"}}
    (passage,) = search_query.passages({"hits": {"hits": [found]}}, NAMES) or ()
    assert passage.score == 0.0
