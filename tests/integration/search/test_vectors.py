"""Dense vectors on real engines: OpenSearch with k-NN, Elasticsearch 8 and 9; and what is told where they lack them.

The vectors are the stand-in's (hashed characters), so these tests are about mapping, filter and fusion.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ingest import vectors
from ingest.server import Connection, IngestError, Server
from rag import log, retrieval
from rag.clock import Deadline
from rag.credentials import FixedLogin, authorization
from rag.retrieval_settings import retrieval_settings
from rag.settings import Reader
from rag.wiring import AwsClients

from tests.integration.search.commands import ingest, settings
from tests.integration.search.conftest import DOWNLOADS
from tests.integration.search.elasticsearch import ADMIN, CHATBOT, RELEASES, elasticsearch
from tests.integration.search.opensearch_knn import opensearch_knn
from tests.integration.search.stand_in_bedrock import bedrock

INDEX, TITAN = "company-documents", "amazon.titan-embed-text-v2:0"
QUESTION = "旅費規定の宿泊料の上限"
DOCUMENTS = {
    "travel.md": "# 旅費規程\n宿泊費の上限は一泊12,000円。",
    "leave.md": "# 休暇規程\n年次有給休暇は10日。",
    "board/plan.md": "# 役員の旅費規程\n役員の宿泊費の上限は一泊50,000円。",
    "board/.access.yml": "groups: [board]",
}
ES7, ES8, ES9 = RELEASES


@dataclass(frozen=True)
class Engine:
    """A running server and how to log in; `has_vectors`: whether it should be able to index them."""

    name: str
    url: str
    ca_file: Path | None
    has_vectors: bool

    def login(self, who: tuple[str, str]) -> FixedLogin | None:
        return (
            FixedLogin(authorization(json.dumps(dict(zip(("username", "password"), who, strict=True)))))
            if (self.ca_file)
            else None
        )

    def server(self) -> Server:
        known = self.login(ADMIN)
        return Server(Connection(self.url, known.header() if known else "", self.ca_file))

    def ingest(self, folder: Path, *more: str) -> dict[str, Any]:
        options = ["--ca-file", str(self.ca_file)] if self.ca_file else []
        secret = {"SEARCH_SECRET": json.dumps({"username": ADMIN[0], "password": ADMIN[1]})} if self.ca_file else {}
        return ingest(folder, self.url, INDEX, *options, *more, **secret)


@pytest.fixture(scope="module")
def aws() -> Iterator[pytest.MonkeyPatch]:
    """Both runtimes of Bedrock are the stand-ins, also for the command."""
    with pytest.MonkeyPatch.context() as patch, bedrock() as url:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
        patch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url)
        patch.setenv("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", url)
        yield patch


def _elasticsearch(release: Any, has_vectors: bool) -> Callable[[ExitStack, Path, pytest.FixtureRequest], Engine]:
    def start(stack: ExitStack, folder: Path, _request: pytest.FixtureRequest) -> Engine:
        made = stack.enter_context(elasticsearch(release, DOWNLOADS / "elasticsearch", folder))
        return Engine(f"elasticsearch {release.version}", made.url, made.ca_file, has_vectors)

    return start


def _with_knn(stack: ExitStack, folder: Path, _request: pytest.FixtureRequest) -> Engine:
    url = stack.enter_context(opensearch_knn(DOWNLOADS / "opensearch-knn", folder))
    return Engine("opensearch 3.5.0", url, None, has_vectors=True)


def _without_knn(_stack: ExitStack, _folder: Path, request: pytest.FixtureRequest) -> Engine:
    return Engine("opensearch 3.8.0", request.getfixturevalue("opensearch"), None, has_vectors=False)


ENGINES = {
    "opensearch-3.5-knn": _with_knn,
    "opensearch-3.8": _without_knn,
    "elasticsearch-7": _elasticsearch(ES7, has_vectors=False),
    "elasticsearch-8": _elasticsearch(ES8, has_vectors=True),
    "elasticsearch-9": _elasticsearch(ES9, has_vectors=True),
}


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest, aws: pytest.MonkeyPatch) -> Iterator[Engine]:
    """One server at a time; not in pytest's folder, which only its owner can enter."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        yield ENGINES[request.param](stack, Path(name), request)


