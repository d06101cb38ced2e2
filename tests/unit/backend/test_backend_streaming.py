"""POST /stream: what a reader gets, line by line, and what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from backend_fakes import EXPENSES, QUESTION, REQUEST_ID, Context, FakeModel, FakeRetriever, World, event
from rag import answers
from rag.composing import Composer, Style
from rag.domain import Draft, Passage, Settled
from rag.errors import ModelUnavailableError, SearchUnavailableError
from rag.handler import Manner
from rag.pipeline import Policy
from rag.sentences import cut
from rag.streamed import DELIMITER, StreamedResponse

SAID = "宿泊費の上限は一泊12,000円です [1]。上限は一泊99,000円です [1]。以上です。"


def stream(world: World, **body: Any) -> tuple[int, Iterator[dict[str, Any]]]:
    """The status, and the lines as they are made."""
    response = world.handler()(event({"message": QUESTION, **body}, resource="/stream"), Context())
    assert isinstance(response, StreamedResponse)
    pieces = iter(response)
    head, first = next(pieces).split(DELIMITER)
    return json.loads(head)["statusCode"], lines(first, pieces)


def lines(first: bytes, more: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    yield json.loads(first)
    for piece in more:
        yield json.loads(piece)


def test_words_come_before_the_sentence_is_whole_and_the_checked_answer_last() -> None:
    world = World(model=FakeModel(SAID))
    status, told = stream(world)
    everything = list(told)
    assert status == 200
    assert [line["type"] for line in everything[:3]] == ["start", "draft", "draft"]
    assert everything[0]["request_id"] == REQUEST_ID
    assert "".join(line["text"] for line in everything if line["type"] == "draft").startswith("宿泊費の上限は")
    *_more, done = everything
    settled = "".join(line["text"] for line in everything if line["type"] == "text")
    assert done["type"] == "done"
    assert done["response"] == settled.strip()
    assert done["response"].startswith("宿泊費の上限は一泊12,000円です [1]。上限は一泊99,000円です。（出典未確認）")
    assert [citation["id"] for citation in done["citations"]] == ["1"]
    assert len(world.history.stored) == 1


def test_drafts_hold_neither_citations_nor_addresses() -> None:
    composer = Composer("問", (EXPENSES,), Style())
    drafts = []
    for char in "上限は [9] と https://evil.example/?q=1 にあります。":
        drafts += [item.text for item in composer.take(char) if isinstance(item, Draft)]
    assert "".join(drafts) == "上限は "
    drafts = [
        item.text for item in Composer("問", (EXPENSES,), Style()).take("x https://evil") if isinstance(item, Draft)
    ]
    assert drafts == ["x "]


def test_without_drafts_nothing_is_shown_unchecked() -> None:
    world = World(model=FakeModel(SAID), policy=Policy(style=Style("drop", drafts=False)))
    kinds = list(stream(world)[1])
    assert "draft" not in {line["type"] for line in kinds}
    assert not [line for line in kinds if "99,000" in line.get("text", "") + line.get("response", "")]


def test_a_buffered_answer_and_a_streamed_one_are_the_same() -> None:
    _status, body = World(model=FakeModel(SAID)).ask()
    *_lines, done = stream(World(model=FakeModel(SAID)))[1]
    assert body["response"] == done["response"]
    assert body["citations"] == done["citations"]


def test_a_failure_before_the_first_word_has_its_own_status() -> None:
    world = World(retriever=FakeRetriever(SearchUnavailableError("x")))
    status, told = stream(world)
    (only,) = list(told)
    assert (status, only["error"]["code"], only["error"]["request_id"]) == (503, "search_unavailable", REQUEST_ID)
    status, told = stream(World(), session_id="not valid!")
    assert (status, next(told)["error"]["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("fault", [ModelUnavailableError("stream cut off"), ZeroDivisionError("secret")])
def test_a_failure_in_the_middle_is_told_and_nothing_is_stored(fault: Exception) -> None:
    world = World(model=FakeModel(["上限は", "一泊", fault]))
    status, told = stream(world)
    everything = list(told)
    assert status == 200
    assert [line["type"] for line in everything] == ["start", "draft", "draft", "error"]
    error = everything[-1]["error"]
    assert error["request_id"] == REQUEST_ID
    assert error["message"].endswith("。")
    assert "secret" not in json.dumps(everything)
    assert not any(world.history.stored.values())


def test_nothing_found_and_a_repeat_need_no_model() -> None:
    world = World(retriever=FakeRetriever(()))
    _start, done = stream(world, session_id="s", request_id="r")[1]
    assert done["response"] == answers.not_found(QUESTION)
    assert done["citations"] == []
    world = replace(world, retriever=FakeRetriever())
    _start, again = stream(world, session_id="s", request_id="r")[1]
    assert again["response"] == done["response"]
    assert world.model.prompts == []


def test_without_streaming_the_route_answers_whole() -> None:
    world = World(manner=Manner(streaming=False))
    response = world.handler()(event({"message": QUESTION}, resource="/stream"), Context())
    assert isinstance(response, dict)
    assert json.loads(response["body"])["citations"]


def test_a_whole_answer_has_less_time_than_a_streamed_one() -> None:
    world = World(manner=Manner(streaming=True, buffered_seconds=10))
    assert world.ask()[0] == 200
    assert list(stream(world)[1])
    whole, streamed = world.model.seconds
    assert whole < 10 < streamed


@pytest.mark.parametrize(
    ("text", "sentences", "rest"),
    [
        ("上限です [1]。次。[2][3] 三", ["上限です [1]。", "次。[2][3] "], "三"),
        ("It is 1.5 days. [1] Yes", ["It is 1.5 days. [1] "], "Yes"),
        ("「可。」と言う。[1", [], "「可。」と言う。[1"),
        ("「可。」と言う。[1] Yahoo!の", ["「可。」と言う。[1] "], "Yahoo!の"),
        ("- 一つ\n- 二つ", ["- 一つ\n"], "- 二つ"),
    ],
)
def test_sentences_end_where_another_begins(text: str, sentences: list[str], rest: str) -> None:
    assert cut(text) == (sentences, rest)


def test_pieces_of_any_size_give_the_same_answer() -> None:
    passages = (EXPENSES, Passage("d3", "申請", "申請は15日までです。", "s", 1.0))
    texts = set()
    for size in (1, 2, 3, 7, 100):
        composer = Composer("問", passages, Style())
        shown = [item for start in range(0, len(SAID), size) for item in composer.take(SAID[start : start + size])]
        shown += composer.end()
        assert composer.text == "".join(item.text for item in shown if isinstance(item, Settled)).strip()
        texts.add(composer.text)
    assert len(texts) == 1
