"""The optional parts of retrieval as typed data. Each is off until its model, or its knowledge base, is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Reader(Protocol):
    """What is used of settings.Reader."""

    def text(self, name: str, default: str | None = None) -> str: ...
    def number(self, name: str, default: float | None, low: float, high: float) -> float: ...
    def whole(self, name: str, default: int, low: int, high: int) -> int: ...
    def one_of(self, name: str, default: str, allowed: tuple[str, ...]) -> str: ...
    def refuse(self, fault: str) -> None: ...


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """Dense vectors beside words.

    `candidates` nearest passages are asked for (k of kNN); `rrf_k` damps the first places (see `fusion`).
    `min_score`: 0 to 1, (1 + cosine) / 2 as both engines score it. `timeout_seconds`: the longest wait for the vector.
    """

    model_id: str
    dimensions: int
    field: str
    candidates: int
    rrf_k: int
    min_score: float
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class RerankSettings:
    """A reranking model over the first `candidates`. `min_score`: 0 to 1, what scores less is left out."""

    model_id: str
    candidates: int
    min_score: float
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class KnowledgeBaseSettings:
    """A Bedrock knowledge base in place of Elasticsearch.

    `groups_key`: metadata attribute with the groups that may read a document, a list of words. `everyone`: the word
    in it of documents for everyone; a document without the attribute is found by nobody. `search_type`: "" leaves it
    to the service. `min_score`: 0 to 1.
    """

    knowledge_base_id: str
    groups_key: str
    everyone: str
    title_key: str
    search_type: str
    min_score: float
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """None: off."""

    vectors: VectorSettings | None = None
    rerank: RerankSettings | None = None
    knowledge_base: KnowledgeBaseSettings | None = None


def retrieval_settings(reader: Reader) -> RetrievalSettings:
    """What is switched on; faults are left in the reader."""
    return RetrievalSettings(_vectors(reader), _rerank(reader), _knowledge_base(reader))


def dimensions_of(model_id: str) -> Sequence[int]:
    """The sizes that a known embedding model can give; () for one that is not known.

    Bedrock User Guide, 'Amazon Titan Embeddings Text' and 'Cohere Embed v3', 'Cohere Embed v4'.
    """
    for name, sizes in _DIMENSIONS.items():
        if name in model_id:
            return sizes
    return ()


_DIMENSIONS = {
    "amazon.titan-embed-text-v2": (1024, 512, 256),
    "cohere.embed-multilingual-v3": (1024,),
    "cohere.embed-english-v3": (1024,),
    "cohere.embed-v4": (1536, 1024, 512, 256),
}


def _vectors(reader: Reader) -> VectorSettings | None:
    model_id = reader.text("EMBEDDING_MODEL_ID", "")
    if not model_id:
        return None
    offered = dimensions_of(model_id)
    dimensions = reader.whole("EMBEDDING_DIMENSIONS", offered[0] if offered else 1024, 1, 4096)
    if offered and dimensions not in offered:
        reader.refuse(f"EMBEDDING_DIMENSIONS is none of {', '.join(map(str, offered))}, which the model offers")
    return VectorSettings(
        model_id,
        dimensions,
        field=reader.text("ES_VECTOR_FIELD", "vector"),
        candidates=reader.whole("ES_KNN_CANDIDATES", 30, 1, 200),
        rrf_k=reader.whole("ES_RRF_K", 60, 1, 1000),
        min_score=reader.number("ES_KNN_MIN_SCORE", 0, 0, 1),
        timeout_seconds=reader.number("EMBEDDING_TIMEOUT_SECONDS", 1.5, 0.1, 10),
    )


def _rerank(reader: Reader) -> RerankSettings | None:
    model_id = reader.text("RERANK_MODEL_ID", "")
    if not model_id:
        return None
    return RerankSettings(
        model_id,
        candidates=reader.whole("RERANK_CANDIDATES", 20, 1, 100),
        min_score=reader.number("RERANK_MIN_SCORE", 0, 0, 1),
        timeout_seconds=reader.number("RERANK_TIMEOUT_SECONDS", 2, 0.1, 10),
    )


def _knowledge_base(reader: Reader) -> KnowledgeBaseSettings | None:
    knowledge_base_id = reader.text("KNOWLEDGE_BASE_ID", "")
    if not knowledge_base_id:
        return None
    search_type = reader.one_of("KNOWLEDGE_BASE_SEARCH_TYPE", "DEFAULT", ("DEFAULT", "HYBRID", "SEMANTIC"))
    return KnowledgeBaseSettings(
        knowledge_base_id,
        groups_key=reader.text("KNOWLEDGE_BASE_GROUPS_KEY", "groups"),
        everyone=reader.text("KNOWLEDGE_BASE_EVERYONE", "everyone"),
        title_key=reader.text("KNOWLEDGE_BASE_TITLE_KEY", "title"),
        search_type="" if search_type == "DEFAULT" else search_type,
        min_score=reader.number("KNOWLEDGE_BASE_MIN_SCORE", 0, 0, 1),
        timeout_seconds=reader.number("KNOWLEDGE_BASE_TIMEOUT_SECONDS", 4, 0.1, 30),
    )