@pytest.fixture(scope="module")
def told(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The last line of an ingestion with vectors."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    first = engine.ingest(folder, "--embedding-model", TITAN, "--dimensions", "256")
    again = engine.ingest(folder, "--embedding-model", TITAN, "--dimensions", "256")
    assert (again["unchanged"], again["has_changed"]) == (3, False)
    return first


def find(engine: Engine, *groups: str, **more: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Sources that the function's retriever finds, and what it logs."""
    stream = io.StringIO()
    log.configure("INFO", content=False, stream=stream)
    environment = {"EMBEDDING_MODEL_ID": TITAN, "EMBEDDING_DIMENSIONS": "256", **more}
    reader = Reader(environment)
    ca = {"ES_CA_FILE": str(engine.ca_file)} if engine.ca_file else {}
    search = settings(engine.url, INDEX, **ca, **{key: text for key, text in more.items() if key.startswith("ES_")})
    made = retrieval.retriever(
        search, retrieval_settings(reader), engine.login(CHATBOT), AwsClients(os.environ["AWS_DEFAULT_REGION"])
    )
    found = made.retrieve(QUESTION, frozenset(groups), Deadline(30))
    log.configure("INFO", content=False)
    assert reader.faults == []
    return [passage.source for passage in found], [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_ingestion_says_what_it_made(engine: Engine, told: dict[str, Any]) -> None:
    assert engine.server().engine() == engine.name
    if engine.has_vectors:
        assert told["vectors"] == f"{TITAN} 256"
        vectors.check(engine.server(), INDEX, "vector", 256)
    else:
        assert told["vectors"] in (
            "this OpenSearch lacks the plugin opensearch-knn",
            "Elasticsearch 7.17.29 has no index of vectors; 8 and later have",
        )


def test_neighbours_are_found_where_there_are_any_and_else_the_log_says_why(
    engine: Engine, told: dict[str, Any]
) -> None:
    found, logged = find(engine)
    left_out = [line["reason"] for line in logged if line["event"] == "knn_left_out"]
    assert found[0] == "travel.md"
    if engine.has_vectors:
        # Words alone do not find the leave rules; as neighbours they are the next.
        assert (found, left_out) == (["travel.md", "leave.md"], [])
    else:
        assert left_out == ["the index has no field vector of vectors"]


def test_what_may_not_be_read_is_no_neighbour(engine: Engine, told: dict[str, Any]) -> None:
    assert "board/plan.md" not in find(engine)[0]
    assert "board/plan.md" not in find(engine, "hr", "*")[0]
    assert "board/plan.md" in find(engine, "board")[0]


def test_a_distant_neighbour_can_be_left_out(engine: Engine, told: dict[str, Any]) -> None:
    assert find(engine, ES_KNN_MIN_SCORE="0.99")[0] == find(engine, EMBEDDING_MODEL_ID="")[0]


def test_another_size_of_vectors_is_told_in_words(engine: Engine, told: dict[str, Any]) -> None:
    with pytest.raises(IngestError, match="company-documents cannot be asked for nearest neighbours: ") as caught:
        vectors.check(engine.server(), INDEX, "vector", 1024)
    if engine.has_vectors:
        assert "vector has 256 dimensions, the model gives 1024" in str(caught.value)
        [reason] = [
            line["reason"] for line in find(engine, EMBEDDING_DIMENSIONS="1024")[1] if line["event"] == "knn_left_out"
        ]
        assert reason == "vector has 256 dimensions, the model gives 1024"


def test_the_reranking_model_orders_what_both_found(engine: Engine, told: dict[str, Any]) -> None:
    found, logged = find(engine, "board", RERANK_MODEL_ID="amazon.rerank-v1:0", RERANK_TIMEOUT_SECONDS="10")
    assert set(found[:2]) == {"travel.md", "board/plan.md"}
    assert [line for line in logged if line["event"] == "rerank_left_out"] == []
    assert find(engine, RERANK_MODEL_ID="amazon.rerank-v1:0", RERANK_MIN_SCORE="1")[0] == []
