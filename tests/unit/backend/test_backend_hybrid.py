"""Words and meaning: fusion of rankings, what an index can do, the fused search, embeddings."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from backend_fakes import TITAN, error_or, passage, throttled
from backend_server import Reply, Script, serve
from botocore.exceptions import ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from rag import fusion, knn
from rag.clock import Deadline
from rag.embeddings import EmbeddingError, embed
from rag.errors import SearchUnavailableError
from rag.hybrid import HybridRetriever
from rag.retrieval_settings import (
    VectorSettings,
)
from rag.search import SearchRetriever
from rag.search_query import Names
from rag.settings import SearchSettings

VECTORS = VectorSettings(TITAN, 4, "vector", 30, 60, 0.0, 1.0)
NAMES = Names("title", "text", "source")


def test_a_passage_that_both_rankings_hold_comes_first() -> None:
    fused = fusion.reciprocal_ranks([[passage("a"), passage("b")], [passage("c"), passage("b")]], 60)
    assert [found.document_id for found in fused] == ["b", "a", "c"]
    assert fused[0].score == pytest.approx(2 / 62, abs=1e-6)


def test_k_says_how_much_a_first_place_is_worth() -> None:
    rankings = [[passage(key) for key in "abcd"], [passage(key) for key in "ebfg"], [passage(key) for key in "hbij"]]
    assert fusion.reciprocal_ranks(rankings, 60)[0].document_id == "b"
    assert fusion.reciprocal_ranks([[passage("a")], [passage("x"), passage("y"), passage("a")]], 1)[0].score > 0.7


keys = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(keys, keys, st.integers(1, 1000))
def test_nothing_is_lost_or_doubled_and_one_ranking_keeps_its_order(one: list[str], other: list[str], k: int) -> None:
    fused = fusion.reciprocal_ranks([[passage(key) for key in one], [passage(key) for key in other]], k)
    found = [each.document_id for each in fused]
    assert sorted(found) == sorted({*one, *other})
    assert [each.score for each in fused] == sorted((each.score for each in fused), reverse=True)
    assert [p.document_id for p in fusion.reciprocal_ranks([[passage(key) for key in one], []], k)] == one


def mapping(*fields: Mapping[str, Any]) -> dict[str, Any]:
    return {f"i{number}": {"mappings": {"properties": {"vector": each}}} for number, each in enumerate(fields)}


ELASTIC = {"type": "dense_vector", "dims": 4, "index": True, "similarity": "cosine"}
OPEN = {"type": "knn_vector", "dimension": 4}


def test_the_engine_is_known_by_the_kind_of_field() -> None:
    assert knn.engine_of(mapping(ELASTIC), "vector", 4) == "elasticsearch"
    assert knn.engine_of(mapping(OPEN, OPEN), "vector", 4) == "opensearch"
    nested = {"i": {"mappings": {"properties": {"meta": {"properties": {"v": OPEN}}}}}}
    assert knn.engine_of(nested, "meta.v", 4) == "opensearch"


@pytest.mark.parametrize(
    ("known", "dimensions", "words"),
    [
        (mapping({"type": "text"}), 4, "no field vector of vectors"),
        (mapping({"type": "dense_vector", "dims": 4}), 4, "Elasticsearch 7"),
        (mapping({**ELASTIC, "index": False}), 4, "not indexed"),
        (mapping(ELASTIC), 8, "has 4 dimensions, the model gives 8"),
        (mapping(OPEN, {"type": "text"}), 4, "no field vector of vectors"),
        (mapping(OPEN, ELASTIC), 4, "differs between the indices"),
        ({}, 4, "cannot be read"),
        (None, 4, "cannot be read"),
    ],
)
def test_what_cannot_be_asked_for_neighbours_says_why(known: Any, dimensions: int, words: str) -> None:
    with pytest.raises(knn.NoVectorsError, match=words):
        knn.engine_of(known, "vector", dimensions)


def test_the_filter_stands_inside_of_the_neighbours_query() -> None:
    readable = {"term": {"groups": "hr"}}
    common: dict[str, Any] = {"field": "v", "vector": [1.0], "names": NAMES, "size": 30, "readable": readable}
    of_open = knn.request(engine="opensearch", min_score=0.7, **common)
    assert of_open["query"] == {"knn": {"v": {"vector": [1.0], "k": 30, "filter": readable}}}
    assert of_open["min_score"] == 0.7
    of_elastic = knn.request(engine="elasticsearch", **common)
    assert of_elastic["knn"]["filter"] == readable
    assert of_elastic["knn"]["num_candidates"] >= of_elastic["knn"]["k"] == 30
    assert "query" not in of_elastic


@dataclass
class Embeddings:
    """bedrock-runtime's InvokeModel; `gives` is a vector or an error."""

    gives: Any = field(default_factory=lambda: [0.5, 0.5, 0.5, 0.5])
    asked: list[dict[str, Any]] = field(default_factory=list)

    def invoke_model(self, **request: Any) -> Mapping[str, Any]:
        self.asked.append({"model": request["modelId"], **json.loads(request["body"])})
        gives = error_or(self.gives)
        return {"body": io.BytesIO(json.dumps({"embedding": gives}).encode())}


