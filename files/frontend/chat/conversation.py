"""One conversation as it stands on the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from chat.answers import Answer
from chat.errors import ChatError


@dataclass(slots=True)
class Turn:
    """A question and what became of it; neither answer nor error while it waits to be asked."""

    question: str
    answer: Answer | None = None
    error: ChatError | None = None

    @property
    def waiting(self) -> bool:
        return self.answer is None and self.error is None


@dataclass(slots=True)
class Conversation:
    """The turns so far and the id that the API gave on the first answer: it ties the turns together there."""

    turns: list[Turn] = field(default_factory=list)
    session_id: str | None = None

    def add(self, question: str) -> None:
        """Puts a question at the end; a blank one is ignored."""
        if question.strip():
            self.turns.append(Turn(question.strip()))

    def answered(self, turn: Turn, answer: Answer) -> None:
        turn.answer = answer
        self.session_id = answer.session_id

    def retry(self) -> None:
        """Lets the last question be asked again after it failed."""
        if self.turns and self.turns[-1].error:
            self.turns[-1].error = None

    def clear(self) -> None:
        """Starts a new conversation."""
        self.turns.clear()
        self.session_id = None
