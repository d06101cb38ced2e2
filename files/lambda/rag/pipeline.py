"""One question, followed through: rewrite -> retrieve -> ground -> generate -> verify sentences -> store turn.

A buffered and a streamed answer differ only in how the model is asked; its words take the same way (`composing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rag import answers, budget, prompt
from rag.clock import Deadline, Stopwatch
from rag.composing import Composer, Style, settled
from rag.domain import Answer, Generation, Passage, Prompt, Question, Shown, Turn
from rag.errors import HistoryUnavailableError, ModelUnavailableError, PromptTooLongError
from rag.grounding import GroundingLimits, cite, ground
from rag.ports import History, Model, Retriever
from rag.rewrite import rewrite

# stopReason of the Converse API: the text is not the model's answer but a filter's; or it ends too early.
_BLOCKED = frozenset({"guardrail_intervened", "content_filtered"})
_OVERFLOW = "model_context_window_exceeded"
_CUT_OFF = frozenset({"max_tokens", _OVERFLOW, "time_limit"})


@dataclass(frozen=True, slots=True)
class Policy:
    """How the pipeline decides. `history_required`: whether a question fails where history cannot be read.

    `reserve_seconds`: what the model must leave of the time for storing the turn and answering: two attempts of the
    table's client (`wiring`) and the pause between them.
    `prompt_tokens`: the most that the model is given to read, by estimate.
    """

    grounding: GroundingLimits = field(default_factory=GroundingLimits)
    style: Style = field(default_factory=Style)
    history_required: bool = True
    reserve_seconds: float = 5.0
    prompt_tokens: int = 40_000


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


# The question, the turns before it, the time: what to search for.
Rewriter = Callable[[str, tuple[Turn, ...], Deadline], str]
_Ask = Callable[[Prompt, Deadline], Iterator[str | Generation]]


class Pipeline:
    """Answers questions through three ports; holds no state between questions."""

    def __init__(
        self, retriever: Retriever, model: Model, history: History, policy: Policy, rewriter: Rewriter | None = None
    ) -> None:
        self._retriever, self._model, self._history, self._policy = retriever, model, history, policy
        self._rewriter = rewriter

    def answer(self, question: Question, deadline: Deadline, progress: Progress) -> Answer:
        """The answer, stored. Raises the RagError of the stage that failed."""
        return _drained(self._answers(question, deadline, progress, self._whole))

    def stream(self, question: Question, deadline: Deadline, progress: Progress) -> Iterator[Shown | Answer]:
        """The answer as it comes; last of all the Answer, stored. Raises the same errors, also in the middle: then
        nothing is stored."""
        return self._answers(question, deadline, progress, self._model.stream)

    def _answers(
        self, question: Question, deadline: Deadline, progress: Progress, ask: _Ask
    ) -> Iterator[Shown | Answer]:
        if (earlier := self._earlier(question, progress)) is not None:
            progress.facts["outcome"] = "repeated"
            yield earlier
            return
        prepared = self.prepare(question, deadline, progress)
        if prepared.prompt is None:
            progress.facts["outcome"] = "not_found"
            yield self._store(question, Answer(answers.not_found(question.text)), progress)
            return
        composer = Composer(question.text, prepared.passages, self._policy.style)
        with progress.watch.stage("model"):
            time_left = deadline.within(deadline.remaining(), keep=self._policy.reserve_seconds)
            generation = Generation("", "")
            for said in ask(prepared.prompt, time_left):
                if isinstance(said, Generation):
                    generation = said
                else:
                    yield from composer.take(said)
        yield from composer.end()
        yield self.conclude(question, prepared, composer, generation, progress)

    def _whole(self, asked: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        generation = self._model.generate(asked, deadline)
        yield generation.text
        yield generation

    def prepare(self, question: Question, deadline: Deadline, progress: Progress) -> Prepared:
        """Everything up to the prompt."""
        with progress.watch.stage("history_read"):
            turns = self._recall(question, progress)
        with progress.watch.stage("rewrite"):
            query = self._rewriter(question.text, turns, deadline) if self._rewriter else rewrite(question.text, turns)
        with progress.watch.stage("search"):
            found = self._retriever.retrieve(query, question.caller.groups, deadline)
        with progress.watch.stage("ground"):
            passages = ground(query, found, self._policy.grounding)
        progress.counts |= {"turns": len(turns), "retrieved": len(found), "grounded": len(passages)}
        if not passages:
            return Prepared(query, passages, None)
        fitting = budget.fit(question.text, passages, turns, self._policy.prompt_tokens, about=query)
        progress.counts |= {"prompt_passages": len(fitting.passages), "prompt_tokens": fitting.tokens}
        made = prompt.build(question.text, fitting.passages, fitting.turns, fitting.label_chars)
        return Prepared(query, fitting.passages, made)

    def conclude(
        self, question: Question, prepared: Prepared, composer: Composer, generation: Generation, progress: Progress
    ) -> Answer:
        """The whole answer, and the turn stored."""
        progress.facts["stop_reason"] = generation.stop_reason
        progress.counts |= {
            "input_tokens": generation.input_tokens,
            "output_tokens": generation.output_tokens,
        }
        answer = checked(question.text, prepared, composer, generation.stop_reason, progress)
        return self._store(question, answer, progress)

    def _earlier(self, question: Question, progress: Progress) -> Answer | None:
        """What was answered already to a request that may be a repeat."""
        if not question.may_be_a_repeat:
            return None
        try:
            return self._history.find(question)
        except HistoryUnavailableError as error:
            self._without_history(error, progress)
            return None

    def _recall(self, question: Question, progress: Progress) -> tuple[Turn, ...]:
        try:
            return self._history.recent(question)
        except HistoryUnavailableError as error:
            self._without_history(error, progress)
            return ()

    def _without_history(self, error: HistoryUnavailableError, progress: Progress) -> None:
        """Raises the error where the history is required."""
        if self._policy.history_required:
            raise error
        progress.facts["history_error"] = error.reason
        if answers.HISTORY_NOT_READ not in progress.notices:
            progress.notices.append(answers.HISTORY_NOT_READ)

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


def checked(question: str, prepared: Prepared, composer: Composer, stop_reason: str, progress: Progress) -> Answer:
    """The model's words as they may be shown. Raises ModelUnavailableError where there are none, or
    PromptTooLongError where the context left no room for one."""
    if stop_reason in _BLOCKED:
        progress.facts["outcome"] = "blocked"
        return Answer(answers.blocked(question))
    # Once more as a whole: what was taken out of two sentences could have joined to something new.
    verified = settled(composer.text, prepared.passages)
    progress.counts |= {
        "cited": len(verified.cited),
        "invented_citations": composer.invented + verified.invented,
        **{f"sentences_{verdict}": count for verdict, count in sorted(composer.verdicts.items())},
    }
    if not verified.text and not composer.verdicts:
        if stop_reason == _OVERFLOW:
            raise PromptTooLongError(stop_reason)
        raise ModelUnavailableError(f"no text, stopReason {stop_reason}")
    if not verified.text:
        progress.facts["outcome"] = "unsupported"
        return Answer(answers.not_found(question))
    progress.facts.setdefault("outcome", "answered")
    ending = f"\n\n{answers.cut_off(question)}" if stop_reason in _CUT_OFF else ""
    cited = tuple(cite(number, prepared.passages[number - 1], prepared.query) for number in verified.cited)
    return Answer(verified.text + ending, cited)


def _drained(shown: Iterator[Shown | Answer]) -> Answer:
    """Only the answer, which comes last."""
    for item in shown:
        if isinstance(item, Answer):
            return item
    raise AssertionError("an answer comes last")
