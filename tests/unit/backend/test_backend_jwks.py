"""The provider's keys: down, slow, huge, garbage, rotated; and how often they are asked for."""

from __future__ import annotations

import gzip
import io
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from backend_fakes import FakeTime
from backend_server import Reply, serve
from backend_tokens import document, jwk
from botocore.exceptions import ClientError
from rag.errors import IdentityUnavailableError
from rag.identity_settings import KeySettings
from rag.jwks import READER, FetchedDocument, FileDocument, KeySet, SecretDocument, document_of, keys_of


class Source:
    """A document that a test changes; an exception is raised."""

    def __init__(self, value: bytes | Exception) -> None:
        self.value = value
        self.asked = 0

    def __call__(self) -> bytes:
        self.asked += 1
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


DOWN = IdentityUnavailableError("keys: down")


def test_keys_are_read_once_and_kept() -> None:
    source, clock = Source(document("one")), FakeTime()
    keys = KeySet(source, clock)
    assert keys.find("one")
    assert keys.find("one")
    assert source.asked == 1
    clock.sleep(3601)
    assert keys.find("one")
    assert source.asked == 2


def test_a_rotated_key_is_found_and_invented_ids_do_not_ask_without_end() -> None:
    source, clock = Source(document("one")), FakeTime()
    keys = KeySet(source, clock)
    assert keys.find("one")
    for number in range(100):
        assert keys.find(f"invented-{number}") is None
    assert source.asked == 1
    source.value = document("two")
    clock.sleep(61)
    assert keys.find("two")
    assert keys.find("one") is None
    assert source.asked == 2


def test_a_withdrawn_key_is_not_believed_for_ever() -> None:
    source, clock = Source(document("one")), FakeTime()
    keys = KeySet(source, clock)
    assert keys.find("one")
    source.value = document("two")
    clock.sleep(3601)
    assert keys.find("one") is None


def test_while_the_provider_is_down_known_keys_hold_for_an_hour_more(logs: io.StringIO) -> None:
    source, clock = Source(document("one")), FakeTime()
    keys = KeySet(source, clock)
    assert keys.find("one")
    source.value = DOWN
    clock.sleep(3700)
    assert keys.find("one")
    with pytest.raises(IdentityUnavailableError):
        keys.find("two")
    clock.sleep(3600)
    with pytest.raises(IdentityUnavailableError):
        keys.find("one")
    assert "keys: down" in logs.getvalue()


def test_what_failed_is_asked_again_soon_and_not_at_once() -> None:
    source, clock = Source(DOWN), FakeTime()
    keys = KeySet(source, clock)
    for _question in range(3):
        with pytest.raises(IdentityUnavailableError):
            keys.find("one")
    assert source.asked == 1
    source.value = document("one")
    clock.sleep(5)
    assert keys.find("one")


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": [1, null, "x"]}',
        b"[" * 100_000,
        json.dumps({"keys": [{"kty": "oct", "k": "AAAA", "kid": "one"}]}).encode(),
        json.dumps({"keys": [{**jwk("one"), "kid": 5}]}).encode(),
        json.dumps({"keys": [jwk("one"), jwk("one")]}).encode(),
        json.dumps({"keys": [{**jwk("one"), "kid": str(number)} for number in range(101)]}).encode(),
    ],
    ids=lambda text: repr(text[:30]),
)
def test_what_is_no_key_set(garbage: bytes) -> None:
    with pytest.raises(IdentityUnavailableError):
        keys_of(garbage)


def test_a_key_of_another_kind_does_not_hide_the_others() -> None:
    found = keys_of(json.dumps({"keys": [{"kty": "OKP", "kid": "ed"}, 5, jwk("one"), {"kty": "RSA"}]}).encode())
    assert list(found) == ["one"]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@contextmanager
