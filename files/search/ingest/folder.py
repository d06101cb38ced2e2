"""A folder as documents: which files, who may read them, what they are called.

`.access.yml` in a folder says who may read what is in it and below: `groups: [hr, board]`; an empty list is everyone.
The nearest one holds. A file that cannot be understood stops the run: nothing is made public by a typing error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from ingest import chunks, formats
from ingest.encodings import decode
from ingest.formats import Markdown
from ingest.parts import Document, digest_of
from ingest.server import IngestError
from ingest.sync import Todo

ACCESS = ".access.yml"
# Raised when the same bytes are to give other parts: every document is then written anew.
_VERSION = 1
_FENCE = "---\n"


@dataclass(frozen=True)
class File:
    """One file; `source` is its path below the folder, with slashes."""

    path: Path
    source: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How files become documents. `part_chars`: the longest part; `most_bytes`: the largest file that is read."""

    part_chars: int = 1000
    most_bytes: int = 100 * 1024 * 1024


def files(folder: Path) -> list[File]:
    """Every file of a known format, by path. Hidden ones, Office's own (`~$`) and links are passed over."""
    if not folder.is_dir():
        raise IngestError(f"{folder} is no folder")
    found = []
    groups_of: dict[Path, tuple[str, ...]] = {}
    for place, below, names in os.walk(folder):
        here = Path(place)
        below[:] = sorted(name for name in below if not name.startswith(".") and not (here / name).is_symlink())
        groups_of[here] = _groups(here / ACCESS, groups_of.get(here.parent, ()))
        for name in sorted(names):
            path = here / name
            if name.startswith((".", "~$")) or path.is_symlink() or path.suffix.lower() not in formats.SUFFIXES:
                continue
            found.append(File(path, path.relative_to(folder).as_posix(), groups_of[here]))
    return found


def todos(found: list[File], reading: Reading) -> Iterator[Todo]:
    """Each file with its digest; its parts are made only where that is not in the index."""
    for file in found:
        size = file.path.stat().st_size
        if size > reading.most_bytes:
            raise IngestError(f"{file.source}: {size} bytes, more than {reading.most_bytes}")
        data = file.path.read_bytes()
        digest = digest_of(_VERSION, sha256(data).hexdigest(), file.source, file.groups, reading.part_chars)
        yield Todo(file.source, digest, partial(document, file, data, digest, reading))


def document(file: File, data: bytes, digest: str, reading: Reading) -> Document:
    """The parts of one file. Raises UnreadableError."""
    matter, made = _with_front_matter(formats.to_markdown(file.path.suffix, data))
    title = str(matter.get("title") or "") or made.title or _first_heading(made.text) or file.path.stem
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
        raise formats.UnreadableError(f"its front matter is no YAML: {str(error)[:200]}") from error
    return (matter, Markdown(rest, made.title)) if isinstance(matter, dict) else ({}, made)


def _first_heading(text: str) -> str:
    return next((section.path[0] for section in chunks.sections(text) if section.path), "")


def _groups(path: Path, above: tuple[str, ...]) -> tuple[str, ...]:
    if not path.exists():
        return above
    try:
        content = yaml.safe_load(decode(path.read_bytes()))
    except yaml.YAMLError as error:
        raise IngestError(f"{path} is no YAML: {str(error)[:200]}") from error
    groups = content.get("groups") if isinstance(content, dict) and set(content) == {"groups"} else None
    if not isinstance(groups, list) or not all(isinstance(name, str) and name.strip() for name in groups):
        raise IngestError(f"{path}: exactly one key is wanted, groups, a list of names ([] for everyone)")
    return tuple(sorted({name.strip() for name in groups}))
