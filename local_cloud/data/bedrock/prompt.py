"""Reads the backend's prompt: `<passage id="1" title="...">text</passage>` blocks and `<question>...</question>`.

Pure. Also takes Converse's own `searchResult` content blocks as passages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PASSAGE = re.compile(r"<passage\b([^>]*)>(.*?)</passage>", re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
QUESTION = re.compile(r"<question>(.*?)</question>", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A numbered passage, as the prompt gives it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Prompt:
    """What the last user message asks, and from what it is to be answered."""

    question: str
    passages: tuple[Passage, ...]


def read(messages: Sequence[Mapping[str, Any]]) -> Prompt:
    """The prompt of a Converse request's messages."""
    blocks = messages[-1]["content"]
    text = "\n".join(block["text"] for block in blocks if "text" in block)
    passages = [_passage(found) for found in PASSAGE.finditer(text)]
    results = (block["searchResult"] for block in blocks if "searchResult" in block)
    passages += [_search_result(str(n), result) for n, result in enumerate(results, len(passages) + 1)]
    asked = QUESTION.findall(text)
    question = asked[-1] if asked else PASSAGE.sub("", text)
    return Prompt(html.unescape(question).strip(), tuple(passages))


def _passage(found: re.Match[str]) -> Passage:
    attributes = dict(ATTRIBUTE.findall(found[1]))
    title = html.unescape(attributes.get("title", ""))
    return Passage(attributes.get("id", ""), title, html.unescape(found[2]).strip())


def _search_result(number: str, result: Mapping[str, Any]) -> Passage:
    text = "\n".join(part.get("text", "") for part in result.get("content", []))
    return Passage(number, str(result.get("title", "")), text)
