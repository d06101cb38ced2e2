"""The search request and its answer as plain data: which fields to ask, the query, the hits. No I/O.

Works with Elasticsearch 7, 8, 9 and OpenSearch: `match` and `multi_match` only, no licensed retriever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from rag.domain import Passage
from rag.text import fold, one_line, visible

# The field that holds title and text together, and is nearest to what we want where the index has it.
COMBINED_FIELD = "body"
_TITLE_BOOST = 1.5
# Lucene refuses a query of more than 1,024 clauses (indices.query.bool.max_clause_count). An analyser of
# unigrams and bigrams makes two of every character, in every field.
_MOST_CLAUSES = 900
_CLAUSES_PER_CHAR = 2
_LONGEST_QUERY = 300
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Names:
    """The index's names for what we show."""

    title: str
    text: str
    source: str
    groups: str = "groups"


def readable_by(groups: frozenset[str], names: Names) -> dict[str, Any]:
    """The filter of what these groups may read: documents without groups, and those of one of the groups."""
    public = {"bool": {"must_not": [{"exists": {"field": names.groups}}]}}
    own = [{"terms": {names.groups: sorted(groups)}}] if groups else []
    return {"bool": {"should": [public, *own], "minimum_should_match": 1}}


def searchable_fields(mapping: object, names: Names) -> tuple[str, ...]:
    """The fields to search, by the answer of `GET index/_mapping`.

    With a combined text field: that one and its text sub-fields (by which it is analysed in other ways, such
    as morphologically). Otherwise title and text with theirs. An alias or pattern can name several indices:
    only what all of them have counts. Without any known mapping: title and text.
    """
    indices = [_properties(index) for index in mapping.values()] if isinstance(mapping, Mapping) else []
    combined = _in_all([_text_fields(properties, COMBINED_FIELD) for properties in indices])
    if combined:
        return combined
    title = _in_all([_text_fields(properties, names.title) for properties in indices]) or (names.title,)
    text = _in_all([_text_fields(properties, names.text) for properties in indices]) or (names.text,)
    return (*(f"{field}^{_TITLE_BOOST:g}" for field in title), *text)


def build_query(
    query: str,
    fields: tuple[str, ...],
    names: Names,
    size: int,
    filters: tuple[Mapping[str, Any], ...] = (),
    min_score: float = 0.0,
) -> dict[str, Any]:
    """The body of `_search`. `filters` restrict what may be found at all, inside the query.

    `min_score`: hits below are left out, in the server's own measure; 0 for none.
    """
    longest = min(_LONGEST_QUERY, _MOST_CLAUSES // (_CLAUSES_PER_CHAR * len(fields)))
    match = {"multi_match": {"query": shorten(query, longest), "fields": list(fields), "type": "most_fields"}}
    return {
        "size": size,
        "track_total_hits": False,
        "_source": [names.title, names.text, names.source, names.groups],
        "query": {"bool": {"must": [match], "filter": list(filters)}},
        **({"min_score": min_score} if min_score else {}),
    }


def shorten(query: str, longest: int) -> str:
    """The query on one line; of a long one beginning and end, where questions stand in a pasted text."""
    line = one_line(fold(query))
    if len(line) <= longest:
        return line
    half = longest // 2
    return f"{line[:half]} {line[-(longest - half - 1) :]}"


def passages(answer: object, names: Names) -> tuple[Passage, ...] | None:
    """The hits, best first; a hit without text is left out. None where the answer is not one of `_search`."""
    outer = answer.get("hits") if isinstance(answer, Mapping) else None
    hits = outer.get("hits") if isinstance(outer, Mapping) else None
    if not isinstance(hits, list):
        return None
    return tuple(passage for hit in hits if (passage := _passage(hit, names)) is not None)


def error_type(answer: object) -> str:
    """The type of the server's error, such as `index_not_found_exception`. Never its reason: it quotes."""
    error = answer.get("error") if isinstance(answer, Mapping) else None
    kind = error.get("type") if isinstance(error, Mapping) else None
    return kind if isinstance(kind, str) else ""


def _passage(hit: object, names: Names) -> Passage | None:
    document = hit.get("_source") if isinstance(hit, Mapping) else None
    if not isinstance(hit, Mapping) or not isinstance(document, Mapping):
        return None
    text = _value(document, names.text)
    if not text:
        return None
    document_id, source, score = str(hit.get("_id", "")), one_line(_value(document, names.source)), hit.get("_score")
    return Passage(
        document_id=document_id,
        title=one_line(_value(document, names.title)) or source or document_id,
        text=text,
        source=source,
        # JSON as Python reads it has NaN and Infinity, on which no order can be built.
        score=float(score) if isinstance(score, int | float) and isfinite(score) else 0.0,
        groups=frozenset(_value(document, names.groups).split("\n")) - {""},
    )


def _value(document: Mapping[str, object], path: str) -> str:
    """A field as text; `path` may lead into objects (`meta.title`), several values are joined."""
    value: object = document.get(path)
    if value is None:
        value = document
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    texts = [str(item) for item in values if isinstance(item, str | int | float)]
    return visible("\n".join(texts)[:_LONGEST_TEXT]).strip()


def _properties(index: object) -> Mapping[str, object]:
    mappings = index.get("mappings") if isinstance(index, Mapping) else None
    properties = mappings.get("properties") if isinstance(mappings, Mapping) else None
    return properties if isinstance(properties, Mapping) else {}


def _text_fields(properties: Mapping[str, object], path: str) -> tuple[str, ...]:
    """The field, and its sub-fields, that are of type text; () where the field is not."""
    field: object = {"properties": properties}
    for name in path.split("."):
        inner = field.get("properties") if isinstance(field, Mapping) else None
        field = inner.get(name) if isinstance(inner, Mapping) else None
    if not isinstance(field, Mapping) or field.get("type") != "text":
        return ()
    more = field.get("fields")
    names = sorted(more) if isinstance(more, Mapping) else []
    texts = [name for name in names if isinstance(more, Mapping) and _is_text(more[name])]
    return (path, *(f"{path}.{name}" for name in texts))


def _is_text(field: object) -> bool:
    return isinstance(field, Mapping) and field.get("type") == "text"


def _in_all(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    first, *others = found or [()]
    return tuple(field for field in first if all(field in other for other in others))
