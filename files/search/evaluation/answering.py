"""Asks questions through the function's own pipeline, once as they are and once with their passage held out.

A held-out question is one that the documents do not answer: what search finds of the document that does, and of
everything that shares its title (the article that it is a part of), is taken out before it is grounded. Questions whose
`pid` is null are unanswerable as they are. No conversation is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.clock import Deadline, Stopwatch
from rag.domain import Answer, Caller, Passage, Question, Turn
from rag.errors import RagError
from rag.grounding import GroundingLimits
from rag.pipeline import Pipeline, Policy, Progress
from rag.ports import Model, Retriever

from evaluation.data import Asked, Data

SECONDS = 120.0
DEPTH = 50
"""So many are found for a held-out question, of which those that remain are handed on as usual."""


@dataclass(frozen=True)
class Answered:
    """What came of one question. `outcome`: the pipeline's, or an error's code. `given` and `cited` are sources.

    `marked` are the numbers of passages that the model named and was given, `invented` those it was not given.
    `verdicts` counts its sentences by what the check of support said. Seconds.
    """

    asked: Asked
    answerable: bool
    outcome: str
    text: str = ""
    cited: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    marked: int = 0
    invented: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    first_seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.outcome not in ("answered", "not_found", "unsupported", "blocked")

    @property
    def refused(self) -> bool:
        """It was told that the documents do not say it: by the backend, or by a model that claims nothing."""
        claims = sum(count for verdict, count in self.verdicts.items() if verdict != "no_claim")
        return self.outcome in ("not_found", "unsupported") or (
            self.outcome == "answered" and not self.cited and not claims
        )


class NoHistory:
    """The History port where nothing is kept."""

    def recent(self, question: Question) -> tuple[Turn, ...]:
        return ()

    def find(self, question: Question) -> Answer | None:
        return None

    def record(self, question: Question, answer: Answer) -> bool:
        return True


class Seen:
    """A retriever without what is held out, that remembers what it handed on."""

    def __init__(self, retriever: Retriever, size: int, sources: frozenset[str] = frozenset()) -> None:
        self._retriever, self._size, self._sources = retriever, size, sources
        self.given: frozenset[str] = frozenset()

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        found = self._retriever.retrieve(query, groups, deadline)
        titles = {passage.title for passage in found if passage.source in self._sources}
        left = [p for p in found if p.source not in self._sources and p.title not in titles][: self._size]
        self.given = frozenset(passage.source for passage in left)
        return tuple(left)


@dataclass(frozen=True)
class Asking:
    """How questions are asked. `near` finds what the function would, `deep` DEPTH passages; `size` are handed on."""

    near: Retriever
    deep: Retriever
    model: Model
    size: int
    min_coverage: float

    def ask(self, asked: Asked, held_out: frozenset[str] | None) -> Answered:
        """`held_out`: sources that are not to be found; None: nothing is held out."""
        seen = Seen(self.near if held_out is None else self.deep, self.size, held_out or frozenset())
        policy = Policy(grounding=GroundingLimits(min_coverage=self.min_coverage))
        pipeline = Pipeline(seen, self.model, NoHistory(), policy)
        progress, begun, first = Progress(Stopwatch()), time.perf_counter(), 0.0
        answerable = asked.pid is not None and held_out is None
        answer = Answer("")
        try:
            for item in pipeline.stream(_question(asked), Deadline(SECONDS), progress):
                first = first or time.perf_counter() - begun
                answer = item if isinstance(item, Answer) else answer
        except RagError as error:
            return Answered(asked, answerable, error.code, seconds=time.perf_counter() - begun)
        counts = progress.counts
        return Answered(
            asked,
            answerable,
            progress.facts["outcome"],
            answer.text,
            tuple(citation.source for citation in answer.citations),
            seen.given,
            int(counts.get("cited", 0)),
            int(counts.get("invented_citations", 0)),
            {name.removeprefix("sentences_"): n for name, n in counts.items() if name.startswith("sentences_")},
            time.perf_counter() - begun,
            first,
        )


def chosen(questions: Sequence[Asked], count: int) -> list[Asked]:
    """`count` of them at even distances: the same ones in every run."""
    if count >= len(questions):
        return list(questions)
    return [questions[place * len(questions) // count] for place in range(count)]


def answers(
    asking: Asking,
    questions: Iterable[Asked],
    data: Data,
    progress: Callable[[int], None] = lambda _count: None,
) -> list[Answered]:
    """Each question that has an answer twice, as it is and with its article held out; the others once."""
    titles = {document.pid: document.title for document in data.documents}
    of_title: dict[str, set[str]] = {}
    for pid, title in titles.items():
        of_title.setdefault(title, set()).add(pid)
    done = []
    for asked in questions:
        done.append(asking.ask(asked, None))
        if asked.pid is not None:
            title = titles.get(asked.pid, "")
            done.append(asking.ask(asked, frozenset({asked.pid} | (of_title[title] if title else set()))))
        progress(1)
    return done


def _question(asked: Asked) -> Question:
    return Question(asked.question, "evaluation", Caller(), asked.qid)
