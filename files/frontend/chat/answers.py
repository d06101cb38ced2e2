"""An answer of the API as typed data; whatever does not fit the contract is refused here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MAX_ERROR_MESSAGE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Citation:
    """One passage that the answer rests on. `source` is a URL, a path or a document number."""

    id: str
    title: str
    source: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said: the text with markers such as `[1]`, the conversation's id, the passages, and what the
    reader should know besides, such as that this turn could not be kept."""

    response: str
    session_id: str
    citations: tuple[Citation, ...] = field(default=())
    request_id: str = ""
    notices: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Started:
    """The first line of a streamed answer: the conversation that it belongs to."""

    session_id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Words to add to a sentence that is not checked yet."""

    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A sentence as it stays, in place of its drafts."""

    text: str


Line = Started | Draft | Settled | Answer


def parse_line(line: object) -> Line | None:
    """One line of a streamed answer; None for a kind that is not known here. Raises ValueError."""
    if not isinstance(line, Mapping):
        raise ValueError("the line is not a JSON object")
    kind = line.get("type")
    if kind == "start":
        return Started(_text(line, "session_id", required=True))
    if kind == "draft":
        return Draft(_text(line, "text"))
    if kind == "text":
        return Settled(_text(line, "text"))
    return parse_answer(line) if kind == "done" else None


def parse_answer(body: object) -> Answer:
    """The API's 200 body as an Answer. Raises ValueError, which names the field that is wrong."""
    if not isinstance(body, Mapping):
        raise ValueError("the answer is not a JSON object")
    citations = body.get("citations") or []
    if not isinstance(citations, list):
        raise ValueError("citations is not a list")
    return Answer(
        response=_text(body, "response", required=True),
        session_id=_text(body, "session_id", required=True),
        citations=tuple(_citation(item, position) for position, item in enumerate(citations, start=1)),
        request_id=_text(body, "request_id"),
        notices=_notices(body),
    )


def parse_error(body: object) -> tuple[str, str, str] | None:
    """(code, message, request id) of the API's error body, or None where it is something else, such as
    API Gateway's own `{"message": "Forbidden"}`, which is not meant for employees."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return None
    code, message = error.get("code"), error.get("message")
    if not (isinstance(code, str) and code and isinstance(message, str) and message.strip()):
        return None
    request_id = error.get("request_id")
    return code, message.strip()[:MAX_ERROR_MESSAGE_CHARS], request_id if isinstance(request_id, str) else ""


def _citation(item: object, position: int) -> Citation:
    if not isinstance(item, Mapping):
        raise ValueError(f"citation {position} is not a JSON object")
    fields = {name: _text(item, name) for name in ("id", "title", "source", "snippet")}
    return Citation(**(fields | {"id": fields["id"] or str(position)}))


def _notices(body: Mapping[str, object]) -> tuple[str, ...]:
    notices = body.get("notices") or []
    if not isinstance(notices, list) or not all(isinstance(notice, str) for notice in notices):
        raise ValueError("notices is not a list of texts")
    return tuple(notices)


def _text(body: Mapping[str, object], name: str, *, required: bool = False) -> str:
    value = body.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise ValueError(f"{name} is not a text")
    return value
