"""The evaluation of answers: what is held out, what each figure counts, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from evaluation import answer_metrics, answering, report
from evaluation.answering import Answered, Asking, answers, chosen
from evaluation.data import Asked, Data, Document
from rag.clock import Deadline
from rag.domain import Generation, Passage, Prompt
from rag.errors import ModelThrottledError

TRAVEL = Passage("1", "旅費規程", "国内出張の宿泊費の上限は一泊12,000円です。", "p1", 9.0)
SAME_ARTICLE = Passage("2", "旅費規程", "海外出張の宿泊費の上限は一泊20,000円です。", "p2", 8.0)
OTHER = Passage("3", "休暇規程", "出張の翌日は休暇を取れます。宿泊費の上限とは関係しません。", "p3", 7.0)
ASKED = Asked("q1", "国内出張の宿泊費の上限はいくらですか", "p1", ("12,000円",), 0)
NOWHERE = Asked("q2", "社長の誕生日はいつですか", None, (), 1)
DATA = Data(tuple(Document(p.source, p.title, p.text) for p in (TRAVEL, SAME_ARTICLE, OTHER)), (ASKED, NOWHERE))


@dataclass
class Found:
    passages: tuple[Passage, ...] = (TRAVEL, SAME_ARTICLE, OTHER)

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        return self.passages


@dataclass
class Says:
    """Quotes the first passage; cites it, and what is in `more`."""

    more: str = ""
    fault: Exception | None = None
    prompts: list[Prompt] = field(default_factory=list)

    def generate(self, prompt: Prompt, deadline: Deadline) -> Generation:
        raise AssertionError("answers are streamed")

    def stream(self, prompt: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        self.prompts.append(prompt)
        if self.fault:
            raise self.fault
        known = next((p for p in (TRAVEL, OTHER) if p.text in prompt.messages[-1].text), None)
        yield f"{known.text[:-1]} [1]{self.more}。" if known else "記載はありません。"
        yield Generation("", "end_turn", 1, 1)


def asking(model: Says, coverage: float = 0.1, **more: Any) -> Asking:
    return Asking(Found(**more), Found(**more), model, 5, coverage)


def test_a_question_is_asked_as_it_is_and_with_its_article_held_out() -> None:
    model = Says()
    first, held_out, nowhere = answers(asking(model), [ASKED, NOWHERE], DATA)
    assert (first.answerable, first.cited, first.given) == (True, ("p1",), {"p1", "p2", "p3"})
    assert (held_out.answerable, held_out.given) == (False, {"p3"})
    assert not nowhere.answerable
    for prompt in model.prompts[1:2]:
        assert "旅費規程" not in prompt.messages[-1].text


def test_of_an_index_only_the_title_tells_what_belongs_together() -> None:
    """With --index there are no passages in the data: the found document's title says what else is of its article."""
    _first, held_out = answers(asking(Says()), [ASKED], Data((), (ASKED,)))
    assert held_out.given == {"p3"}


def answered(**more: Any) -> Answered:
    facts = {
        "outcome": "answered",
        "text": "一泊１２，０００円です [1]。",
        "cited": ("p1",),
        "given": frozenset({"p1", "p2"}),
        "marked": 1,
        "verdicts": {"supported": 1},
    }
    return Answered(ASKED, more.pop("answerable", True), **{**facts, **more})


REFUSED = {"cited": (), "marked": 0, "verdicts": {}, "text": "見つかりませんでした。"}


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("citation_validity", {}, 1.0),
        ("citation_validity", {"invented": 3}, 0.25),
        ("citation_validity", {"marked": 0}, None),
        ("shown_validity", {"cited": ("p1", "elsewhere")}, 0.5),
        ("citation_precision", {"cited": ("p1", "p2")}, 0.5),
        ("citation_precision", {"cited": ("p1", "p2"), "answerable": False}, None),
        ("citation_recall", {"cited": ("p2",)}, 0.0),
        ("supported", {"verdicts": {"supported": 1, "numbers": 1, "no_claim": 5}}, 0.5),
        ("answer_found", {}, 1.0),
        ("answer_found", {"text": "一泊です。"}, 0.0),
        ("refusal", {"outcome": "not_found", "answerable": False, **REFUSED}, 1.0),
        ("refusal", {"answerable": False, **REFUSED, "verdicts": {"no_claim": 1}}, 1.0),
        ("refusal", {"answerable": False, **REFUSED, "verdicts": {"uncited": 1}}, 0.0),
        ("refusal", {"answerable": False}, 0.0),
        ("refusal", {}, None),
        ("false_refusal", {"outcome": "unsupported", **REFUSED}, 1.0),
        ("false_refusal", {"outcome": "blocked", **REFUSED}, 0.0),
    ],
)
def test_what_each_figure_counts(name: str, given: dict[str, Any], value: float | None) -> None:
    assert answer_metrics.VALUES[name](answered(**given)) == value


def test_failed_answers_are_told_and_not_counted() -> None:
    said = answers(asking(Says(fault=ModelThrottledError("x"))), [ASKED, NOWHERE], DATA)
    run = answer_metrics.of_run(said, "m")
    assert run["failed"] == {"model_throttled": 2}
    assert (run["outcomes"], set(run["metrics"])) == ({"not_found": 1}, {"refusal"})
    assert answer_metrics.headline(run)["failed"] == {"model_throttled": 2}


def test_two_runs_are_compared_question_by_question() -> None:
    questions = [ASKED] * 12
    first = answers(asking(Says(more="[9]")), questions, DATA)
    second = answers(asking(Says()), questions, DATA)
    gap = answer_metrics.of_pair(first, second)["citation_validity"]
    assert (gap["mean"], gap["better"], gap["worse"]) == (0.5, 12, 0)
    assert gap["p"] < 0.01
    assert answer_metrics.of_pair(first, second)["shown_validity"]["mean"] == 0.0


def test_the_report_has_every_figure_with_its_interval() -> None:
    run = {"name": "A", "answers": answer_metrics.of_run(answers(asking(Says()), [ASKED, NOWHERE], DATA), "<model>")}
    parts = report.answer_report.section([run], {}, report._table)
    page = "".join(parts)
    assert "&lt;model&gt;" in page
    assert "1.000 (1.000–1.000)" in page
    assert page.count("<tr>") == 1 + len(run["answers"]["metrics"])
    assert set(report.answer_report.TITLES) == set(answer_metrics.VALUES)


def test_the_same_questions_are_chosen_every_time() -> None:
    questions = [Asked(str(n), "q", "p", (), n) for n in range(10)]
    assert [asked.qid for asked in chosen(questions, 4)] == ["0", "2", "5", "7"]
    assert chosen(questions, 99) == questions
    assert answering.chosen(questions, 0) == []
