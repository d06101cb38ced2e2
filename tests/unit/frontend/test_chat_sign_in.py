"""Signing in: what Streamlit is told, who a token speaks of, how a conversation waits, what the page shows."""

from __future__ import annotations

import json
import os
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
import trustme
from chat import sign_in, sign_in_settings, texts
from chat.conversation import Conversation
from chat.errors import MESSAGES, ChatError
from chat.settings import Settings, SettingsError
from chat.sign_in import Person, Waiting, person_of
from streamlit.testing.v1 import AppTest

from tests.unit.frontend.fake_chat_api import ANSWER, FRONTEND, FakeApi

ENV = {
    "CHAT_SIGN_IN_METADATA_URL": "https://login.corp.example/.well-known/openid-configuration",
    "CHAT_SIGN_IN_CLIENT_ID": "chatbot",
    "CHAT_SIGN_IN_CLIENT_SECRET": "client-secret",
    "CHAT_SIGN_IN_REDIRECT_URI": "https://chat.corp.example/oauth2callback",
    "STREAMLIT_SERVER_COOKIE_SECRET": "cookie-secret",
}
ALICE = Person(("https://login.corp.example", "a-1"), "山田 花子", "aaa.bbb.ccc")
EXPIRED = {"error": {"code": "token_expired", "message": "サインインの有効期限が切れました。", "request_id": "r-9"}}


def test_what_streamlit_is_told() -> None:
    secrets: Any = sign_in_settings.streamlit_secrets(ENV)
    assert secrets["auth"] == {
        "redirect_uri": "https://chat.corp.example/oauth2callback",
        "cookie_secret": "cookie-secret",
        "client_id": "chatbot",
        "client_secret": "client-secret",
        "server_metadata_url": ENV["CHAT_SIGN_IN_METADATA_URL"],
        "client_kwargs": {"scope": "openid profile email", "prompt": "select_account"},
        "expose_tokens": ["id"],
    }


def test_without_configuration_nothing_is_different() -> None:
    assert sign_in_settings.streamlit_secrets({}) is None
    assert sign_in_settings.faults({}) == []
    assert sign_in_settings.sign_in({}) == sign_in_settings.SignIn(False, False)
    assert sign_in_settings.trusted_authorities({}) == {}


@pytest.mark.parametrize(
    ("env", "named"),
    [
        (ENV | {"CHAT_SIGN_IN_CLIENT_ID": ""}, "CHAT_SIGN_IN_CLIENT_ID"),
        (ENV | {"CHAT_SIGN_IN_CLIENT_SECRET": " "}, "CHAT_SIGN_IN_CLIENT_SECRET"),
        (ENV | {"STREAMLIT_SERVER_COOKIE_SECRET": ""}, "STREAMLIT_SERVER_COOKIE_SECRET"),
        (ENV | {"CHAT_SIGN_IN_METADATA_URL": "http://login.corp.example/x"}, "CHAT_SIGN_IN_METADATA_URL"),
        (ENV | {"CHAT_SIGN_IN_METADATA_URL": "https://["}, "CHAT_SIGN_IN_METADATA_URL"),
        (ENV | {"CHAT_SIGN_IN_REDIRECT_URI": "http://chat.corp.example/oauth2callback"}, "CHAT_SIGN_IN_REDIRECT_URI"),
        (ENV | {"CHAT_SIGN_IN_REDIRECT_URI": "https://chat.corp.example/"}, "CHAT_SIGN_IN_REDIRECT_URI"),
        ({"CHAT_SIGN_IN_REQUIRED": "true"}, "CHAT_SIGN_IN_METADATA_URL"),
        ({"CHAT_SIGN_IN_REQUIRED": "yes"}, "CHAT_SIGN_IN_REQUIRED"),
        (ENV | {"CHAT_SIGN_IN_REQUIRED": "1"}, "CHAT_SIGN_IN_REQUIRED"),
    ],
)
def test_a_fault_stops_the_page_and_names_no_value(env: dict[str, str], named: str) -> None:
    assert sign_in_settings.streamlit_secrets(env) is None
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"CHAT_API_URL": "https://api.example/", "CHAT_API_AUTH": "NONE", **env})
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(named)
    assert "client-secret" not in str(caught.value)


def test_the_companys_authority_lies_in_memory() -> None:
    pem = trustme.CA().cert_pem.bytes().decode()
    path = sign_in_settings.trusted_authorities({"CHAT_SIGN_IN_CA_PEM": pem})["SSL_CERT_FILE"]
    assert ssl.create_default_context(cafile=path).cert_store_stats()["x509_ca"] == 1
    os.close(int(path.rpartition("/")[2]))


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " 山田 花子 ", "email": "h@corp.example"}, "山田 花子"),
        ({"name": "", "preferred_username": "hanako"}, "hanako"),
        ({"email": "h@corp.example", "name": 5}, "h@corp.example"),
        ({"name": "x" * 500}, "x" * 60),
        ({}, ""),
    ],
)
def test_what_a_person_is_called(claims: dict[str, Any], name: str) -> None:
    assert person_of(claims, {}).name == name


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c\r\nX-Evil: 1", "a b.c.d", "a.b.c.d.e", "あ.い.う", f"a.{'b' * 7000}.c"]
)
def test_what_is_no_token_goes_into_no_header(token: str) -> None:
    assert person_of({}, {"id": token}).token == ""


def test_whoever_cannot_prove_it_is_not_taken_for_nobody(people: list[Person | None], api_server: FakeApi) -> None:
    people.append(Person(ALICE.key, ALICE.name, ""))
    app = load()
    app.chat_input[0].set_value("質問").run()
    assert MESSAGES["token_unusable"] in text(app)
    assert api_server.requests == []


