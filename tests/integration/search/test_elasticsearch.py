"""The same ingestion, mapping and retriever against real Elasticsearch 7.17, 8.19 and 9.5 with security on.

These servers have no analyser but the standard one: the index must be made without its better layers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from ingest.server import Connection, Server
from rag.clock import Deadline
from rag.credentials import FixedLogin, authorization
from rag.errors import SearchUnavailableError
from rag.search import SearchRetriever

from tests.integration.search.commands import ingest, settings
from tests.integration.search.conftest import DOWNLOADS
from tests.integration.search.elasticsearch import ADMIN, CHATBOT, RELEASES, Elasticsearch, Release, elasticsearch

INDEX = "company-documents"


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.version)
def release(request: pytest.FixtureRequest) -> Release:
    wanted: Release = request.param
    return wanted


@pytest.fixture(scope="module")
def server(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """The server with two documents, one of them for a group."""
    # Not in pytest's folder, which only its owner can enter: under root the server runs as somebody else.
    with TemporaryDirectory() as name, elasticsearch(release, DOWNLOADS / "elasticsearch", Path(name)) as running:
        documents = tmp_path_factory.mktemp("documents")
        (documents / "travel.md").write_text("# 旅費規程\n宿泊費の上限は一泊12,000円。", encoding="utf-8")
        (documents / "hr").mkdir()
        (documents / "hr" / ".access.yml").write_text("groups: [hr]")
        (documents / "hr" / "pay.md").write_text("# 賞与\n宿泊費を除く賞与の係数は2.1。", encoding="utf-8")
        secret = json.dumps({"username": ADMIN[0], "password": ADMIN[1]})
        told = ingest(documents, running.url, INDEX, "--ca-file", str(running.ca_file), SEARCH_SECRET=secret)
        assert (told["added"], told["layers"]) == (2, ["standard"])
        yield running


def login(user: str, password: str) -> FixedLogin:
    return FixedLogin(authorization(json.dumps({"username": user, "password": password})))


def find(server: Elasticsearch, who: FixedLogin | None, *groups: str, ca: bool = True) -> set[str]:
    more = {"ES_CA_FILE": str(server.ca_file)} if ca else {}
    retriever = SearchRetriever(settings(server.url, INDEX, **more), who)
    return {found.source for found in retriever.retrieve("宿泊費の上限はいくらですか", frozenset(groups), Deadline(30))}


def test_it_is_the_engine_it_should_be(server: Elasticsearch, release: Release) -> None:
    admin = login(*ADMIN)
    assert Server(Connection(server.url, admin.header(), server.ca_file)).engine() == f"elasticsearch {release.version}"


def test_a_user_who_may_only_read_finds_what_the_groups_may_read(server: Elasticsearch) -> None:
    assert find(server, login(*CHATBOT)) == {"travel.md"}
    assert find(server, login(*CHATBOT), "hr") == {"travel.md", "hr/pay.md"}


@pytest.mark.parametrize("who", [login(CHATBOT[0], "wrong"), None], ids=["wrong", "none"])
def test_without_the_right_login_there_is_a_plain_error(server: Elasticsearch, who: FixedLogin | None) -> None:
    with pytest.raises(SearchUnavailableError, match="_mapping: 401 security_exception"):
        find(server, who)


def test_an_authority_that_is_not_the_company_s_is_refused(server: Elasticsearch) -> None:
    with pytest.raises(SearchUnavailableError, match="SSLError"):
        find(server, login(*CHATBOT), ca=False)