def hits(*names: str) -> Reply:
    found = [{"_id": key, "_score": 1.0, "_source": {"title": key, "text": f"文{key}", "source": key}} for key in names]
    return Reply({"hits": {"hits": found}})


def searching(properties: Mapping[str, Any], *searches: Reply) -> dict[str, list[Reply]]:
    known = {"docs": {"mappings": {"properties": {"body": {"type": "text"}, **properties}}}}
    return {"GET _mapping": [Reply(known)], "POST _search": list(searches)}


def hybrid(script: Script, client: Embeddings, size: int = 5) -> HybridRetriever:
    settings = SearchSettings(script.url, "docs", "title", "text", "source", "", None, 4.0, 30, 0.3, second_stage=False)
    return HybridRetriever(SearchRetriever(settings, None), VECTORS, size, lambda: client)


def found_by(script: Script, client: Embeddings, seconds: float = 10.0, size: int = 5) -> list[str]:
    found = hybrid(script, client, size).retrieve("宿泊費", frozenset({"hr"}), Deadline(seconds))
    return [each.document_id for each in found]


def test_words_and_meaning_are_fused() -> None:
    client = Embeddings()
    with serve(searching({"vector": OPEN}, hits("a", "b"), hits("c", "b"))) as script:
        assert found_by(script, client) == ["b", "a", "c"]
        by_words, by_meaning = [each.body for each in script.seen if each.body]
    assert by_words["size"] == by_meaning["size"] == 30
    assert by_meaning["query"]["knn"]["vector"]["filter"] == by_words["query"]["bool"]["filter"][0]
    assert "hr" in json.dumps(by_meaning["query"]["knn"]["vector"]["filter"])
    assert client.asked == [{"model": TITAN, "inputText": "宿泊費", "dimensions": 4, "normalize": True}]


def test_no_more_is_handed_on_than_was_asked_for() -> None:
    with serve(searching({"vector": OPEN}, hits("a", "b"), hits("c", "b"))) as script:
        assert found_by(script, Embeddings(), size=1) == ["b"]


@pytest.mark.parametrize(
    ("properties", "gives", "second", "reason"),
    [
        ({}, [0.5] * 4, hits(), "no field vector of vectors"),
        ({"vector": {"type": "dense_vector", "dims": 4}}, [0.5] * 4, hits(), "Elasticsearch 7"),
        ({"vector": {**OPEN, "dimension": 1024}}, [0.5] * 4, hits(), "has 1024 dimensions, the model gives 4"),
        ({"vector": OPEN}, throttled(), hits(), f"{TITAN}: ThrottlingException"),
        ({"vector": OPEN}, ReadTimeoutError(endpoint_url="x"), hits(), "ReadTimeoutError"),
        ({"vector": OPEN}, [0.5] * 3, hits(), "not 1 vectors of 4 dimensions"),
        ({"vector": OPEN}, "no list", hits(), "no vector"),
        ({"vector": OPEN}, [0.5] * 4, Reply({"error": {"type": "parsing_exception"}}, 400), "400 parsing_exception"),
    ],
)
def test_what_is_wrong_with_vectors_costs_only_them(
    properties: Any, gives: Any, second: Reply, reason: str, logs: io.StringIO
) -> None:
    with serve(searching(properties, hits("a", "b"), second)) as script:
        assert found_by(script, Embeddings(gives)) == ["a", "b"]
    [told] = [line for line in map(json.loads, logs.getvalue().splitlines()) if line["event"] == "knn_left_out"]
    assert reason in told["reason"]


def test_no_vector_is_paid_for_without_time_or_without_search(logs: io.StringIO) -> None:
    client = Embeddings()
    with serve(searching({"vector": OPEN}, hits("a"))) as script:
        assert found_by(script, client, seconds=1.1) == ["a"]
    with serve(searching({"vector": OPEN}, Reply({}, 503))) as script, pytest.raises(SearchUnavailableError):
        found_by(script, client)
    assert client.asked == []
    assert "no time left" in logs.getvalue()


def test_a_failing_neighbours_query_does_not_open_the_circuit_of_the_words() -> None:
    with serve(searching({"vector": OPEN}, *[hits("a"), Reply({}, 500)] * 5)) as script:
        retriever = hybrid(script, Embeddings())
        for _each in range(5):
            assert [p.document_id for p in retriever.retrieve("宿泊費", frozenset(), Deadline(10))] == ["a"]


def test_cohere_is_told_what_a_text_is_for() -> None:
    bodies: list[dict[str, Any]] = []

    class Cohere:
        def invoke_model(self, **request: Any) -> Mapping[str, Any]:
            body = json.loads(request["body"])
            bodies.append(body)
            found = {"float": [[1.0, 0.0] for _text in body["texts"]]}
            return {"body": io.BytesIO(json.dumps({"embeddings": found}).encode())}

    texts = ["文"] * 100
    assert len(embed(Cohere(), "global.cohere.embed-v4:0", texts, "search_document", 2)) == 100
    assert [len(body["texts"]) for body in bodies] == [96, 4]
    assert {body["input_type"] for body in bodies} == {"search_document"}
    assert {body["output_dimension"] for body in bodies} == {2}
    with pytest.raises(EmbeddingError):
        embed(Cohere(), "cohere.embed-multilingual-v3", texts, "search_query", 1024)
    assert "output_dimension" not in bodies[-1]
