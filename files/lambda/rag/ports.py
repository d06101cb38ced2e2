"""What the core asks of the world. Adapters: `search`, `bedrock`, `history`; the tests have their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rag.clock import Deadline
from rag.domain import Answer, Generation, Passage, Prompt, Question, Turn


class Retriever(Protocol):
    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """The passages nearest to `query` that a member of `groups` may read, best first; at most ES_SIZE.

        A document without groups is for everyone, and with no groups only such documents are found: the
        condition is part of the query, so that what may not be read is never fetched.
        Raises SearchUnavailableError or SearchTimeoutError.
        """


class Model(Protocol):
    def generate(self, prompt: Prompt, deadline: Deadline) -> Generation:
        """The whole answer at once. Raises ModelUnavailableError, ModelThrottledError, ModelTimeoutError or
        PromptTooLongError."""

    def stream(self, prompt: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        """The answer's pieces as they come, at the end the Generation with empty text. Raises the same errors,
        also in the middle. At the deadline it ends with stop_reason `time_limit` if something was said."""


class History(Protocol):
    """A conversation belongs to one user: every call is keyed by the question's caller and session."""

    def recent(self, question: Question) -> tuple[Turn, ...]:
        """The last turns of the question's conversation, oldest first. Raises HistoryUnavailableError."""

    def find(self, question: Question) -> Answer | None:
        """What was already answered to this idempotency key. Raises HistoryUnavailableError."""

    def record(self, question: Question, answer: Answer) -> bool:
        """Stores the turn whole or not at all; False where this idempotency key is stored already.

        Raises HistoryUnavailableError.
        """
