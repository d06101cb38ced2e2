"""What is put into the index: the parts of documents, as plain data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """One document of the index: a passage with its title."""

    title: str
    text: str
    vector: tuple[float, ...] = ()


@dataclass(frozen=True)
class Document:
    """One file in parts. `digest` changes with everything that the parts are made from."""

    source: str
    digest: str
    groups: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default=())


def digest_of(*made_from: object) -> str:
    """A digest of what a document is made from."""
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def part_id(collection: str, source: str, number: int) -> str:
    """The same for the same place of the same file, whoever ingests it, whenever."""
    name = hashlib.sha256(f"{collection}\n{source}".encode()).hexdigest()[:24]
    return f"{name}-{number:05d}"


def operations_of(document: Document, collection: str, vector_field: str) -> Iterator[str]:
    """The two lines of each part in a `_bulk` request, as one text."""
    for number, part in enumerate(document.parts):
        key = part_id(collection, document.source, number)
        fields = _fields(document, part, collection, key, vector_field)
        yield f'{{"index":{{"_id":"{key}"}}}}\n{json.dumps(fields, ensure_ascii=False)}\n'


def _fields(document: Document, part: Part, collection: str, key: str, vector_field: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": part.title,
        "text": part.text,
        "source": document.source,
        "collection": collection,
        "part": key,
        "parts": len(document.parts),
        "digest": document.digest,
    }
    if document.groups:  # a document without the field is for everyone
        fields["groups"] = list(document.groups)
    if part.vector:
        fields[vector_field] = list(part.vector)
    return fields
