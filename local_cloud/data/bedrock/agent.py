"""Rerank and Retrieve as bedrock-agent-runtime answers them. Pure but for the file of a knowledge base.

Requests are held against botocore's own model of the API. Relevance is what two vectors of hashed characters share
(`embedding`): a stand-in's, and no measure of a real model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session

from local_cloud.control.strict.answers import ANSWERS
from local_cloud.control.strict.constraints import faults
from local_cloud.data.bedrock.converse import BedrockError, Json
from local_cloud.data.bedrock.embedding import similarity, vector

RERANKER = re.compile(r"arn:aws:bedrock:[a-z0-9-]+::foundation-model/(?:amazon\.rerank-v1:0|cohere\.rerank-v3-5:0)")
SIZE = 1024
DEFAULT_RESULTS = 5


@dataclass(frozen=True)
class Chunk:
    """One piece of a document in a knowledge base."""

    text: str
    uri: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


def check(operation: str, params: Json) -> None:
    """Raises BedrockError where the parameters break a constraint of the API's model."""
    found = list(faults(_model().operation_model(operation).input_shape, params))
    if found:
        raise BedrockError(400, "ValidationException", ANSWERS["bedrock-runtime"].words(found, operation))


def rerank(body: Json) -> Json:
    """RerankResponse, to a body that was checked."""
    configuration = body["rerankingConfiguration"]["bedrockRerankingConfiguration"]
    if not RERANKER.fullmatch(configuration["modelConfiguration"]["modelArn"]):
        raise BedrockError(400, "ValidationException", "The provided model identifier is invalid.")
    wanted = vector(body["queries"][0]["textQuery"].get("text", ""), SIZE)
    scored = [(_score(wanted, _text(source)), index) for index, source in enumerate(body["sources"])]
    best = sorted(scored, key=lambda each: (-each[0], each[1]))[: configuration.get("numberOfResults", len(scored))]
    return {"results": [{"index": index, "relevanceScore": score} for score, index in best]}


def retrieve(body: Json, chunks: Iterable[Chunk]) -> Json:
    """RetrieveResponse, to a body that was checked."""
    search = (body.get("retrievalConfiguration") or {}).get("vectorSearchConfiguration") or {}
    wanted = vector(body["retrievalQuery"].get("text", ""), SIZE)
    admitted = [chunk for chunk in chunks if "filter" not in search or matches(search["filter"], chunk.metadata)]
    ranked = sorted(admitted, key=lambda chunk: -_score(wanted, chunk.text))
    return {
        "retrievalResults": [
            {
                "content": {"type": "TEXT", "text": chunk.text},
                "location": {"type": "S3", "s3Location": {"uri": chunk.uri}},
                "metadata": {"x-amz-bedrock-kb-source-uri": chunk.uri, **chunk.metadata},
                "score": _score(wanted, chunk.text),
            }
            for chunk in ranked[: search.get("numberOfResults", DEFAULT_RESULTS)]
        ]
    }


def matches(wanted: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """A RetrievalFilter against a document's metadata; a condition on an attribute that is absent does not hold."""
    [(kind, value)] = wanted.items()
    if kind == "andAll":
        return all(matches(each, metadata) for each in value)
    if kind == "orAll":
        return any(matches(each, metadata) for each in value)
    return value["key"] in metadata and CONDITIONS[kind](metadata[value["key"]], value["value"])


def _holds(found: Any, wanted: Any) -> bool:
    return isinstance(found, list) and wanted in found


CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda found, wanted: bool(found == wanted),
    "notEquals": lambda found, wanted: bool(found != wanted),
    "in": lambda found, wanted: found in wanted,
    "notIn": lambda found, wanted: found not in wanted,
    "greaterThan": lambda found, wanted: bool(found > wanted),
    "greaterThanOrEquals": lambda found, wanted: bool(found >= wanted),
    "lessThan": lambda found, wanted: bool(found < wanted),
    "lessThanOrEquals": lambda found, wanted: bool(found <= wanted),
    "startsWith": lambda found, wanted: str(found).startswith(wanted),
    "stringContains": lambda found, wanted: str(wanted) in found,
    "listContains": _holds,
}


def read(path: str) -> Sequence[Chunk]:
    """LOCAL_KNOWLEDGE_BASE: one JSON object a line, {"text", "uri", "metadata"}; '' is an empty knowledge base."""
    if not path:
        return ()
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return tuple(Chunk(**json.loads(line)) for line in lines if line.strip())


def _score(wanted: list[float], text: str) -> float:
    """0 to 1, as a cosine is scored that may be negative."""
    return round((1 + similarity(wanted, vector(text, SIZE))) / 2, 6)


def _text(source: Mapping[str, Any]) -> str:
    document = source["inlineDocumentSource"]
    if document["type"] == "JSON":
        return json.dumps(document.get("jsonDocument"), ensure_ascii=False)
    return str((document.get("textDocument") or {}).get("text", ""))


@cache
def _model() -> Any:
    return botocore.session.get_session().get_service_model("bedrock-agent-runtime")
