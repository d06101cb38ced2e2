"""What of passages and history fits into the model's tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from backend_fakes import EXPENSES, QUESTION, FakeRetriever, World
from hypothesis import given
from hypothesis import strategies as st
from rag import prompt
from rag.budget import Fitting, estimate, fit
from rag.domain import Passage, Turn
from rag.errors import PromptTooLongError
from rag.pipeline import Policy
from rag.settings import Reader, from_env

LONG = tuple(Passage(f"d{n}", f"題{n}", "宿泊費の規程。" * 60, f"{n}.md", 1.0) for n in range(5))
LEAST = 1000  # what a prompt may have at least: PROMPT_TOKENS, BEDROCK_CONTEXT_TOKENS beside BEDROCK_MAX_TOKENS
TURNS = tuple(Turn(f"質問{n}" * 10, f"答え{n}。" * 40) for n in range(5))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("", 0, 1), ("a" * 300, 90, 110), ("漢" * 100, 100, 130), ("宿泊費は12,000円", 9, 14), ("絵文字😀", 4, 6)],
)
def test_an_estimate_is_near_and_rather_too_large(text: str, least: int, most: int) -> None:
    assert least <= estimate(text) <= most


def tokens_of(found: Fitting) -> int:
    made = prompt.build(QUESTION, found.passages, found.turns, found.label_chars)
    return estimate(made.system) + sum(estimate(message.text) for message in made.messages)


def test_what_fits_is_left_as_it_is() -> None:
    found = fit(QUESTION, LONG, TURNS, 40_000)
    assert (found.passages, found.turns) == (LONG, TURNS)


def test_history_gives_way_first_and_the_newest_turn_last() -> None:
    many = tuple(Turn(f"{number}: {turn.question}", turn.answer) for number, turn in enumerate(TURNS * 3))
    everything = fit(QUESTION, LONG, many, 40_000).tokens
    found = fit(QUESTION, LONG, many, everything - 100)
    assert found.passages == LONG
    assert 0 < len(found.turns) < len(many)
    assert found.turns == many[-len(found.turns) :]


def test_then_the_last_passages_go_and_one_is_cut_to_its_best_part() -> None:
    found = fit(QUESTION, LONG, TURNS, 2500)
    assert found.passages[0] == LONG[0]
    assert len(found.passages) < 5
    assert found.passages[-1].text in LONG[0].text
    assert found.turns


def test_of_one_passage_that_is_too_long_the_part_about_the_question_stays() -> None:
    text = "前置き。" * 300 + "出張の宿泊費の上限は一泊12,000円です。" + "後書き。" * 300
    found = fit(QUESTION, (replace(EXPENSES, text=text),), (), 1500)
    assert "12,000円" in found.passages[0].text
    assert len(found.passages[0].text) < len(text)


def test_a_question_that_leaves_no_room_is_too_long() -> None:
    with pytest.raises(PromptTooLongError):
        fit("質問" * 2000, LONG, (), 4000)


TEXT = '漢字かなabc <>"。\n'


@given(
    st.lists(st.builds(Passage, *[st.text(TEXT, max_size=400)] * 4, st.just(1.0)), min_size=1, max_size=6),
    st.lists(st.builds(Turn, st.text("漢a<", max_size=300), st.text("漢a<[1]", max_size=2000)), max_size=5),
    st.integers(LEAST, 6000),
)
def test_the_prompt_never_exceeds_the_limit_and_always_holds_a_passage(
    passages: list[Passage], turns: list[Turn], limit: int
) -> None:
    found = fit(QUESTION, passages, turns, limit)
    assert tokens_of(found) <= found.tokens <= limit
    assert found.passages
    assert [(kept.document_id, kept.title, kept.source) for kept in found.passages] == [
        (each.document_id, each.title, each.source) for each in passages[: len(found.passages)]
    ]
    assert bool(found.passages[0].text) == bool(passages[0].text)


@pytest.mark.parametrize(
    "first",
    [
        Passage("d0", "題", "宿泊費の規程。" * 5000, "s", 1.0),
        Passage("d0", "題" * 5000, "宿泊費の規程。" * 60, "s" * 5000, 1.0),
        Passage("d0", "題", "<>" * 5000, "s", 1.0),
    ],
    ids=["text", "labels", "escapes"],
)
def test_a_huge_first_passage_is_cut_and_not_left_out(first: Passage) -> None:
    """Neither history nor its own title takes its place."""
    found = fit(QUESTION, (first, *LONG), TURNS, LEAST)
    assert found.passages[0].text
    assert found.passages[0].text in first.text
    assert (found.passages[0].title, found.passages[0].source) == (first.title, first.source)
    assert tokens_of(found) <= LEAST


def test_a_question_over_the_cap_is_refused_before_a_model_is_paid_for() -> None:
    world = World(policy=Policy(prompt_tokens=1500))
    status, body = world.ask("出張の宿泊費の上限は？" * 300)
    assert (status, body["error"]["code"]) == (413, "too_long")
    assert world.model.prompts == []


def test_citations_follow_the_passages_that_stayed() -> None:
    world = World(FakeRetriever(LONG), policy=Policy(prompt_tokens=2000))
    world.model.says = "宿泊費の規程です [1]。宿泊費の規程です [5]。"
    _status, body = world.ask("宿泊費の規程は？")
    assert [citation["id"] for citation in body["citations"]] == ["1"]


ENV = {
    "AWS_REGION": "ap-northeast-1",
    "ES_HOST": "https://es:9200",
    "ES_INDEX": "docs",
    "BEDROCK_MODEL_ID": "m",
    "DYNAMODB_TABLE_NAME": "t",
}


def test_the_model_s_context_limits_what_it_is_given() -> None:
    assert from_env(ENV).model.readable_tokens == 40_000
    small = from_env({**ENV, "BEDROCK_CONTEXT_TOKENS": "8000", "BEDROCK_MAX_TOKENS": "1000"})
    assert small.model.readable_tokens == 7000
    reader = Reader({})
    assert reader.faults == []
    with pytest.raises(ValueError, match="BEDROCK_CONTEXT_TOKENS leaves less than 1000"):
        from_env({**ENV, "BEDROCK_CONTEXT_TOKENS": "4000", "BEDROCK_MAX_TOKENS": "3500"})
