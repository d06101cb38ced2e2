"""Embedded search, indexing, the front with its password, Java's version, the server's configuration."""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests
from aiohttp import web

from local_cloud.data.egress.targets import Connection
from local_cloud.data.onprem import artifacts, bm25, java, layout, password, server
from local_cloud.data.onprem.embedded import Embedded
from local_cloud.data.onprem.front import SearchFront, admits
from local_cloud.data.onprem.java import Java
from local_cloud.data.onprem.store import Index, QueryError

TRAVEL = {"title": "出張旅費規程", "text": "国内出張の日当は1日あたり3,000円です。", "source": "travel.md"}
VPN = {"title": "VPN接続手順", "text": "社給PCでクライアントを起動します。", "source": "vpn.md"}
COMBINED = {"mappings": {"properties": {"title": {"copy_to": "body"}, "text": {"copy_to": "body"}}}}


@pytest.fixture
def embedded() -> Iterator[str]:
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(Embedded().application())

    async def begin() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return int(runner.addresses[0][1])

    port = loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def index() -> Index:
    made = Index(COMBINED)
    made.put("1", TRAVEL)
    made.put("2", VPN)
    return made


def test_terms_are_words_and_pairs() -> None:
    assert bm25.terms("ＶＰＮ接続 wifi-6") == ["vpn", "接", "接続", "続", "wifi", "6"]


def test_title_and_text_are_found_in_the_combined_field() -> None:
    found = index().search({"match": {"body": "出張の日当"}})
    assert found[0][0] == "1"
    assert [key for key, _score in index().search({"match": {"body.ja": "VPN"}})] == ["2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (None, ["1", "2"]),
        ({"multi_match": {"query": "VPN 接続", "fields": ["title^2", "text"]}}, ["2"]),
        ({"term": {"source": "travel.md"}}, ["1"]),
        ({"bool": {"must": {"match": {"text": "日当"}}, "filter": [{"term": {"source": "vpn.md"}}]}}, []),
        ({"bool": {"should": [{"match": {"title": "VPN"}}], "must_not": [{"term": {"source": "x"}}]}}, ["2"]),
    ],
)
def test_queries(query: dict[str, object] | None, expected: list[str]) -> None:
    assert sorted(key for key, _score in index().search(query)) == expected


def test_unknown_query_is_refused() -> None:
    with pytest.raises(QueryError, match="script_score"):
        index().search({"script_score": {}})


def test_replaced_document_is_found_by_its_new_words_only() -> None:
    changed = index()
    assert changed.put("1", {"title": "社員食堂"}) == "updated"
    assert changed.search({"match": {"body": "日当"}}) == []
    assert [key for key, _score in changed.search({"match": {"body": "食堂"}})] == ["1"]


def call(url: str, method: str = "GET", body: object = None) -> tuple[int, dict[str, Any]]:
    answer = requests.request(method, url, json=body, timeout=30)
    return answer.status_code, answer.json()


def test_document_put_by_anyone_is_found(embedded: str) -> None:
    assert call(f"{embedded}/docs-000001", "PUT", COMBINED)[0] == 200
    moved = {"actions": [{"add": {"index": "docs-000001", "alias": "docs"}}]}
    assert call(f"{embedded}/_aliases", "POST", moved)[0] == 200
    assert call(f"{embedded}/docs/_doc?refresh=true", "POST", VPN)[0] == 201
    wanted = {"query": {"match": {"body": "VPN"}}, "_source": ["title"]}
    answer = call(f"{embedded}/docs/_search", "POST", wanted)[1]
    assert answer["hits"]["total"]["value"] == 1
    assert answer["hits"]["hits"][0]["_source"] == {"title": "VPN接続手順"}


def test_hits_come_in_order_and_from_where_the_last_ended(embedded: str) -> None:
    for name in ("b", "a", "c"):
        call(f"{embedded}/docs/_doc/{name}", "PUT", {"part": name})
    wanted: dict[str, Any] = {"size": 2, "sort": [{"part": "asc"}]}
    first = call(f"{embedded}/docs/_search", "POST", wanted)[1]["hits"]["hits"]
    assert [hit["sort"] for hit in first] == [["a"], ["b"]]
    rest = call(f"{embedded}/docs/_search", "POST", wanted | {"search_after": ["b"]})[1]["hits"]["hits"]
    assert [hit["_id"] for hit in rest] == ["c"]


def test_embedded_says_what_it_is_and_how_it_fails(embedded: str) -> None:
    assert call(embedded)[1]["version"]["distribution"] == "private-rag-embedded"
    status, missing = call(f"{embedded}/nothing/_search", "POST", {})
    assert (status, missing["error"]["type"]) == (404, "index_not_found_exception")
    call(f"{embedded}/docs", "PUT", COMBINED)
    assert call(f"{embedded}/docs/_search", "POST", {"query": {"fuzzy": {}}})[0] == 400


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ('openjdk version "25.0.3" 2026-04-21 LTS', 25),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("command not found", None),
    ],
)
def test_java_versions(answer: str, version: int | None) -> None:
    assert java.major_version(answer) == version


