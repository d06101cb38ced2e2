"""InvokeModel for embeddings: vectors of hashed character n-grams, in the bodies of Titan and Cohere. Pure.

A stand-in: texts that share characters are near to each other, texts that share their meaning alone are not. Nothing
is said by it about the quality of a real model. Bodies: Bedrock User Guide, 'Amazon Titan Embeddings Text', 'Cohere
Embed v3', 'Cohere Embed v4'.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from local_cloud.data.bedrock.converse import BedrockError, Json

TITAN = re.compile(r"amazon\.titan-embed-text-v2:0")
COHERE = re.compile(r"cohere\.embed-(?:multilingual|english)-v3")
COHERE_V4 = re.compile(r"(?:(?:global|us|eu|apac|jp)\.)?cohere\.embed-v4:0")
TITAN_SIZES = (256, 512, 1024)
COHERE_V4_SIZES = (256, 512, 1024, 1536)
COHERE_TEXTS = 96
TITAN_CHARACTERS = 50_000
INPUT_TYPES = ("search_document", "search_query", "classification", "clustering", "image")
GRAMS = (1, 2, 3)


def is_known(model: str) -> bool:
    """Whether the model is one that embeds."""
    return any(pattern.fullmatch(model) for pattern in (TITAN, COHERE, COHERE_V4))


def answer(model: str, body: object) -> Json:
    """The response's body. Raises BedrockError as the models refuse."""
    if not isinstance(body, dict):
        raise _invalid("Malformed input request, please reformat your input and try again.")
    if TITAN.fullmatch(model):
        return _titan(body)
    size = _size(body, "output_dimension", COHERE_V4_SIZES, 1536) if COHERE_V4.fullmatch(model) else 1024
    return _cohere(body, size)


def vector(text: str, size: int) -> list[float]:
    """Of length 1, or all zeros for a text without a letter or digit.

    >>> vector("宿泊費", 4) == vector("宿泊費", 4)
    True
    """
    folded = "".join(re.findall(r"\w", unicodedata.normalize("NFKC", text).lower()))
    grams = Counter(folded[at : at + length] for length in GRAMS for at in range(len(folded) - length + 1))
    values = [0.0] * size
    for gram, count in grams.items():
        hashed = zlib.crc32(gram.encode())
        # The lowest bit tells the sign, so that collisions cancel out on average; longer grams say more.
        values[(hashed >> 1) % size] += (1 if hashed & 1 else -1) * len(gram) * math.sqrt(count)
    length = math.sqrt(sum(value * value for value in values))
    return [round(value / length, 7) for value in values] if length else values


def similarity(one: list[float], other: list[float]) -> float:
    """Cosine of two vectors of length 1."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def _titan(body: Mapping[str, Any]) -> Json:
    unknown = set(body) - {"inputText", "dimensions", "normalize", "embeddingTypes"}
    text = body.get("inputText")
    if unknown or not isinstance(text, str):
        raise _invalid(
            "Malformed input request: the keys inputText, dimensions, normalize and embeddingTypes are known."
        )
    if not text or len(text) > TITAN_CHARACTERS:
        raise _invalid(f"Malformed input request: inputText has 1 to {TITAN_CHARACTERS} characters.")
    found = vector(text, _size(body, "dimensions", TITAN_SIZES, 1024))
    return {"embedding": found, "inputTextTokenCount": len(text), "embeddingsByType": {"float": found}}


def _cohere(body: Mapping[str, Any], size: int) -> Json:
    texts = body.get("texts")
    if not isinstance(texts, list) or not 1 <= len(texts) <= COHERE_TEXTS:
        raise _invalid(f"Malformed input request: texts has 1 to {COHERE_TEXTS} items.")
    if body.get("input_type") not in INPUT_TYPES:
        raise _invalid(f"Malformed input request: input_type is one of {', '.join(INPUT_TYPES)}.")
    found = [vector(str(text), size) for text in texts]
    by_type = bool(body.get("embedding_types"))
    return {
        "id": "stand-in",
        "response_type": "embeddings_by_type" if by_type else "embeddings_floats",
        "texts": texts,
        "embeddings": {"float": found} if by_type else found,
    }


def _size(body: Mapping[str, Any], name: str, allowed: tuple[int, ...], default: int) -> int:
    size = body.get(name, default)
    if size not in allowed:
        raise _invalid(f"Malformed input request: {name} is one of {', '.join(map(str, allowed))}.")
    return int(size)


def _invalid(message: str) -> BedrockError:
    return BedrockError(400, "ValidationException", message)
