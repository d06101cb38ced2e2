"""Dense vectors from Amazon Bedrock (InvokeModel): Amazon Titan Text Embeddings V2 and Cohere Embed.

Request and response bodies: Bedrock User Guide, "Amazon Titan Embeddings Text" (inputText, dimensions, normalize;
`embedding`), "Cohere Embed v3" (texts, input_type, embedding_types; `embeddings`, by type where types were asked for)
and "Cohere Embed v4", which takes `output_dimension` besides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

Purpose = Literal["search_query", "search_document"]
# Titan takes one text a call, Cohere up to 96 (2,048 characters each).
_COHERE_TEXTS = 96
_COHERE_CHARS = 2048
# Titan refuses more than 8,192 tokens; a Japanese character is about one.
_TITAN_CHARS = 8000


class InvokeClient(Protocol):
    """What is used of bedrock-runtime: InvokeModel."""

    def invoke_model(self, **request: Any) -> Mapping[str, Any]: ...


class EmbeddingError(ValueError):
    """The model answers something else than vectors of the wanted size."""


def embed(
    client: InvokeClient, model_id: str, texts: Sequence[str], purpose: Purpose, dimensions: int
) -> list[list[float]]:
    """One vector for each text, in their order. Raises EmbeddingError, and whatever the client raises."""
    if "cohere" in model_id:
        pieces = [texts[start : start + _COHERE_TEXTS] for start in range(0, len(texts), _COHERE_TEXTS)]
        found = [vector for piece in pieces for vector in _cohere(client, model_id, piece, purpose, dimensions)]
    else:
        found = [_titan(client, model_id, text, dimensions) for text in texts]
    if len(found) != len(texts) or any(len(vector) != dimensions for vector in found):
        raise EmbeddingError(f"not {len(texts)} vectors of {dimensions} dimensions")
    return found


def _titan(client: InvokeClient, model_id: str, text: str, dimensions: int) -> list[float]:
    body = {"inputText": text[:_TITAN_CHARS], "dimensions": dimensions, "normalize": True}
    return _numbers(_invoke(client, model_id, body).get("embedding"))


def _cohere(
    client: InvokeClient, model_id: str, texts: Sequence[str], purpose: Purpose, dimensions: int
) -> list[list[float]]:
    body: dict[str, Any] = {
        "texts": [text[:_COHERE_CHARS] for text in texts],
        "input_type": purpose,
        "embedding_types": ["float"],
        "truncate": "END",
        **({"output_dimension": dimensions} if "embed-v4" in model_id else {}),
    }
    vectors = _invoke(client, model_id, body).get("embeddings")
    if isinstance(vectors, Mapping):
        vectors = vectors.get("float")
    if not isinstance(vectors, list):
        raise EmbeddingError("no embeddings")
    return [_numbers(vector) for vector in vectors]


def _invoke(client: InvokeClient, model_id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = client.invoke_model(
        modelId=model_id, body=json.dumps(body), contentType="application/json", accept="application/json"
    )
    try:
        found = json.loads(answer["body"].read())
    except ValueError as error:
        raise EmbeddingError("not JSON") from error
    return found if isinstance(found, Mapping) else {}


def _numbers(vector: object) -> list[float]:
    if not isinstance(vector, list) or not all(isinstance(value, int | float) for value in vector):
        raise EmbeddingError("no vector")
    return [float(value) for value in vector]