def test_java_that_is_too_old_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, version in (("old", 17), ("new", 21)):
        program = tmp_path / name / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}.0.1\"'\n")
        program.chmod(0o755)
    monkeypatch.setattr(java, "JVM_FOLDERS", ())
    environment = {"OPENSEARCH_JAVA_HOME": str(tmp_path / "old"), "JAVA_HOME": str(tmp_path / "new"), "PATH": ""}
    found = java.find(environment)
    assert found == Java((tmp_path / "new").resolve(), 21, False)
    assert java.find({"PATH": ""}) is None


def test_no_java_means_the_embedded_search_or_a_plain_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "JVM_FOLDERS", ())
    chosen = server.choose(tmp_path, tmp_path, 9200, {"PATH": ""})
    assert chosen.kind == "embedded"
    assert chosen.command[1:] == ("-m", "local_cloud.data.onprem.embedded", "--port", "9200")
    with pytest.raises(server.SearchUnavailableError, match="Java of version 21"):
        server.choose(tmp_path, tmp_path, 9200, {"PATH": "", "REQUIRE_REAL_SEARCH": "1"})


def test_named_server_wins() -> None:
    assert server.search_url(9200, {"LOCAL_SEARCH_URL": "https://es.example:9243/"}) == "https://es.example:9243"
    assert server.search_url(9201, {}) == "http://127.0.0.1:9201"


def test_changed_artifact_is_fetched_again_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def fetch(artifact: artifacts.Artifact, folder: Path) -> None:
        fetched.append(artifact.name)
        (folder / artifact.filename).write_text("something else")

    monkeypatch.setattr(artifacts, "fetch", fetch)
    with pytest.raises(artifacts.FetchError, match="SHA-256"):
        artifacts.ensure_all(tmp_path)
    assert fetched == ["opensearch"]
    assert list(tmp_path.iterdir()) == []


def test_jvm_options_fit_the_machine(tmp_path: Path) -> None:
    shipped = "# comment\n-Xms1g\n-Xmx1g\n20-:--add-modules=jdk.incubator.vector\n-XX:ErrorFile=logs/hs.log\n"
    written = layout.jvm_options(shipped, tmp_path, Java(tmp_path, 21, False)).splitlines()
    assert written == [f"-XX:ErrorFile={tmp_path}/logs/hs.log", "-Xms512m", "-Xmx512m"]
    kept = layout.jvm_options(shipped, tmp_path, Java(tmp_path, 25, True))
    assert "jdk.incubator.vector" in kept


def test_settings_listen_on_loopback_only(tmp_path: Path) -> None:
    lines = layout.settings(tmp_path, 9201).splitlines()
    assert "network.host: 127.0.0.1" in lines
    assert "http.port: 9201" in lines


def test_password_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = password.ensure(tmp_path)
    assert len(first) >= 24
    assert password.ensure(tmp_path) == first
    mode = stat.S_IMODE(os.stat(tmp_path / "onprem" / "password").st_mode)
    assert mode == 0o600


@asynccontextmanager
async def serving(handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> AsyncIterator[int]:
    """A server on loopback; yields its port."""
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "admitted"),
    [
        (basic("chatbot:right"), True),
        (basic("chatbot:wrong"), False),
        (basic("admin:right"), False),
        ("Basic ***", False),
        ("Bearer right", False),
        ("", False),
    ],
)
def test_front_admits(header: str, admitted: bool) -> None:
    assert admits(header, "right") is admitted


def test_front_hands_on_and_keeps_the_password_to_itself() -> None:
    async def scenario() -> None:
        seen: list[web.BaseRequest] = []

        async def real(request: web.BaseRequest) -> web.StreamResponse:
            seen.append(request)
            return web.json_response({"path": request.raw_path, "body": (await request.read()).decode()})

        async with serving(real) as real_port:
            front = SearchFront(f"http://127.0.0.1:{real_port}", "right")

            async def secure(request: web.BaseRequest) -> web.StreamResponse:
                return await front(request, Connection(None, "search.corp.example", 9200, secure=True))

            async def plain(request: web.BaseRequest) -> web.StreamResponse:
                return await front(request, Connection(None, "search.corp.example", 9200, secure=False))

            async with serving(secure) as port, serving(plain) as plain_port, aiohttp.ClientSession() as session:
                url = f"http://127.0.0.1:{port}/docs/_search?size=1"
                async with session.post(url, data="{}", headers={"Authorization": basic("chatbot:right")}) as ok:
                    assert await ok.json() == {"path": "/docs/_search?size=1", "body": "{}"}
                async with session.post(url, data="{}") as refused:
                    assert refused.status == 401
                async with session.get(f"http://127.0.0.1:{plain_port}/") as unencrypted:
                    assert unencrypted.status == 400
            await front.close()
        assert len(seen) == 1
        assert "Authorization" not in seen[0].headers

    asyncio.run(scenario())
