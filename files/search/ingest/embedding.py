"""Dense vectors for the parts, from Amazon Bedrock; by the same code that the function embeds a question with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from rag.aws_errors import AwsError, code_of
from rag.embeddings import EmbeddingError, InvokeClient, embed

from ingest.login import region
from ingest.parts import Document, digest_of
from ingest.server import IngestError
from ingest.sync import Todo

_WORDS = {
    "AccessDeniedException": "these credentials may not invoke it, or the account has no access to it",
    "ResourceNotFoundException": "Bedrock has no such model in this region",
    "ValidationException": "Bedrock does not take the request",
    "ThrottlingException": "the account's quota is used up",
}


@dataclass(frozen=True)
class Embedder:
    """A model, and who calls it."""

    client: InvokeClient
    model_id: str
    dimensions: int

    @classmethod
    def of_bedrock(cls, model_id: str, dimensions: int) -> Embedder:
        """With the credentials and the region of the environment; boto3 is imported only here."""
        import boto3
        from botocore.config import Config

        # Bedrock throttles by tokens a minute: `adaptive` slows down instead of failing.
        config = Config(retries={"mode": "adaptive", "total_max_attempts": 8})
        client = boto3.client("bedrock-runtime", region_name=region() or None, config=config)
        return cls(cast(InvokeClient, client), model_id, dimensions)

    def try_out(self) -> None:
        """One word, so that a model without access is told before an index is made. Raises IngestError."""
        self._vectors(["検索"])

    def _vectors(self, texts: list[str]) -> list[list[float]]:
        try:
            return embed(self.client, self.model_id, texts, "search_document", self.dimensions)
        except EmbeddingError as error:
            raise IngestError(f"{self.model_id} does not give what was asked of it: {error}") from error
        except AwsError as error:
            code = code_of(error)
            raise IngestError(f"{self.model_id} cannot be used: {_WORDS.get(code, code)} ({error})") from error

    def fill(self, document: Document) -> Document:
        """The document with a vector for each part: of its title and its text. Raises IngestError."""
        texts = [f"{part.title}\n{part.text}" for part in document.parts]
        pairs = zip(document.parts, self._vectors(texts), strict=True)
        return replace(document, parts=tuple(replace(part, vector=tuple(vector)) for part, vector in pairs))


def with_vectors(todos: Iterable[Todo], embedder: Embedder) -> Iterator[Todo]:
    """The same documents with vectors; the digest changes with the model."""
    for todo in todos:
        digest = digest_of(todo.digest, embedder.model_id, embedder.dimensions)
        yield Todo(todo.source, digest, partial(_read, todo, digest, embedder))


def _read(todo: Todo, digest: str, embedder: Embedder) -> Document:
    return replace(embedder.fill(todo.read()), digest=digest)
