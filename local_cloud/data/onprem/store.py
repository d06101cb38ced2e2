"""One index of the embedded search: documents, and the part of the query language that a RAG backend uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.data.onprem import bm25

Json = dict[str, Any]
Matches = dict[str, float]


class QueryError(ValueError):
    """The query uses what the embedded search does not know."""


class Index:
    """Documents by id; every string field is searchable, and so is what `copy_to` makes of it."""

    def __init__(self, body: Json | None = None) -> None:
        self.body: Json = body or {}
        self.documents: dict[str, Json] = {}
        self._terms: dict[str, dict[str, Counter[str]]] = {}

    @property
    def properties(self) -> Json:
        found: Json = self.body.get("mappings", {}).get("properties", {})
        return found

    def put(self, key: str, document: Json) -> str:
        """Adds or replaces a document; 'created' or 'updated'."""
        result = "updated" if key in self.documents else "created"
        self.delete(key)
        self.documents[key] = document
        for field, texts in self._texts(document).items():
            self._terms.setdefault(field, {})[key] = bm25.count(texts)
        return result

    def delete(self, key: str) -> bool:
        """False where there is no such document."""
        for by_document in self._terms.values():
            by_document.pop(key, None)
        return self.documents.pop(key, None) is not None

    def search(self, query: Json | None) -> list[tuple[str, float]]:
        """(id, score), best first; a missing query matches all. Raises QueryError."""
        found = self._evaluate(query or {"match_all": {}})
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def _texts(self, document: Json) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = {}
        for name, value in document.items():
            values = [str(v) for v in (value if isinstance(value, list) else [value])]
            copied = self.properties.get(name, {}).get("copy_to", [])
            for field in [name, *([copied] if isinstance(copied, str) else copied)]:
                texts.setdefault(field, []).extend(values)
        return texts

    def _evaluate(self, query: Json) -> Matches:
        if len(query) != 1:
            raise QueryError("a query has exactly one key")
        ((kind, body),) = query.items()
        known: dict[str, Callable[[Json], Matches]] = {
            "match_all": lambda _: dict.fromkeys(self.documents, 1.0),
            "match": self._match,
            "multi_match": self._multi_match,
            "bool": self._bool,
            "term": self._term,
            "terms": self._term,
            "exists": lambda b: {k: 1.0 for k, d in self.documents.items() if b["field"] in d},
            "ids": lambda b: {k: 1.0 for k in b["values"] if k in self.documents},
        }
        if kind not in known:
            raise QueryError(f"the embedded search does not know the query [{kind}]")
        return known[kind](body)

    def _match(self, body: Json) -> Matches:
        ((field, value),) = body.items()
        text, boost = (value["query"], value.get("boost", 1.0)) if isinstance(value, dict) else (value, 1.0)
        return self._score(field, str(text), boost)

    def _score(self, field: str, text: str, boost: float) -> Matches:
        # A sub-field (`body.ja`) is the same text in another analysis; here there is one analysis.
        counts = self._terms.get(field.partition(".")[0], {})
        return {key: score * boost for key, score in bm25.scores(text, counts).items()}

    def _multi_match(self, body: Json) -> Matches:
        total = body.get("type") == "most_fields"
        merged: Matches = {}
        for field in body.get("fields") or list(self._terms):
            name, _caret, boost = field.partition("^")
            for key, score in self._score(name, str(body["query"]), float(boost or 1)).items():
                known = merged.get(key, 0.0)
                merged[key] = known + score if total else max(known, score)
        return merged

    def _term(self, body: Json) -> Matches:
        ((field, value),) = ((k, v) for k, v in body.items() if k != "boost")
        wanted = value.get("value") if isinstance(value, dict) else value
        accepted = {str(v) for v in (wanted if isinstance(wanted, list) else [wanted])}
        name = field.removesuffix(".keyword")
        return {key: 1.0 for key, document in self.documents.items() if accepted & _values(document, name)}

    def _bool(self, body: Json) -> Matches:
        must = [self._evaluate(q) for q in _listed(body.get("must"))]
        needed = must + [dict.fromkeys(self._evaluate(q), 0.0) for q in _listed(body.get("filter"))]
        should = [self._evaluate(q) for q in _listed(body.get("should"))]
        least = int(body.get("minimum_should_match", 0 if needed or not should else 1))
        refused = {key for q in _listed(body.get("must_not")) for key in self._evaluate(q)}
        found: Matches = {}
        for key in self.documents.keys() - refused:
            hits = [q[key] for q in should if key in q]
            if all(key in q for q in needed) and len(hits) >= least:
                found[key] = sum(q[key] for q in needed) + sum(hits)
        return found


def _listed(value: Any) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _values(document: Mapping[str, Any], field: str) -> set[str]:
    value = document.get(field)
    return {str(v) for v in (value if isinstance(value, list) else [value]) if v is not None}
