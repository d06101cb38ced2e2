"""The module streamlit_question against the real page in a real Streamlit server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit import Page, PageError, ask
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit_connection import Target, open_page
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit_html import ChatAnswer, read_message

from tests.unit.frontend.fake_chat_api import FAILURE, FRONTEND, FakeApi


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def page_url(page_env: dict[str, str]) -> Iterator[str]:
    """The page, served; ready when its log says so."""
    port = free_port()
    options = {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_ADDRESS": "127.0.0.1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "serve.py"],
        cwd=FRONTEND,
        env=os.environ | page_env | options,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    log = ""
    for line in server.stdout:
        log += line
        if "URL:" in line:
            break
    else:
        pytest.fail(f"Streamlit did not start: {log}")
    yield f"http://127.0.0.1:{port}/"
    server.terminate()
    server.communicate(timeout=20)


def test_a_question_through_the_real_page(page_url: str, api_server: FakeApi) -> None:
    session = requests.Session()
    session.trust_env = False
    assert session.get(f"{page_url}_stcore/health", timeout=5).status_code == 200
    with open_page(Target(page_url), 20) as connection:
        reply = ask(connection, "日当は", 30)
    assert reply.answer == "日帰りの日当は 1,500 円です[1]。申請は 10 営業日以内です[3]。"
    assert reply.sources[0] == {
        "title": "国内出張旅費規程",
        "source": "travel-expenses.md",
        "snippet": "日帰り 1,500 円とする。",
    }
    assert len(reply.sources) == 2

    api_server.answers = [(503, FAILURE)]
    with (
        open_page(Target(page_url, host_header="chat.corp.example"), 20) as connection,
        pytest.raises(PageError, match=r"検索に接続できませんでした。 \(request id request-9\)"),
    ):
        ask(connection, "日当は", 30)


class Scripted:
    """A connection that says nothing before time is up."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, message: bytes) -> None:
        self.sent.append(message)

    def receive(self, timeout: float) -> bytes:
        raise TimeoutError


def test_a_page_that_stays_silent() -> None:
    connection = Scripted()
    with pytest.raises(PageError, match="waiting for the page to load"):
        ask(connection, "日当は", 1)
    assert len(connection.sent) == 1


def test_a_page_without_input_or_answer() -> None:
    with pytest.raises(PageError, match="no chat input"):
        Page().chat_input_id()
    with pytest.raises(PageError, match="no answer"):
        Page().last_answer()


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://127.0.0.1:{port}/", "does not answer"), ("ws://127.0.0.1/", "http://"), ("http:///x", "http://")],
)
def test_an_address_that_is_no_page(url: str, said: str) -> None:
    with pytest.raises(PageError, match=said), open_page(Target(url.format(port=free_port())), 5):
        pytest.fail("it opened")


def test_an_address_that_is_another_server(api_server: FakeApi) -> None:
    with pytest.raises(PageError, match="HTTP status 501"), open_page(Target(api_server.url), 5):
        pytest.fail("it opened")


def test_reading_a_message() -> None:
    assert read_message('<div class="rag-answer"><p>A &lt;b&gt;</p><p>B<br>C</p></div>').answer == "A <b>\nB\nC"
    error = '<p class="rag-error-message">だめ</p><p class="rag-request-id">受付番号: <code>r</code></p>'
    assert read_message(error) == ChatAnswer(error="だめ", request_id="r")
    assert read_message("<style>p{}</style><b>別のページ</b>").answer == "別のページ"
