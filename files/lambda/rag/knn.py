"""Nearest neighbours as plain data: what an index can do, by its mapping, and the request for it. No I/O.

Elasticsearch 8.4 and later: the option `knn` of `_search` over an indexed `dense_vector` (Elasticsearch guide, 'kNN
search'). OpenSearch 2 and 3 with the plugin k-NN: the query `knn` over `knn_vector` (OpenSearch documentation, 'k-NN
query'; its `filter` needs the engine lucene or faiss). Both take the filter inside, so that what may not be read is
no candidate. Elasticsearch 7 stores vectors and has no index of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rag.search_query import Names

Engine = Literal["elasticsearch", "opensearch"]
# Elasticsearch looks at so many candidates on each shard; its own default is 1.5 times k.
_MOST_CANDIDATES = 10_000
_CANDIDATES_PER_HIT = 5


class NoVectorsError(Exception):
    """This index cannot be asked for neighbours; the message says why, in words for an operator."""


def engine_of(mapping: object, field: str, dimensions: int) -> Engine:
    """Which kind of field holds the vectors, by `GET index/_mapping`. Raises NoVectorsError.

    An alias or pattern can name several indices: all of them must have the field, of one kind and size.
    """
    indices = list(mapping.values()) if isinstance(mapping, Mapping) else []
    engines = {_engine(_field(index, field), field, dimensions) for index in indices}
    if len(engines) != 1:
        raise NoVectorsError("the mapping cannot be read" if not engines else f"{field} differs between the indices")
    return engines.pop()


def request(
    *,
    engine: Engine,
    field: str,
    vector: Sequence[float],
    names: Names,
    size: int,
    readable: Mapping[str, Any],
    min_score: float = 0.0,
) -> dict[str, Any]:
    """The body of `_search`. `min_score` is (1 + cosine) / 2 on both."""
    body: dict[str, Any] = {
        "size": size,
        "track_total_hits": False,
        "_source": [names.title, names.text, names.source, names.groups],
    }
    if engine == "opensearch":
        body["query"] = {"knn": {field: {"vector": list(vector), "k": size, "filter": dict(readable)}}}
    else:
        candidates = min(_MOST_CANDIDATES, max(100, _CANDIDATES_PER_HIT * size))
        body["knn"] = {
            "field": field,
            "query_vector": list(vector),
            "k": size,
            "num_candidates": candidates,
            "filter": dict(readable),
        }
    return {**body, **({"min_score": min_score} if min_score else {})}


def _engine(field: Mapping[str, object], name: str, dimensions: int) -> Engine:
    kind = field.get("type")
    if kind == "knn_vector":
        size, engine = field.get("dimension"), "opensearch"
    elif kind == "dense_vector":
        # Elasticsearch 7 does not say "index"; 8 and 9 always do.
        if field.get("index") is not True:
            raise NoVectorsError(f"{name} is stored and not indexed: Elasticsearch 7, or a mapping with index: false")
        size, engine = field.get("dims"), "elasticsearch"
    else:
        raise NoVectorsError(f"the index has no field {name} of vectors")
    if size != dimensions:
        raise NoVectorsError(f"{name} has {size} dimensions, the model gives {dimensions}")
    return "opensearch" if engine == "opensearch" else "elasticsearch"


def _field(index: object, path: str) -> Mapping[str, object]:
    found: object = index.get("mappings") if isinstance(index, Mapping) else None
    for name in path.split("."):
        properties = found.get("properties") if isinstance(found, Mapping) else None
        found = properties.get(name) if isinstance(properties, Mapping) else None
    return found if isinstance(found, Mapping) else {}
