"""Files as documents: read, parsed and cut in parts, each only where the index does not hold it already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from ingest import chunks, formats
from ingest.formats import Markdown, UnreadableError
from ingest.listing import File
from ingest.parts import Document, digest_of
from ingest.sync import Todo

# Raised when the same bytes are to give other parts: every document is then written anew.
_VERSION = 1
_FENCE = "---\n"
_MOST_CHARS = 20_000_000


@dataclass(frozen=True)
class Reading:
    """How files become documents. `part_chars`: the longest part; `most_bytes`: the largest file that is read.

    `to_markdown` is the parser; the ingestion's is in a process of its own (`ingest.isolated`).
    """

    part_chars: int = 1000
    most_bytes: int = 100 * 1024 * 1024
    to_markdown: Callable[[str, bytes], Markdown] = formats.to_markdown


def todos(files: list[File], reading: Reading) -> Iterator[Todo]:
    """Each file with its digest; its parts are made only where that is not in the index.

    A file that cannot be read is a Todo that says why when it is asked for: the others are done all the same.
    """
    for file in files:
        try:
            data = _data(file, reading)
        except UnreadableError as error:
            yield Todo(file.source, "", partial(_raise, error))
            continue
        digest = digest_of(_VERSION, sha256(data).hexdigest(), file.source, file.groups, reading.part_chars)
        yield Todo(file.source, digest, partial(document, file, data, digest, reading))


def _data(file: File, reading: Reading) -> bytes:
    if file.fault:
        raise UnreadableError(file.fault)
    try:
        with open(file.path, "rb") as stream:
            data = stream.read(reading.most_bytes + 1)
    except OSError as error:
        raise UnreadableError(f"it cannot be read: {error.strerror}") from error
    if len(data) > reading.most_bytes:
        raise UnreadableError(f"larger than {reading.most_bytes // 2**20} MB: split it, or leave it out (--exclude)")
    return data


def _raise(error: UnreadableError) -> Document:
    raise error


def document(file: File, data: bytes, digest: str, reading: Reading) -> Document:
    """The parts of one file; none for an empty one. Raises UnreadableError."""
    if not data:
        return Document(file.source, digest, file.groups)
    matter, made = _with_front_matter(reading.to_markdown(file.suffix, data))
    if len(made.text) > _MOST_CHARS:
        raise UnreadableError(f"{len(made.text):,} characters of text, more than {_MOST_CHARS:,}: split it")
    title = str(matter.get("title") or "") or made.title or _first_heading(made.text) or Path(file.source).stem
    return Document(file.source, digest, file.groups, chunks.parts(title, made.text, reading.part_chars))


def _with_front_matter(made: Markdown) -> tuple[Mapping[str, Any], Markdown]:
    """What stands between two lines of `---` at the top, as YAML, and the text below."""
    text = made.text.replace("\r\n", "\n")
    if not text.startswith(_FENCE):
        return {}, made
    head, closed, rest = text[len(_FENCE) :].partition(f"\n{_FENCE}")
    if not closed:
        return {}, made
    try:
        matter = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise UnreadableError(f"its front matter is no YAML: {str(error)[:200]}") from error
    return (matter, Markdown(rest, made.title)) if isinstance(matter, dict) else ({}, made)


def _first_heading(text: str) -> str:
    return next((section.path[0] for section in chunks.sections(text) if section.path), "")
