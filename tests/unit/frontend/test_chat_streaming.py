"""An answer that comes bit by bit: the client, and the page that shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from chat import render, texts, view
from chat.answers import Answer, Draft, Line, Settled, Started
from chat.api import ChatApi
from chat.conversation import Conversation
from chat.errors import MESSAGES, ChatError
from chat.settings import Settings
from streamlit.testing.v1 import AppTest

from tests.unit.frontend.fake_chat_api import ANSWER, FAILURE, FRONTEND, FakeApi

START = {"type": "start", "session_id": "conversation-1", "request_id": "request-1"}
DRAFTS = [
    {"type": "draft", "text": "日帰りの"},
    {"type": "draft", "text": "日当"},
    {"type": "text", "text": "一文目です[1]。"},
]
DONE = {"type": "done", **ANSWER}
ERROR = {"type": "error", **FAILURE}


def body(*lines: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def client(url: str) -> ChatApi:
    env = {"CHAT_API_URL": url, "CHAT_API_AUTH": "NONE", "CHAT_API_TIMEOUT_SECONDS": "5", "CHAT_API_STREAMING": "true"}
    return ChatApi(Settings.from_env(env), None)


def heard(api: ChatApi) -> tuple[list[Line], ChatError | None]:
    lines: list[Line] = []
    try:
        for line in api.stream("日当は", "s", "r"):
            lines.append(line)
    except ChatError as error:
        return lines, error
    return lines, None


@pytest.mark.usefixtures("page_env")
def test_the_lines_of_an_answer(api_server: FakeApi) -> None:
    api_server.answers = [(200, body(START, *DRAFTS, {"type": "later"}, DONE))]
    lines, error = heard(client(api_server.url))
    assert lines[:-1] == [Started("conversation-1"), Draft("日帰りの"), Draft("日当"), Settled("一文目です[1]。")]
    assert isinstance(lines[-1], Answer)
    assert error is None
    (request,) = api_server.requests
    assert request["path"] == "/prod/stream"
    assert json.loads(request["body"]) == {"message": "日当は", "session_id": "s", "request_id": "r"}


@pytest.mark.usefixtures("page_env")
@pytest.mark.parametrize(
    ("status", "answer", "code", "count"),
    [
        (200, body(START, *DRAFTS, ERROR), "search_unavailable", 4),
        (200, body(START, *DRAFTS), "cut_off", 4),
        (200, body(START) + b"{", "bad_answer", 1),
        (200, body(START, {"type": "draft", "text": 1.5}), "bad_answer", 1),
        (503, FAILURE, "search_unavailable", 0),
        (403, {"message": "Missing Authentication Token"}, "forbidden", 0),
    ],
)
def test_what_goes_wrong_has_words_and_an_id(
    api_server: FakeApi, status: int, answer: Any, code: str, count: int
) -> None:
    api_server.answers = [(status, answer)]
    lines, error = heard(client(api_server.url))
    assert error is not None
    assert (error.code, len(lines)) == (code, count)
    assert error.request_id in ("gateway-1", "request-9")
    assert error.message


@pytest.fixture
def page(page_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv("CHAT_API_STREAMING", "true")
    st.cache_resource.clear()
    yield AppTest.from_file(str(FRONTEND / "app.py"), default_timeout=20).run()
    st.cache_resource.clear()


def shown(app: AppTest) -> str:
    return "\n".join(block.value for message in app.chat_message for block in message.get("html"))


def test_the_page_ends_with_the_whole_answer(page: AppTest, api_server: FakeApi) -> None:
    api_server.answers = [(200, body(START, *DRAFTS, DONE))]
    page.chat_input[0].set_value("日当は").run()
    assert not page.exception
    assert "<strong>1,500 円</strong>" in shown(page)
    assert "rag-draft" not in shown(page)
    assert not [button for button in page.button if str(button.key).startswith("cancel-")]
    page.run()
    assert len(api_server.requests) == 1


def test_a_failure_in_the_middle_leaves_what_was_said_and_can_be_tried_again(
    page: AppTest, api_server: FakeApi
) -> None:
    api_server.answers = [(200, body(START, *DRAFTS)), (200, body(START, DONE))]
    page.chat_input[0].set_value("日当は").run()
    assert "一文目です[1]。" in shown(page)
    assert MESSAGES["cut_off"] in shown(page)
    page.button(key="retry-0").click().run()
    assert "一文目" not in shown(page)
    assert "1,500 円" in shown(page)
    first, again = (json.loads(request["body"]) for request in api_server.requests)
    assert first["request_id"] == again["request_id"]


def test_a_cancelled_answer_keeps_what_was_shown(page: AppTest, api_server: FakeApi) -> None:
    conversation = Conversation()
    conversation.add("日当は")
    (turn,) = conversation.turns
    for line in (Started("conversation-1"), Settled("一文目。"), Draft("二文")):
        conversation.take(turn, line)
    conversation.cancel()
    page.session_state["conversation"] = conversation
    page.run()
    assert not page.exception
    assert conversation.session_id == "conversation-1"
    assert "一文目。" in shown(page)
    assert texts.CANCELLED in shown(page)
    assert api_server.requests == []


def test_a_partial_answer_is_text_only() -> None:
    html = render.partial_html("**可**です。![x](https://e.example/a.png)", "<b>[9] https://e.example")
    assert "<strong>可</strong>" in html
    assert '<span class="rag-draft">&lt;b&gt;[9] https://e.example</span></p>' in html
    assert "<img" not in html
    assert "<a " not in html


def test_not_every_word_is_drawn() -> None:
    now = iter([1.0, 1.01, 1.02, 1.2])
    redraw = view.Redraw(lambda: next(now))
    assert [redraw.due(whole=whole) for whole in (False, False, True, False)] == [True, False, True, True]
