"""Which files of a folder are documents, what they are called in the index, and who may read them.

`.access.yml` in a folder says who may read what is in it and below: `groups: [hr, board]`; an empty list is everyone.
The nearest one holds. A file that cannot be understood stops the run: nothing is made public by a typing error. So
does a folder that cannot be listed: what is in it would count as deleted.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from unicodedata import normalize

import yaml

from ingest import formats
from ingest.encodings import decode
from ingest.server import IngestError

ACCESS = ".access.yml"


@dataclass(frozen=True)
class File:
    """One file; `source` is its path below the folder, with slashes, in the same form on every system (NFC).

    `fault`: why it is not to be read; '' for nearly all.
    """

    path: str
    source: str
    suffix: str
    groups: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class Patterns:
    """Which files are wanted: one of `include` (all where there is none), and none of `exclude`.

    As of a shell, `*` also for slashes. A pattern without a slash is one of names: `*.draft.md`, `~*`.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def want(self, source: str) -> bool:
        return (not self.include or _matches(source, self.include)) and not _matches(source, self.exclude)


@dataclass
class Listing:
    """`passed_over`: how many files of which suffix were no documents (`link` for links, `excluded` by a pattern)."""

    files: list[File] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def sources(self) -> frozenset[str]:
        return frozenset(file.source for file in self.files)


def listing(folder: Path, patterns: Patterns = Patterns()) -> Listing:
    """Every file of a known format, by path. Hidden ones, Office's own (`~$`) and links are passed over."""
    if not folder.is_dir():
        raise IngestError(f"{folder} is no folder")
    found, sources = Listing(), dict[str, str]()
    for entry, source, groups in _walk(str(folder), "", ()):
        suffix = os.path.splitext(entry.name)[1].lower()
        if entry.is_symlink():
            found.passed_over["link"] += 1
        elif suffix not in formats.SUFFIXES:
            found.passed_over[suffix or "without a suffix"] += 1
        elif not patterns.want(source):
            found.passed_over["excluded"] += 1
        else:
            found.files.append(_file(entry.path, source, suffix, groups, sources))
    found.files.sort(key=lambda file: file.source)
    return found


def _file(path: str, source: str, suffix: str, groups: tuple[str, ...], sources: dict[str, str]) -> File:
    """Two files can bear one name: é can be one character or two, and Windows and macOS take them for the same."""
    if source not in sources:
        sources[source] = path
        return File(path, source, suffix, groups)
    number = 2
    while (other := f"{source} ({number})") in sources:
        number += 1
    sources[other] = path
    return File(path, other, suffix, groups, f"it is called as another file, {source}, is: rename one of them")


def _walk(place: str, below: str, groups: tuple[str, ...]) -> Iterator[tuple[os.DirEntry[str], str, tuple[str, ...]]]:
    """Every file that is not hidden, with its source and groups. Raises IngestError for a folder not to be listed."""
    groups = _groups(Path(place, ACCESS), groups)
    try:
        with os.scandir(place) as scanned:
            # Of two names that are shown as one, the one that is as it is shown comes first, and has it.
            named = sorted((shown(entry.name), entry.name != shown(entry.name), entry.path, entry) for entry in scanned)
    except OSError as error:
        raise IngestError(f"{shown(place)} cannot be listed: {error.strerror}") from error
    for name, _is_other, _path, entry in named:
        if name.startswith((".", "~$")):
            continue
        source = below + name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{source}/", groups)
        elif entry.is_symlink() or entry.is_file():
            yield entry, source, groups


def shown(name: str) -> str:
    """A name as text: composed as every system but macOS has it, and decoded where it is not in UTF-8.

    Archives from Japanese Windows leave names in Shift_JIS on Linux.
    """
    try:
        name.encode()
    except UnicodeEncodeError:  # what os.fsdecode makes of other bytes
        name = decode(os.fsencode(name))
    return name if name.isascii() else normalize("NFC", name)


def _matches(source: str, patterns: tuple[str, ...]) -> bool:
    name = source.rpartition("/")[2]
    return any(fnmatchcase(source if "/" in pattern else name, normalize("NFC", pattern)) for pattern in patterns)


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
