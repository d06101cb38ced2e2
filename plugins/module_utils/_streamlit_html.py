# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the markup of a chat message (made by C(files/frontend/chat/render.py)) back into plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr"})
_LINE_ENDS = frozenset({"p", "li", "tr", "br", "h3", "h4", "h5", "h6", "pre", "div"})
# Class on the page -> field it fills.
_FIELDS = {
    "rag-answer": "answer",
    "rag-error-message": "error",
    "rag-request-id": "request_id",
    "rag-source-title": "title",
    "rag-source-ref": "source",
    "rag-source-snippet": "snippet",
}


@dataclass
class ChatAnswer:
    """A message of the assistant: text with markers such as C([1]), its sources, or an error instead."""

    answer: str = ""
    sources: list[dict[str, str]] = field(default_factory=list)
    error: str = ""
    request_id: str = ""


def read_message(html: str) -> ChatAnswer:
    """The parts of a message; text outside the known parts counts only where there is no known part at all."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    texts = {name: _tidy(text) for name, text in reader.texts.items()}
    request_id = texts.get("request_id", "").rpartition(":")[2].strip()
    sources = [{name: _tidy(text) for name, text in source.items()} for source in reader.sources]
    answer = texts.get("answer", "") or ("" if texts or sources else _tidy(reader.other))
    return ChatAnswer(answer, sources, texts.get("error", ""), request_id)


def _tidy(text: str) -> str:
    return re.sub(r"\n{2,}", "\n", re.sub(r"[ \t]+", " ", text)).strip()


class _Reader(HTMLParser):
    """Sorts text by the innermost known class around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, str] = {}
        self.sources: list[dict[str, str]] = []
        self.other = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if "rag-source" in classes:
            self.sources.append({"title": "", "source": "", "snippet": ""})
        if tag == "br":
            self.handle_data("\n")
        if tag in _VOID:
            return
        known = next((_FIELDS[name] for name in classes if name in _FIELDS), "")
        self._open.append("style" if tag == "style" else known or (self._open[-1] if self._open else ""))
        if "rag-cite" in classes:
            self.handle_data("[")
            self._open[-1] += "/cite"

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self._open:
            return
        if self._open[-1].endswith("/cite"):
            self.handle_data("]")
        if tag in _LINE_ENDS:
            self.handle_data("\n")
        elif tag in ("td", "th"):
            self.handle_data(" ")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        name = self._open[-1].removesuffix("/cite") if self._open else ""
        if name in ("title", "source", "snippet") and self.sources:
            self.sources[-1][name] += data
        elif name and name != "style":
            self.texts[name] = self.texts.get(name, "") + data
        elif not name:
            self.other += data
