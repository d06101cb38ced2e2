"""Questions with the passages that answer them: one JSON object a line.

`{"type": "passage", "pid", "title", "text"}` is a document; `{"type": "question", "qid", "question", "pid", "answers"}`
a question. Of an index that exists already, `pid` is the document's `source`, and no passages are needed. A question
whose `pid` is null has no answer in the documents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class DataError(ValueError):
    """The file is not what it should be; the message names the line."""


@dataclass(frozen=True)
class Document:
    pid: str
    title: str
    text: str


@dataclass(frozen=True)
class Asked:
    """`position`: in the file, counted from 0; questions of even position are for tuning, odd ones for reporting."""

    qid: str
    question: str
    pid: str | None
    answers: tuple[str, ...]
    position: int

    @property
    def half(self) -> str:
        return "odd" if self.position % 2 else "even"


@dataclass(frozen=True)
class Data:
    documents: tuple[Document, ...]
    questions: tuple[Asked, ...]


def read(path: Path) -> Data:
    """The whole file. Raises DataError."""
    documents: list[Document] = []
    questions: list[Asked] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if entry["type"] == "passage":
                documents.append(Document(str(entry["pid"]), str(entry.get("title", "")), str(entry["text"])))
            elif entry["type"] == "question":
                questions.append(_question(entry, len(questions)))
            else:
                raise DataError(f"line {number}: type is neither passage nor question")
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"line {number}: {type(error).__name__}: {error}") from error
    if not questions:
        raise DataError(f"{path} holds no question")
    return Data(tuple(documents), tuple(questions))


def _question(entry: dict[str, Any], position: int) -> Asked:
    pid = entry["pid"]
    answers = tuple(str(answer) for answer in entry.get("answers", ()))
    return Asked(str(entry["qid"]), str(entry["question"]), None if pid is None else str(pid), answers, position)
