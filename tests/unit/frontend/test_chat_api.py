"""The API's client against a real HTTP server."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import socket
from typing import Any

import pytest
import requests
from botocore.credentials import Credentials
from chat import ask
from chat.api import ChatApi
from chat.errors import MESSAGES, ChatError
from chat.settings import Settings
from chat.sigv4 import SigV4

from tests.unit.frontend.fake_chat_api import ANSWER, FAILURE, FakeApi

pytestmark = pytest.mark.usefixtures("page_env")
KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI", "session-token"


def client(url: str, auth: requests.auth.AuthBase | None = None, timeout: str = "5") -> ChatApi:
    env = {"CHAT_API_URL": url, "CHAT_API_AUTH": "NONE", "CHAT_API_TIMEOUT_SECONDS": timeout}
    return ChatApi(Settings.from_env(env), auth)


def failure_of(api: ChatApi) -> ChatError:
    with pytest.raises(ChatError) as caught:
        api.ask("質問")
    return caught.value


def test_an_answer(api_server: FakeApi) -> None:
    answer = client(api_server.url).ask("日当は", "conversation-1")
    assert answer.response == ANSWER["response"]
    assert [citation.id for citation in answer.citations] == ["1", "3"]
    (request,) = api_server.requests
    assert request["path"] == "/prod/"
    assert json.loads(request["body"]) == {"message": "日当は", "session_id": "conversation-1"}


def test_the_first_question_has_no_session_id(api_server: FakeApi) -> None:
    assert client(api_server.url).ask("日当は").session_id == "conversation-1"
    assert json.loads(api_server.requests[0]["body"]) == {"message": "日当は"}
    assert "Authorization" not in api_server.requests[0]["headers"]


def signature(request: dict[str, Any], signed: list[str], date: str) -> str:
    """Signature Version 4 from AWS's description of it ('Create a signed AWS API request'), not by botocore."""
    headers = {name.lower(): value for name, value in request["headers"].items()}
    canonical = "\n".join(
        [
            *("POST", request["path"], ""),
            *(f"{name}:{headers[name].strip()}" for name in signed),
            *("", ";".join(signed), hashlib.sha256(request["body"]).hexdigest()),
        ]
    )
    scope = f"{date[:8]}/ap-northeast-1/execute-api/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{SECRET}".encode()
    for part in (date[:8], "ap-northeast-1", "execute-api", "aws4_request", to_sign):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


@pytest.mark.parametrize("id_token", ["", "aaa.bbb.ccc"])
def test_the_signature_is_what_aws_computes(api_server: FakeApi, id_token: str) -> None:
    auth = SigV4(Credentials(KEY, SECRET, TOKEN), "ap-northeast-1")
    client(api_server.url, auth).ask("日当は", id_token=id_token)
    (request,) = api_server.requests
    match = re.fullmatch(
        rf"AWS4-HMAC-SHA256 Credential={KEY}/(\d{{8}})/ap-northeast-1/execute-api/aws4_request, "
        r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
        request["headers"]["Authorization"],
    )
    assert match
    signed = match[2].split(";")
    assert {"host", "x-amz-date", "x-amz-security-token"} <= set(signed)
    assert ("x-chat-id-token" in signed) == bool(id_token)
    assert request["headers"].get("X-Chat-Id-Token", "") == id_token
    date = request["headers"]["X-Amz-Date"]
    assert match[3] == signature(request, signed, date)
    assert SECRET not in str(request["headers"])


def test_without_credentials_the_question_is_not_sent(api_server: FakeApi) -> None:
    error = failure_of(client(api_server.url, SigV4(None, "ap-northeast-1")))
    assert error.code == "credentials"
    assert error.request_id.startswith("web-")
    assert api_server.requests == []


def test_the_apis_own_error_is_passed_on(api_server: FakeApi) -> None:
    api_server.answers = [(503, FAILURE)]
    error = failure_of(client(api_server.url))
    assert (error.code, error.message, error.request_id) == (
        "search_unavailable",
        "検索に接続できませんでした。",
        "request-9",
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "forbidden"), (429, "busy"), (413, "rejected"), (502, "server"), (504, "timeout"), (302, "server")],
)
def test_the_gateways_errors_become_plain_words(api_server: FakeApi, status: int, code: str) -> None:
    api_server.answers = [(status, {"message": "User: arn:aws:sts::123456789012:x is not authorized"})]
    error = failure_of(client(api_server.url))
    assert (error.code, error.message, error.request_id) == (code, MESSAGES[code], "gateway-1")


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        [],
        {},
        ANSWER | {"response": ""},
        ANSWER | {"citations": "x"},
        ANSWER | {"citations": ["x"]},
        ANSWER | {"notices": [1]},
    ],
)
def test_an_answer_against_the_contract_is_refused(api_server: FakeApi, body: object) -> None:
    api_server.answers = [(200, body)]
    error = failure_of(client(api_server.url))
    assert (error.code, error.request_id) == ("bad_answer", "gateway-1")


def test_no_server_and_a_silent_one(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        timed_out = failure_of(client(f"http://127.0.0.1:{port}/", timeout="1"))
    unreachable = failure_of(client(f"http://127.0.0.1:{port}/"))
    assert (timed_out.code, unreachable.code) == ("timeout", "unreachable")
    assert timed_out.request_id != unreachable.request_id
    assert unreachable.request_id in caplog.text
    assert "質問" not in caplog.text


def test_ask_prints_one_line(
    api_server: FakeApi, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask.main(["日当は", "--session-id", "conversation-1"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out == {"ok": True, "notices": []} | ANSWER
    api_server.answers = [(503, FAILURE)]
    assert ask.main(["日当は"]) == 1
    assert json.loads(capsys.readouterr().out) == {"ok": False} | FAILURE
    monkeypatch.delenv("CHAT_API_URL")
    assert ask.main(["日当は"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "settings"
