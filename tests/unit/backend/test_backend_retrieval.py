"""Which parts of retrieval are switched on, and by what."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from backend_fakes import TITAN
from rag import retrieval
from rag.hybrid import HybridRetriever
from rag.knowledge_base import KnowledgeBaseRetriever
from rag.rerank import RerankingRetriever
from rag.retrieval_settings import (
    KnowledgeBaseSettings,
    RerankSettings,
    RetrievalSettings,
    VectorSettings,
    retrieval_settings,
)
from rag.search import SearchRetriever
from rag.settings import Reader, SearchSettings

VECTORS = VectorSettings(TITAN, 4, "vector", 30, 60, 0.0, 1.0)
RERANK = RerankSettings("cohere.rerank-v3-5:0", 20, 0.0, 1.0)
BASE = KnowledgeBaseSettings("LOCALKB001", "groups", "everyone", "title", "", 0.0, 1.0)


class Clients:
    region = "ap-northeast-1"

    def timed(self, service: str, seconds: float) -> Any:
        raise AssertionError("no client is made before a question comes")


SEARCH = SearchSettings("http://127.0.0.1:9", "docs", "title", "text", "source", "", None, 4.0, 5, 0.3)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (RetrievalSettings(), SearchRetriever),
        (RetrievalSettings(vectors=VECTORS), HybridRetriever),
        (RetrievalSettings(knowledge_base=BASE), KnowledgeBaseRetriever),
        (RetrievalSettings(vectors=VECTORS, rerank=RERANK), RerankingRetriever),
    ],
)
def test_what_is_switched_on_answers(more: RetrievalSettings, kind: type) -> None:
    assert isinstance(retrieval.retriever(SEARCH, more, None, Clients()), kind)


def test_all_of_it_is_off_by_default() -> None:
    reader = Reader({})
    assert (retrieval_settings(reader), reader.faults) == (RetrievalSettings(), [])


def test_settings_are_read_with_all_their_faults() -> None:
    reader = Reader({"EMBEDDING_MODEL_ID": TITAN, "RERANK_MODEL_ID": "r", "KNOWLEDGE_BASE_ID": "LOCALKB001"})
    read = retrieval_settings(reader)
    assert (read.vectors, reader.faults) == (VectorSettings(TITAN, 1024, "vector", 30, 60, 0.0, 1.5), [])
    wrong = Reader(
        {
            "EMBEDDING_MODEL_ID": TITAN,
            "EMBEDDING_DIMENSIONS": "300",
            "ES_RRF_K": "0",
            "RERANK_MODEL_ID": "r",
            "RERANK_MIN_SCORE": "2",
            "KNOWLEDGE_BASE_ID": "LOCALKB001",
            "KNOWLEDGE_BASE_SEARCH_TYPE": "best",
        }
    )
    retrieval_settings(wrong)
    assert [fault.split(" ")[0] for fault in wrong.faults] == [
        "EMBEDDING_DIMENSIONS",
        "ES_RRF_K",
        "RERANK_MIN_SCORE",
        "KNOWLEDGE_BASE_SEARCH_TYPE",
    ]


OPTIONAL = ("rag.hybrid", "rag.embeddings", "rag.rerank", "rag.knowledge_base", "rag.model_rewrite")


def test_what_is_off_is_not_even_imported() -> None:
    told = "import rag.wiring, sys; print(*sorted(set(sys.modules) & set(sys.argv[1:])))"
    package = Path(retrieval.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", told, *OPTIONAL, "rag.search"], cwd=package, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["rag.search"]
