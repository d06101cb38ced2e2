"""What is varied: the backend's own environment variables, and a few of how the index is made.

A configuration is a JSON object, such as `{"ES_SECOND_STAGE": "false", "INDEX_K1": 0.9}`. Names beginning with ES_,
EMBEDDING_, RERANK_ and BEDROCK_ are what the function would be given; what is empty is its default. Those beginning
with INDEX_ are answered by an index made for it, and so is an embedding model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.definition import Bm25, Vectors, Wanted
from rag.retrieval_settings import RetrievalSettings, retrieval_settings
from rag.settings import ModelSettings, Reader, SearchSettings, model_settings, search_settings

_INDEX = {
    "INDEX_K1": "k1",
    "INDEX_B": "b",
    "INDEX_MORPHEMES_K1": "morphemes_k1",
    "INDEX_MORPHEMES_B": "morphemes_b",
}
_TITLES = "INDEX_TITLES"
_OF_THE_FUNCTION = ("ES_", "EMBEDDING_", "RERANK_", "BEDROCK_")
_RANKED = 10
"""Deep enough for every metric."""
_GIVEN = 5
"""rag.settings, ES_SIZE."""


class ConfigurationError(ValueError):
    """A configuration that means nothing; the message says why."""


@dataclass(frozen=True)
class Configuration:
    """One way to search. `index_key` names the index it needs; equal keys share one."""

    name: str
    environment: Mapping[str, str]
    wanted: Wanted
    titles: bool
    more: RetrievalSettings = field(default_factory=RetrievalSettings)

    @property
    def index_key(self) -> tuple[object, ...]:
        vectors = self.more.vectors
        return (self.wanted, self.titles, *((vectors.model_id,) if vectors else ()))

    @property
    def passages(self) -> int:
        """How many the model is given: the function's own default where ES_SIZE is not said."""
        return int(self.environment.get("ES_SIZE") or _GIVEN)

    @property
    def asks_aws(self) -> bool:
        """Whether a search asks Bedrock, too."""
        return bool(self.more.vectors or self.more.rerank)

    def model(self, model_id: str) -> ModelSettings:
        """How the function would ask this model. Raises ConfigurationError."""
        reader = Reader({**self.environment, "BEDROCK_MODEL_ID": model_id})
        settings = model_settings(reader)
        if reader.faults:
            raise ConfigurationError(f"configuration {self.name}: {'; '.join(reader.faults)}")
        return settings

    def search(self, url: str, index: str, ca_file: Path | None = None) -> SearchSettings:
        """The settings that the function would run with, but for how many passages it hands on.

        `ca_file` None: the server's certificate is checked against public authorities. Raises ConfigurationError.
        """
        given = {
            "ES_TIMEOUT_SECONDS": "30",
            **self.environment,
            "ES_HOST": url,
            "ES_INDEX": index,
            "ES_CA_FILE": str(ca_file.resolve()) if ca_file else "",
            "ES_SIZE": str(_RANKED),
        }
        reader = Reader(given)
        settings = search_settings(reader)
        if reader.faults:
            raise ConfigurationError("; ".join(reader.faults))
        return settings


def parse(name: str, text: str) -> Configuration:
    """From JSON, or from a file of it; '' is the project's own defaults. Raises ConfigurationError."""
    try:
        given = json.loads(_content(text)) if text.strip() else {}
    except (ValueError, OSError) as error:
        raise ConfigurationError(f"configuration {name}: {error}") from error
    if not isinstance(given, dict):
        raise ConfigurationError(f"configuration {name} is no JSON object")
    unknown = [key for key in given if not key.startswith(_OF_THE_FUNCTION) and key not in (*_INDEX, _TITLES)]
    if unknown:
        raise ConfigurationError(f"configuration {name}: unknown {', '.join(unknown)}")
    bm25 = {_INDEX[key]: float(value) for key, value in given.items() if key in _INDEX}
    environment = {key: str(value) for key, value in given.items() if key.startswith(_OF_THE_FUNCTION)}
    reader = Reader(environment)
    more = retrieval_settings(reader)
    if reader.faults:
        raise ConfigurationError(f"configuration {name}: {'; '.join(reader.faults)}")
    vectors = Vectors(more.vectors.dimensions, more.vectors.field) if more.vectors else None
    titles = str(given.get(_TITLES, True)).lower() != "false"
    return Configuration(name, environment, Wanted(Bm25(**bm25), vectors=vectors), titles, more)


def _content(text: str) -> str:
    return text if text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8")