def dripping(begun: bytes) -> Iterator[tuple[str, threading.Event]]:
    """A server that says this, and then a byte every 50 ms for as long as anybody reads; and whether nobody does."""
    ended, over = threading.Event(), threading.Event()

    def drip(taken: socket.socket) -> None:
        with taken:
            try:
                taken.recv(65536)
                taken.sendall(begun)
                while not over.wait(0.05):
                    taken.sendall(b"1")
            except OSError:
                ended.set()

    def accept() -> None:
        while True:
            try:
                taken, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(taken,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/keys", ended
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


def fetched(reply: Reply, seconds: float = 2, tls: ssl.SSLContext | None = None, ca: Path | None = None) -> bytes:
    with serve({"GET keys": [reply]}, tls) as script:
        return FetchedDocument(KeySettings(url=f"{script.url}/keys", ca_file=ca), seconds)()


def test_the_address_is_asked_over_tls_with_the_companys_authority(tls: ssl.SSLContext, ca_file: Path) -> None:
    assert fetched(Reply({"keys": []}), tls=tls, ca=ca_file) == b'{"keys": []}'
    with pytest.raises(IdentityUnavailableError, match="SSLError"):
        fetched(Reply({"keys": []}), tls=tls)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply({"keys": []}, status=500), "status 500"),
        (Reply({"keys": []}, status=404), "status 404"),
        (Reply({}, status=302, headers={"Location": "http://127.0.0.1:1/keys"}), "status 302"),
        (Reply(hang_up=True), "ConnectionError"),
        (Reply(b"x" * (300 * 1024)), "too large"),
        (Reply(gzip.compress(b" " * 10**6), headers={"Content-Encoding": "gzip"}), "packed"),
        (Reply({"keys": []}, pause=30), "slow|ReadTimeout"),
    ],
    ids=["500", "404", "redirect", "hang up", "huge", "packed", "slow"],
)
def test_an_address_that_gives_no_keys(reply: Reply, reason: str) -> None:
    with pytest.raises(IdentityUnavailableError, match=reason):
        fetched(reply, 0.5)


@pytest.mark.parametrize(
    "begun",
    [b"", b"HTTP/1.1 200 OK\r\nX-Word: ", b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"],
    ids=["status line", "head", "body"],
)
def test_a_provider_that_drips_is_left_when_the_time_is_over(begun: bytes) -> None:
    """It goes on until it is left: who waits for more than so long never comes back."""
    with dripping(begun) as (url, ended):
        document = FetchedDocument(KeySettings(url=url), 0.5)
        with pytest.raises(IdentityUnavailableError, match="too slow"):
            document()
        assert not ended.is_set()


def test_only_a_few_readings_are_left_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[threading.Thread] = []
    start = threading.Thread.start
    with dripping(b"HTTP/1.1 200 OK\r\nX-Word: ") as (url, _ended):
        document = FetchedDocument(KeySettings(url=url), 0.3)
        monkeypatch.setattr(threading.Thread, "start", lambda thread: (begun.append(thread), start(thread)))
        for _time in range(7):
            with pytest.raises(IdentityUnavailableError, match="too slow"):
                document()
        assert [thread.name for thread in begun].count(READER) == 4


def test_nobody_listens() -> None:
    with pytest.raises(IdentityUnavailableError):
        FetchedDocument(KeySettings(url="http://127.0.0.1:1/keys"))()


def test_a_proxy_is_used_where_one_is_named() -> None:
    with serve({"GET keys": [Reply({"keys": [1]})]}) as proxy:
        settings = KeySettings(url="http://login.corp.example/keys", proxy=proxy.url)
        assert FetchedDocument(settings)() == b'{"keys": [1]}'
        assert [seen.path for seen in proxy.seen] == ["http://login.corp.example/keys"]


def test_a_file_of_the_package(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(document("one"))
    assert document_of(KeySettings(file=path), None)() == document("one")
    with pytest.raises(IdentityUnavailableError, match="FileNotFoundError"):
        FileDocument(tmp_path / "none.json")()


class Secrets:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def get_secret_value(self, **request: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        assert request == {"SecretId": "chatbot/keys"}
        return self.answer


def test_a_secret() -> None:
    secrets = Secrets({"SecretString": "{}"})
    assert document_of(KeySettings(secret_id="chatbot/keys"), secrets)() == b"{}"
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "極秘"}}, "GetSecretValue")
    with pytest.raises(IdentityUnavailableError, match="AccessDeniedException"):
        SecretDocument(Secrets(denied), "chatbot/keys")()
