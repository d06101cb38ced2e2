"""What the index is made of: the layers of `index.json` that a server has the parts for. No I/O but that file.

`required` tells, for each layer, what to ask the server's `_analyze` API; a layer that it refuses is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "index.json"
BASE = "standard"
LAYERS = ("cjk", "icu", "kuromoji")
# icu's character filter is set on the analyser of the layer cjk.
_NEEDS = {"icu": "cjk"}


@dataclass(frozen=True)
class Bm25:
    """BM25 for the combined field, and for its morphemes. k1: how much repetition counts; b: how much length does."""

    k1: float = 0.6
    b: float = 0.5
    morphemes_k1: float = 0.3
    morphemes_b: float = 0.3


@dataclass(frozen=True)
class Vectors:
    """A dense vector for each part. `dimensions` is the embedding model's."""

    dimensions: int
    field: str = "vector"


@dataclass(frozen=True)
class Wanted:
    """What the operator chooses of an index."""

    bm25: Bm25 = Bm25()
    shards: int = 1
    replicas: int = 0
    vectors: Vectors | None = None


@dataclass(frozen=True)
class Definition:
    """Body of the index, and which layers it was made with."""

    body: dict[str, Any]
    layers: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Names this definition: an index that was made by another one is to be built anew."""
        text = json.dumps(self.body, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def layers_file() -> dict[str, Any]:
    """The layers, by name."""
    layers: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return layers


def probes(layers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """For each layer the body of an `_analyze` request that succeeds only where its parts are there."""
    cjk = layers["cjk"]["settings"]["index"]["analysis"]
    kuromoji = layers["kuromoji"]["settings"]["index"]["analysis"]
    morphemes = kuromoji["analyzer"]["morphemes"]
    return {
        "cjk": {
            "text": "検索",
            "tokenizer": cjk["tokenizer"]["uni_bigram"],
            "filter": cjk["analyzer"]["uni_bigram"]["filter"],
        },
        "icu": {"text": "検索", "tokenizer": "standard", "char_filter": ["icu_normalizer"]},
        "kuromoji": {
            "text": "検索した",
            "tokenizer": kuromoji["tokenizer"][morphemes["tokenizer"]],
            "filter": morphemes["filter"],
        },
    }


def compose(offered: frozenset[str], wanted: Wanted, engine: str) -> Definition:
    """The definition for a server that offers these layers; `engine` is `elasticsearch` or `opensearch`."""
    layers = layers_file()
    used = tuple(name for name in LAYERS if name in offered and _NEEDS.get(name, name) in offered)
    body: dict[str, Any] = layers[BASE]
    for name in used:
        body = merged(body, layers[name])
    body = merged(body, _chosen(wanted, used))
    if wanted.vectors:
        body = merged(body, vectors(wanted.vectors, engine))
    return Definition(body, (BASE, *used))


def vectors(wanted: Vectors, engine: str) -> dict[str, Any]:
    """The field of dense vectors: `dense_vector` in Elasticsearch 8 and later, `knn_vector` in OpenSearch."""
    if engine == "opensearch":
        method = {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"}
        field = {"type": "knn_vector", "dimension": wanted.dimensions, "method": method}
        return {"settings": {"index": {"knn": True}}, "mappings": {"properties": {wanted.field: field}}}
    field = {"type": "dense_vector", "dims": wanted.dimensions, "index": True, "similarity": "cosine"}
    return {"mappings": {"properties": {wanted.field: field}}}


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `more` laid over it, mappings merged at every depth."""
    result = dict(base)
    for key, value in more.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _chosen(wanted: Wanted, used: tuple[str, ...]) -> dict[str, Any]:
    bm25 = wanted.bm25
    similarity = {"default": {"k1": bm25.k1, "b": bm25.b}}
    if "kuromoji" in used:
        similarity["morphemes"] = {"k1": bm25.morphemes_k1, "b": bm25.morphemes_b}
    index = {"number_of_shards": wanted.shards, "number_of_replicas": wanted.replicas, "similarity": similarity}
    return {"settings": {"index": index}}
