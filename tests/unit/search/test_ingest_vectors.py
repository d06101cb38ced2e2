"""What is said of a server without vectors, of sizes, and of a model that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from ingest import vectors
from ingest.embedding import Embedder
from ingest.parts import Document, Part
from ingest.server import IngestError

TITAN = "amazon.titan-embed-text-v2:0"


class Server:
    """What `vectors.missing` asks: the engine, and its plugins (None: the login may not ask)."""

    def __init__(self, engine: str, plugins: list[str] | None = None) -> None:
        self._engine, self._plugins = engine, plugins

    def engine(self) -> str:
        return self._engine

    def ask(self, _method: str, _path: str, **_more: Any) -> dict[str, Any]:
        if self._plugins is None:
            return {"error": {"type": "security_exception"}}
        return {"items": [{"component": name} for name in self._plugins]}


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (Server("opensearch 3.5.0", ["analysis-icu", "opensearch-knn"]), ""),
        (Server("opensearch 3.8.0", ["analysis-icu"]), "lacks the plugin opensearch-knn"),
        (Server("opensearch 3.8.0", []), "lacks the plugin opensearch-knn"),
        (Server("opensearch 2.19.1", None), ""),
        (Server("elasticsearch 7.17.29"), "Elasticsearch 7.17.29 has no index of vectors"),
        (Server("elasticsearch 8.19.21"), ""),
        (Server("elasticsearch 10.0.0"), ""),
        (Server("elasticsearch"), ""),
    ],
)
def test_what_a_server_lacks_is_said_and_what_it_does_not_say_is_tried(server: Any, words: str) -> None:
    told = vectors.missing(server)
    assert (words in told) if words else (told == "")


def test_the_size_is_the_model_s_unless_another_one_is_wanted() -> None:
    assert (vectors.size_of(TITAN, 0), vectors.size_of(TITAN, 256), vectors.size_of("other", 0)) == (1024, 256, 1024)
    with pytest.raises(IngestError, match="gives 1024, 512, 256 dimensions, not 300"):
        vectors.size_of(TITAN, 300)


class Refusing:
    def __init__(self, code: str) -> None:
        self._code = code

    def invoke_model(self, **_request: Any) -> Any:
        raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, "InvokeModel")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDeniedException", "the account has no access to it"),
        ("ResourceNotFoundException", "no such model in this region"),
        ("ThrottlingException", "quota is used up"),
        ("OddException", "OddException"),
    ],
)
def test_a_model_that_cannot_be_used_is_told_before_anything_is_read(code: str, words: str) -> None:
    embedder = Embedder(Refusing(code), TITAN, 256)
    with pytest.raises(IngestError, match=words):
        embedder.try_out()
    with pytest.raises(IngestError, match=words):
        embedder.fill(Document("a.md", "d", (), (Part("題", "文"),)))
