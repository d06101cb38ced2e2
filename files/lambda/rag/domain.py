"""The plain data that the stages hand to each other. No behaviour, no AWS, no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. Both come from what a verified token says, never from a field that a user can type."""

    user: str = ANONYMOUS
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `idempotency_key` names the attempt: the same key is answered and stored once."""

    text: str
    session_id: str
    caller: Caller
    idempotency_key: str
    may_be_a_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One document, or part of one, as search gave it. `score` orders; it has no absolute scale.

    `groups`: who may read it; empty: everyone.
    """

    document_id: str
    title: str
    text: str
    source: str
    score: float
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that the answer names by `[id]`; `snippet` is its part nearest to the question."""

    id: str
    title: str
    source: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets: the text with `[n]` markers, and exactly the passages that it cites."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Words of a sentence that is not whole yet, and not checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A sentence as it stays, in the place of its drafts; "" where it was left out."""

    text: str


Shown = Draft | Settled


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, as remembered from this conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the model's conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is given: the rules, then messages that start and end with the user's."""

    system: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """What the model gave. `stop_reason` is the Converse API's; tokens are 0 where it did not say."""

    text: str
    stop_reason: str
    input_tokens: int = 0
    output_tokens: int = 0
