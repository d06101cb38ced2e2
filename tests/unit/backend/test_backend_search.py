"""The Retriever on a real HTTP(S) server: TLS, logins, faults, time."""

from __future__ import annotations

import base64
import datetime
import io
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from backend_fakes import FakeTime
from backend_server import Reply, Script, serve
from rag.clock import Deadline
from rag.credentials import SearchLogin
from rag.domain import Passage
from rag.errors import SearchTimeoutError, SearchUnavailableError
from rag.search import SearchRetriever
from rag.settings import SearchSettings

MAPPING = Reply({"docs": {"mappings": {"properties": {"body": {"type": "text"}}}}})
HITS = Reply(
    {"hits": {"hits": [{"_id": "d1", "_score": 1.0, "_source": {"title": "題", "text": "文", "source": "s"}}]}}
)
UNAUTHORISED = Reply({"error": {"type": "security_exception"}}, 401)
ANSWERING = {"GET _mapping": [MAPPING], "POST _search": [HITS]}


def settings(url: str, ca_file: Path | None = None, timeout: float = 4.0) -> SearchSettings:
    return SearchSettings(url, "docs", "title", "text", "source", "", ca_file, timeout, 5, 0.3)


def search(retriever: SearchRetriever, seconds: float = 10.0) -> tuple[Passage, ...]:
    return retriever.retrieve("宿泊費", frozenset(), Deadline(seconds))


def ask(script: Script, timeout: float = 4.0, login: SearchLogin | None = None) -> tuple[Passage, ...]:
    return search(SearchRetriever(settings(script.url, timeout=timeout), login))


@dataclass
class Secrets:
    """Secrets Manager with a value that is rotated at every read."""

    values: list[str]
    reads: list[str] = field(default_factory=list)

    def get_secret_value(self, **request: Any) -> Mapping[str, Any]:
        self.reads.append(request["SecretId"])
        return {"SecretString": self.values.pop(0) if len(self.values) > 1 else self.values[0]}


def basic(password: str) -> str:
    return f'{{"username": "chatbot", "password": "{password}"}}'


def test_a_search_finds_passages() -> None:
    with serve(ANSWERING) as script:
        (found,) = ask(script)
        assert (found.document_id, found.title, found.text, found.source) == ("d1", "題", "文", "s")
        assert script.paths() == ["GET /docs/_mapping", "POST /docs/_search"]
        assert script.seen[1].body["query"]["bool"]["must"][0]["multi_match"]["fields"] == ["body"]
        assert "Authorization" not in script.seen[1].headers


def test_the_mapping_is_read_once_and_again_after_a_while() -> None:
    now = FakeTime()
    with serve(ANSWERING) as script:
        retriever = SearchRetriever(settings(script.url), None, now)
        for pause in (0, 10, 301):
            now.sleep(pause)
            search(retriever)
        assert [path.split("/")[-1] for path in script.paths()] == [
            "_mapping",
            "_search",
            "_search",
            "_mapping",
            "_search",
        ]


def test_a_login_that_may_not_read_the_mapping_searches_title_and_text() -> None:
    with serve(ANSWERING | {"GET _mapping": [Reply({}, 403)]}) as script:
        assert len(ask(script)) == 1
        assert script.seen[1].body["query"]["bool"]["must"][0]["multi_match"]["fields"] == ["title^1.5", "text"]


def test_the_login_is_read_once_and_sent() -> None:
    secrets = Secrets([basic("パス:ワード")])
    with serve(ANSWERING) as script:
        retriever = SearchRetriever(settings(script.url), SearchLogin(secrets, "chatbot/search"))
        search(retriever)
        search(retriever)
        sent = script.seen[-1].headers["Authorization"]
    assert base64.b64decode(sent.removeprefix("Basic ")).decode() == "chatbot:パス:ワード"
    assert secrets.reads == ["chatbot/search"]


def test_a_rotated_password_is_read_again_after_a_401() -> None:
    secrets = Secrets([basic("old"), basic("new")])
    with serve(ANSWERING | {"POST _search": [UNAUTHORISED, HITS]}) as script:
        assert len(ask(script, login=SearchLogin(secrets, "s"))) == 1
        assert base64.b64decode(script.seen[-1].headers["Authorization"][6:]) == b"chatbot:new"
    assert len(secrets.reads) == 2


