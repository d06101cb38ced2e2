"""One conversation as it stands on the page."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field

from chat.answers import Answer, Draft, Line, Settled, Started
from chat.errors import ChatError


def new_session_id() -> str:
    return secrets.token_urlsafe(16)


@dataclass(slots=True)
class Turn:
    """A question and what became of it; neither answer nor error while it waits to be asked.

    `request_id` names the question to the API: asked again by a rerun of the page, it is answered and kept once.
    `settled` and `draft` are what was shown of an answer that is still coming, or never came to its end.
    """

    question: str
    answer: Answer | None = None
    error: ChatError | None = None
    cancelled: bool = False
    settled: str = ""
    draft: str = ""
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def waiting(self) -> bool:
        return self.answer is None and self.error is None and not self.cancelled

    def begin(self) -> None:
        """Nothing of the answer is there yet."""
        self.settled = self.draft = ""


@dataclass(slots=True)
class Conversation:
    """The turns so far and the id that ties them together at the API: 128 random bits, so that nobody guesses it,
    and from the first question on, so that this one too is answered and kept once however often it is sent."""

    turns: list[Turn] = field(default_factory=list)
    session_id: str = field(default_factory=new_session_id)

    def add(self, question: str) -> None:
        """Puts a question at the end; a blank one is ignored."""
        if question.strip():
            self.turns.append(Turn(question.strip()))

    def answered(self, turn: Turn, answer: Answer) -> None:
        turn.answer = answer
        self.session_id = answer.session_id

    def take(self, turn: Turn, line: Line) -> None:
        """Adds a line of a streamed answer."""
        if isinstance(line, Started):
            self.session_id = line.session_id
        elif isinstance(line, Draft):
            turn.draft += line.text
        elif isinstance(line, Settled):
            turn.settled, turn.draft = turn.settled + line.text, ""
        else:
            self.answered(turn, line)

    def retry(self) -> None:
        """Lets the last question be asked again after it failed."""
        if self.turns and self.turns[-1].error:
            self.turns[-1].error = None
            self.turns[-1].begin()

    def cancel(self) -> None:
        """No more of the last answer is waited for. The API may finish and keep it all the same."""
        if self.turns and self.turns[-1].waiting:
            self.turns[-1].cancelled = True

    def clear(self) -> None:
        """Starts a new conversation."""
        self.turns.clear()
        self.session_id = new_session_id()
