"""One question, followed through: rewrite -> retrieve -> ground -> generate -> verify citations -> store turn.

`prepare` and `conclude` are what a buffered and a streamed answer have in common; between them the model speaks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rag import answers, citations, links, prompt
from rag.clock import Deadline, Stopwatch
from rag.domain import Answer, Generation, Passage, Prompt, Question, Turn
from rag.errors import HistoryUnavailableError, ModelUnavailableError
from rag.grounding import GroundingLimits, cite, ground
from rag.ports import History, Model, Retriever
from rag.rewrite import rewrite
from rag.text import visible

# stopReason of the Converse API: the text is not the model's answer but a filter's; or it ends too early.
_BLOCKED = frozenset({"guardrail_intervened", "content_filtered"})
_CUT_OFF = frozenset({"max_tokens", "model_context_window_exceeded"})


@dataclass(frozen=True, slots=True)
class Policy:
    """How the pipeline decides. `history_required`: whether a question fails where history cannot be read.

    `reserve_seconds`: what the model must leave of the time for storing the turn and answering.
    """

    grounding: GroundingLimits = field(default_factory=GroundingLimits)
    history_required: bool = True
    reserve_seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known before the model speaks. No passages: nothing was found, and no model is called."""

    query: str
    passages: tuple[Passage, ...]
    prompt: Prompt | None


@dataclass(slots=True)
class Progress:
    """What a turn leaves for the log and for the edges of the response: figures, no content."""

    watch: Stopwatch
    counts: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    history_saved: bool = True


class Pipeline:
    """Answers questions through three ports; holds no state between questions."""

    def __init__(self, retriever: Retriever, model: Model, history: History, policy: Policy) -> None:
        self._retriever, self._model, self._history, self._policy = retriever, model, history, policy

    def answer(self, question: Question, deadline: Deadline, progress: Progress) -> Answer:
        """The answer, stored. Raises the RagError of the stage that failed."""
        if question.may_be_a_repeat and (earlier := self._history.find(question)) is not None:
            progress.facts["outcome"] = "repeated"
            return earlier
        prepared = self.prepare(question, deadline, progress)
        if prepared.prompt is None:
            progress.facts["outcome"] = "not_found"
            return self._store(question, Answer(answers.not_found(question.text)), progress)
        with progress.watch.stage("model"):
            generation = self._model.generate(
                prepared.prompt, deadline.within(deadline.remaining(), keep=self._policy.reserve_seconds)
            )
        return self.conclude(question, prepared, generation, progress)

    def prepare(self, question: Question, deadline: Deadline, progress: Progress) -> Prepared:
        """Everything up to the prompt."""
        with progress.watch.stage("history_read"):
            turns = self._recall(question, progress)
        query = rewrite(question.text, turns)
        with progress.watch.stage("search"):
            found = self._retriever.retrieve(query, question.caller.groups, deadline)
        with progress.watch.stage("ground"):
            passages = ground(query, found, self._policy.grounding)
        progress.counts |= {"turns": len(turns), "retrieved": len(found), "grounded": len(passages)}
        return Prepared(query, passages, prompt.build(question.text, passages, turns) if passages else None)

    def conclude(self, question: Question, prepared: Prepared, generation: Generation, progress: Progress) -> Answer:
        """Checks what the model said, and stores the turn."""
        progress.facts["stop_reason"] = generation.stop_reason
        progress.counts |= {
            "input_tokens": generation.input_tokens,
            "output_tokens": generation.output_tokens,
        }
        answer = checked(question.text, prepared, generation, progress)
        return self._store(question, answer, progress)

    def _recall(self, question: Question, progress: Progress) -> tuple[Turn, ...]:
        try:
            return self._history.recent(question)
        except HistoryUnavailableError as error:
            if self._policy.history_required:
                raise
            progress.facts["history_error"] = error.reason
            progress.notices.append(answers.HISTORY_NOT_READ)
            return ()

    def _store(self, question: Question, answer: Answer, progress: Progress) -> Answer:
        """Stores the turn. An answer that is there is not withheld because it could not be stored."""
        try:
            with progress.watch.stage("history_write"):
                if self._history.record(question, answer):
                    return answer
                progress.facts["outcome"] = "repeated"
                return self._history.find(question) or answer
        except HistoryUnavailableError as error:
            progress.facts["history_error"] = error.reason
            progress.notices.append(answers.HISTORY_NOT_SAVED)
            progress.history_saved = False
            return answer


def checked(question: str, prepared: Prepared, generation: Generation, progress: Progress) -> Answer:
    """The model's words as they may be shown. Raises ModelUnavailableError where there are none."""
    if generation.stop_reason in _BLOCKED:
        progress.facts["outcome"] = "blocked"
        return Answer(answers.blocked(question))
    verified = _settled(visible(generation.text), prepared.passages)
    if not verified.text:
        raise ModelUnavailableError(f"no text, stopReason {generation.stop_reason}")
    progress.counts |= {"cited": len(verified.cited), "invented_citations": verified.invented}
    progress.facts.setdefault("outcome", "answered")
    ending = f"\n\n{answers.cut_off(question)}" if generation.stop_reason in _CUT_OFF else ""
    cited = tuple(cite(number, prepared.passages[number - 1], prepared.query) for number in verified.cited)
    return Answer(verified.text + ending, cited)


def _settled(text: str, passages: tuple[Passage, ...]) -> citations.Verified:
    """Citations verified and links defused until neither finds anything: each can uncover the other's."""
    known = [f"{passage.source}\n{passage.text}" for passage in passages]
    verified, invented = citations.verify(text, len(passages)), 0
    while (defused := links.defuse(verified.text, known)) != verified.text:
        invented += verified.invented
        verified = citations.verify(defused, len(passages))
    return citations.Verified(verified.text, verified.cited, verified.invented + invented)