def test_a_token_is_not_shown_by_accident() -> None:
    assert person_of({}, {"id": "aaa.bbb.ccc"}).token == "aaa.bbb.ccc"
    assert "aaa" not in repr(ALICE)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_waiting_conversation_is_given_back_once_and_to_its_user_only() -> None:
    waiting, conversation = Waiting(Clock()), Conversation()
    waiting.keep(ALICE, conversation)
    for other in (("https://login.corp.example", "b"), ("https://other.example", "a-1"), ("", "")):
        assert waiting.take(Person(other, "山田 花子", "")) is None
    assert waiting.take(Person(ALICE.key, "", "other")) is conversation
    assert waiting.take(ALICE) is None


def test_a_conversation_does_not_wait_for_ever_nor_without_end() -> None:
    clock = Clock()
    waiting = Waiting(clock)
    waiting.keep(ALICE, Conversation())
    clock.now = Waiting.SECONDS
    assert waiting.take(ALICE) is None
    for number in range(Waiting.MOST + 1):
        waiting.keep(Person(("i", str(number)), "", ""), Conversation())
    assert waiting.take(Person(("i", "0"), "", "")) is None
    assert waiting.take(Person(("i", "1"), "", "")) is not None


@pytest.fixture
def people(page_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Person | None]]:
    """Who is signed in: the last one of the list. Streamlit's own part is the browser tests' affair."""
    here: list[Person | None] = [None]
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sign_in, "person", lambda: here[-1])
    st.cache_resource.clear()
    yield here
    st.cache_resource.clear()


def load() -> AppTest:
    app = AppTest.from_file(str(FRONTEND / "app.py"), default_timeout=20).run()
    assert not app.exception
    return app


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def text(app: AppTest) -> str:
    return "\n".join(block.value for block in app.get("html"))


def test_nobody_signed_in(people: list[Person | None], api_server: FakeApi) -> None:
    app = load()
    assert "sign-in" in keys(app)
    assert texts.PUBLIC_ONLY in text(app)
    app.chat_input[0].set_value("日当は").run()
    assert "X-Chat-Id-Token" not in api_server.requests[0]["headers"]


@pytest.mark.parametrize("streaming", ["false", "true"])
def test_somebody_signed_in(
    people: list[Person | None], api_server: FakeApi, streaming: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_API_STREAMING", streaming)
    if streaming == "true":
        api_server.answers = [(200, json.dumps({"type": "done", **ANSWER}).encode() + b"\n")]
    people.append(ALICE)
    app = load()
    assert f"{texts.SIGNED_IN}: 山田 花子" in text(app)
    assert keys(app) & {"sign-in", "sign-out"} == {"sign-out"}
    app.chat_input[0].set_value("日当は").run()
    assert api_server.requests[0]["headers"]["X-Chat-Id-Token"] == "aaa.bbb.ccc"
    assert "aaa.bbb.ccc" not in text(app)
    assert "1,500 円" in text(app)


def test_where_it_is_required_nothing_is_offered_before(
    people: list[Person | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_SIGN_IN_REQUIRED", "true")
    app = load()
    assert keys(app) == {"new-conversation", "sign-in"}
    assert not app.chat_input
    assert texts.SIGN_IN_FIRST in text(app)
    people.append(ALICE)
    assert load().chat_input


def test_whether_it_is_required_is_never_guessed(
    people: list[Person | None], monkeypatch: pytest.MonkeyPatch, api_server: FakeApi
) -> None:
    monkeypatch.setenv("CHAT_SIGN_IN_REQUIRED", "yes")
    app = load()
    assert not app.chat_input
    assert texts.NOT_CONFIGURED in text(app)


def test_a_name_is_text(people: list[Person | None]) -> None:
    people.append(Person(ALICE.key, "<script>alert(1)</script>", "a.b.c"))
    assert "&lt;script&gt;" in text(load())


def test_an_expired_token_offers_to_sign_in_again_and_the_conversation_waits(
    people: list[Person | None], api_server: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(st, "login", lambda *_provider: asked.append(time.monotonic()))
    people.append(ALICE)
    app = load()
    app.chat_input[0].set_value("一つ目").run()
    api_server.answers = [(401, EXPIRED), (200, ANSWER)]
    app.chat_input[0].set_value("二つ目").run()
    assert EXPIRED["error"]["message"] in text(app)
    assert "retry-1" not in keys(app)
    app.button(key="sign-in-again-1").click().run()
    assert len(asked) == 1

    people.append(Person(("https://login.corp.example", "other"), "", ""))
    assert len(load().chat_message) == 0
    people.append(Person(ALICE.key, ALICE.name, "ddd.eee.fff"))
    again = load()
    assert len(again.chat_message) == 4
    assert EXPIRED["error"]["message"] not in text(again)
    second, third = api_server.requests[1:]
    assert json.loads(second["body"]) == json.loads(third["body"])
    assert third["headers"]["X-Chat-Id-Token"] == "ddd.eee.fff"


def test_other_errors_are_tried_again_as_before(people: list[Person | None], api_server: FakeApi) -> None:
    people.append(ALICE)
    app = load()
    api_server.answers = [(503, EXPIRED | {"error": EXPIRED["error"] | {"code": "search_unavailable"}})]
    app.chat_input[0].set_value("質問").run()
    assert "retry-0" in keys(app)


def test_a_waiting_conversation_has_its_failed_question_asked_again() -> None:
    conversation = Conversation()
    conversation.add("質問")
    conversation.turns[0].error = ChatError("token_expired", "r", "切れました")
    conversation.retry()
    assert conversation.turns[0].waiting
