"""Markdown in parts that can stand alone: split at headings, paragraphs and sentences, headings kept.

semantic-text-splitter does the splitting (its sentences are Unicode's, so that 。 ends one); what it does not do is to
tell under which headings a part stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text import one_line, visible
from semantic_text_splitter import MarkdownSplitter

from ingest.parts import Part

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_BLANK_LINES = re.compile(r"\n{3,}")
_TITLE_CHARS = 200
_BETWEEN = " > "
_LEAST_SHARE = 3
"""A section shorter than a third of the longest part is joined with its neighbours."""


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `path` are that heading and those above it. `text` is without the heading.

    `heading` is its own line, for where it is to be seen in a part that begins before it.
    """

    path: tuple[str, ...]
    text: str
    heading: str = ""


def parts(title: str, markdown: str, longest: int) -> tuple[Part, ...]:
    """The parts of one document, each at most `longest` characters. A short document is one part."""
    text = _BLANK_LINES.sub("\n\n", visible(markdown)).strip()
    if not text:
        return ()
    if len(text) <= longest:
        return (Part(_title(title, ()), text),)
    splitter = MarkdownSplitter((longest * 2 // _LEAST_SHARE, longest))
    found = []
    for section in _gathered(sections(text), longest):
        found += [Part(_title(title, section.path), piece) for piece in splitter.chunks(section.text)]
    return tuple(found)


def sections(markdown: str) -> Iterator[Section]:
    """The text cut at its headings (those in a code block are none)."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    own, fenced = "", False
    for line in markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield from _section(path, lines, own)
        level = len(heading[1])
        path = [*((depth, name) for depth, name in path if depth < level), (level, one_line(heading[2]))]
        lines, own = [], line
    yield from _section(path, lines, own)


def _section(path: list[tuple[int, str]], lines: list[str], heading: str) -> Iterator[Section]:
    """Nothing for a heading with nothing under it: those below it bear its name."""
    text = "\n".join(lines).strip()
    if text:
        yield Section(tuple(name for _depth, name in path), text, heading)


def _gathered(found: Iterator[Section], longest: int) -> Iterator[Section]:
    """Short sections that follow each other under the same upper heading, together."""
    held: Section | None = None
    for section in found:
        if held is None:
            held = section
            continue
        common = _common(held.path, section.path)
        before = held.text if held.path == common else f"{held.heading}\n{held.text}"
        together = f"{before}\n\n{section.heading}\n{section.text}"
        short = min(len(held.text), len(section.text)) < longest // _LEAST_SHARE
        if short and len(together) <= longest and common:
            held = Section(common, together)
        else:
            yield held
            held = section
    if held:
        yield held


def _common(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    shared = 0
    while shared < min(len(first), len(second)) and first[shared] == second[shared]:
        shared += 1
    return first[:shared]


def _title(title: str, path: tuple[str, ...]) -> str:
    """`規程 > 第2章 > 旅費`; a heading that only says the title again is left out."""
    names = [title, *(name for name in path if name != title)]
    return one_line(visible(_BETWEEN.join(filter(None, names))))[:_TITLE_CHARS]
