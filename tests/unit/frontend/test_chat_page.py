"""The page as Streamlit runs it, without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import streamlit as st
from chat import texts
from streamlit.testing.v1 import AppTest

from tests.unit.frontend.fake_chat_api import ANSWER, FAILURE, FRONTEND, FakeApi


@pytest.fixture
def page(page_env: dict[str, str]) -> Iterator[AppTest]:
    st.cache_resource.clear()
    app = AppTest.from_file(str(FRONTEND / "app.py"), default_timeout=20).run()
    assert not app.exception
    yield app
    st.cache_resource.clear()


def shown(app: AppTest) -> str:
    """What the messages say."""
    return "\n".join(block.value for message in app.chat_message for block in message.get("html"))


def bodies(api_server: FakeApi) -> list[dict[str, str]]:
    return [json.loads(request["body"]) for request in api_server.requests]


def test_an_empty_page(page: AppTest) -> None:
    assert [title.value for title in page.title] == ["RAG チャットボット"]
    assert page.chat_input[0].placeholder == "質問を入力してください"
    assert page.button(key="new-conversation").disabled
    assert len([button for button in page.button if str(button.key).startswith("example-")]) == 4


def test_a_question_is_answered_with_its_sources(page: AppTest) -> None:
    page.chat_input[0].set_value("日当は").run()
    assert [message.name for message in page.chat_message] == ["user", "assistant"]
    text = shown(page)
    for part in ("日当は", "<strong>1,500 円</strong>", "国内出張旅費規程", "travel-expenses.md", 'href="#source-1-3"'):
        assert part in text
    assert not [button for button in page.button if str(button.key).startswith("example-")]


def test_the_conversation_goes_on_under_the_apis_id_until_a_new_one(page: AppTest, api_server: FakeApi) -> None:
    page.chat_input[0].set_value("一つ目").run()
    page.chat_input[0].set_value("二つ目").run()
    assert len(page.chat_message) == 4
    page.button(key="new-conversation").click().run()
    assert len(page.chat_message) == 0
    page.chat_input[0].set_value("三つ目").run()
    first, second, third = bodies(api_server)
    assert (first["message"], second["message"], third["message"]) == ("一つ目", "二つ目", "三つ目")
    assert second["session_id"] == ANSWER["session_id"]
    assert len({body["request_id"] for body in (first, second, third)}) == 3
    assert len({first["session_id"], third["session_id"], ANSWER["session_id"]}) == 3
    assert len(third["session_id"]) == 22


def test_a_failure_is_plain_and_can_be_tried_again(page: AppTest, api_server: FakeApi) -> None:
    api_server.answers = [(503, FAILURE), (200, ANSWER)]
    page.chat_input[0].set_value("日当は").run()
    assert "検索に接続できませんでした。" in shown(page)
    assert "受付番号: <code>request-9</code>" in shown(page)
    assert not page.exception
    page.button(key="retry-0").click().run()
    assert "1,500 円" in shown(page)
    assert "request-9" not in shown(page)
    first, again = bodies(api_server)
    assert again == first


def test_an_example_is_asked_by_one_click(page: AppTest, api_server: FakeApi) -> None:
    page.button(key="example-0").click().run()
    assert len(bodies(api_server)) == 1
    assert "1,500 円" in shown(page)


def test_an_answered_question_is_not_asked_again_by_a_rerun(page: AppTest, api_server: FakeApi) -> None:
    page.chat_input[0].set_value("日当は").run()
    page.run()
    assert len(bodies(api_server)) == 1


def test_blank_input_is_no_question(page: AppTest, api_server: FakeApi) -> None:
    page.chat_input[0].set_value("   ").run()
    assert bodies(api_server) == []
    assert len(page.chat_message) == 0


def test_a_notice_stands_below_the_answer(page: AppTest, api_server: FakeApi) -> None:
    api_server.answers = [(200, ANSWER | {"notices": ["この会話は保存されませんでした。<b>"]})]
    page.chat_input[0].set_value("日当は").run()
    assert "この会話は保存されませんでした。&lt;b&gt;" in shown(page)


def test_a_hostile_answer_stays_text(page: AppTest, api_server: FakeApi) -> None:
    hostile = "![x](https://evil.example/a.png) <script>alert(1)</script> [y](https://evil.example)"
    api_server.answers = [(200, ANSWER | {"response": hostile, "citations": []})]
    page.chat_input[0].set_value("日当は").run()
    assert "&lt;script&gt;" in shown(page)
    assert "<img" not in shown(page)
    assert "<a " not in shown(page)


def test_a_wrong_environment_is_said_plainly(page_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHAT_API_URL")
    st.cache_resource.clear()
    app = AppTest.from_file(str(FRONTEND / "app.py"), default_timeout=20).run()
    st.cache_resource.clear()
    assert any(texts.NOT_CONFIGURED in block.value for block in app.get("html"))
    assert not app.chat_input
    assert not app.exception