def test_a_wrong_password_is_tried_twice_and_no_more() -> None:
    secrets = Secrets([basic("wrong")])
    with serve({"GET _mapping": [UNAUTHORISED]}) as script, pytest.raises(SearchUnavailableError) as caught:
        ask(script, login=SearchLogin(secrets, "s"))
    assert caught.value.reason == "_mapping: 401 security_exception"
    assert len(script.seen) == 2


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ({"GET _mapping": [Reply({"error": {"type": "index_not_found_exception"}}, 404)]}, "_mapping: 404 index_not"),
        ({"POST _search": [Reply({"error": {"type": "x", "reason": "極秘"}}, 400)]}, "_search: 400 x"),
        ({"POST _search": [Reply({}, 503)]}, "_search: 503"),
        ({"POST _search": [Reply({}, 429)]}, "_search: 429"),
        ({"POST _search": [Reply({}, 302, {"Location": "http://127.0.0.1:1/"})]}, "_search: 302"),
        ({"POST _search": [Reply(b"<html>")]}, "_search: 200"),
        ({"POST _search": [Reply(b"[" * 100_000)]}, "_search: 200"),
        ({"POST _search": [Reply({"took": 1})]}, "_search: 200"),
        ({"POST _search": [Reply(b"x" * 9_000_000)]}, "answer too large"),
        ({"POST _search": [Reply(b"no gzip", headers={"Content-Encoding": "gzip"})]}, "ContentDecodingError"),
        ({"POST _search": [Reply(hang_up=True)]}, "ConnectionError"),
    ],
)
def test_what_cannot_be_used_is_search_unavailable(replies: dict[str, list[Reply]], reason: str) -> None:
    with serve(ANSWERING | replies) as script, pytest.raises(SearchUnavailableError) as caught:
        ask(script)
    assert caught.value.reason.startswith(reason)
    assert "極秘" not in caught.value.reason


def test_a_connection_that_breaks_is_tried_once_more(logs: io.StringIO) -> None:
    with serve(ANSWERING | {"POST _search": [Reply(hang_up=True), HITS]}) as script:
        assert len(ask(script)) == 1
        assert script.paths().count("POST /docs/_search") == 2
    assert '"search_retry"' in logs.getvalue()


def test_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(SearchUnavailableError):
            search(SearchRetriever(settings(url), None))


@pytest.mark.parametrize(
    "slow",
    [
        Reply(HITS.body, pause=30),
        Reply(b"x" * 5_000_000, pause=0.05, parts=500),
    ],
)
def test_a_slow_search_ends_in_time(slow: Reply) -> None:
    with serve(ANSWERING | {"POST _search": [slow]}) as script:
        retriever = SearchRetriever(settings(script.url, timeout=0.5), None)
        with pytest.raises(SearchTimeoutError):  # and not an answer after half a minute
            search(retriever)


def test_without_time_nothing_is_asked() -> None:
    with serve(ANSWERING) as script:
        with pytest.raises(SearchTimeoutError):
            search(SearchRetriever(settings(script.url), None), seconds=0)
        assert script.seen == []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_the_company_s_authority_is_trusted_whatever_the_environment_says(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours.pem", tmp_path / "theirs.pem"
    authority.cert_pem.write_to_path(ours)
    trustme.CA().cert_pem.write_to_path(theirs)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(theirs))
    with serve(ANSWERING, tls_of(authority)) as script:
        assert len(search(SearchRetriever(settings(script.url, ours), None))) == 1


@pytest.mark.parametrize("own_file", [True, False])
def test_another_authority_is_refused(authority: trustme.CA, tmp_path: Path, own_file: bool) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with serve(ANSWERING, tls_of(authority)) as script, pytest.raises(SearchUnavailableError) as caught:
        search(SearchRetriever(settings(script.url, other if own_file else None), None))
    assert caught.value.reason == "SSLError"


def test_an_expired_certificate_is_refused(authority: trustme.CA, tmp_path: Path) -> None:
    ours = tmp_path / "ours.pem"
    authority.cert_pem.write_to_path(ours)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    authority.issue_cert("127.0.0.1", not_after=yesterday).configure_cert(context)
    with serve(ANSWERING, context) as script, pytest.raises(SearchUnavailableError, match="SSLError"):
        search(SearchRetriever(settings(script.url, ours), None))


def test_a_server_that_is_down_is_not_waited_for_again_and_again() -> None:
    with serve(ANSWERING | {"POST _search": [Reply({}, 503)]}) as script:
        retriever = SearchRetriever(settings(script.url), None, FakeTime())
        for _attempt in range(3):
            with pytest.raises(SearchUnavailableError, match="503"):
                search(retriever)
        asked = len(script.seen)
        with pytest.raises(SearchUnavailableError, match="circuit open"):
            search(retriever)
        assert len(script.seen) == asked


def test_an_idle_connection_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = FakeTime()
    closed: list[float] = []
    with serve(ANSWERING) as script:
        retriever = SearchRetriever(settings(script.url), None, now)
        search(retriever)
        monkeypatch.setattr("requests.adapters.HTTPAdapter.close", lambda adapter: closed.append(now()))
        search(retriever)
        assert closed == []
        now.sleep(60)
        search(retriever)
        assert set(closed) == {now()}
