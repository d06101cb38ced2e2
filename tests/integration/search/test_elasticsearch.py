"""The same ingestion, mapping and retriever against real Elasticsearch 7.17, 8.19 and 9.5 with security on.

These servers have no analyser but the standard one: the index must be made without its better layers.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest
from ingest.server import Connection, Server
from moto.server import ThreadedMotoServer
from rag.clock import Deadline
from rag.credentials import FixedLogin, Login, SearchLogin, authorization
from rag.errors import SearchUnavailableError
from rag.search import SearchRetriever

from tests.integration.search.commands import ingest, refused, settings
from tests.integration.search.conftest import DOWNLOADS
from tests.integration.search.elasticsearch import ADMIN, CHATBOT, RELEASES, Elasticsearch, Release, elasticsearch

INDEX = "company-documents"
READER = {"indices": [{"names": ["company-*"], "privileges": ["read", "view_index_metadata"]}]}
# What the ingestion needs (docs/ingestion.md): `manage` is for aliases, settings and deleting what was replaced; no
# narrower name than the action's own is there for `_analyze` without an index.
WRITER = {
    "cluster": ["monitor", "cluster:admin/analyze"],
    "indices": [{"names": [f"{INDEX}*"], "privileges": ["manage", "read", "write"]}],
}


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
        key = running.api_key(WRITER)
        secret = json.dumps({"api_key": key["encoded"]})
        told = ingest(documents, running.url, INDEX, "--ca-file", str(running.ca_file), SEARCH_SECRET=secret)
        assert (told["added"], told["layers"]) == (2, ["standard"])
        yield running


def login(user: str, password: str) -> FixedLogin:
    return FixedLogin(authorization(json.dumps({"username": user, "password": password})))


def find(server: Elasticsearch, who: Login | None, *groups: str, ca: bool = True) -> set[str]:
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


@pytest.fixture(scope="module")
def secrets_manager() -> Iterator[str]:
    """URL of a Secrets Manager."""
    manager = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    manager.start()
    host, port = manager.get_host_and_port()
    yield f"http://{host}:{port}"
    manager.stop()


@pytest.fixture
def aws(secrets_manager: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of it; what the environment says leads the ingestion there, too."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets_manager)
    return boto3.client("secretsmanager")


def stored(aws: Any, server: Elasticsearch, secret: dict[str, str]) -> str:
    """The ARN of a secret with this in it."""
    name = f"search-{server.url.rpartition(':')[2]}-{len(aws.list_secrets()['SecretList'])}"
    return str(aws.create_secret(Name=name, SecretString=json.dumps(secret))["ARN"])


def both_forms(key: dict[str, Any]) -> tuple[str, str]:
    """As Elasticsearch gives it for the header, and as Kibana shows it: id:key."""
    assert base64.b64decode(key["encoded"]).decode() == f"{key['id']}:{key['api_key']}"
    return str(key["encoded"]), f"{key['id']}:{key['api_key']}"


def test_an_api_key_in_secrets_manager_opens_the_search(server: Elasticsearch, aws: Any) -> None:
    for form in both_forms(server.api_key(READER)):
        known = SearchLogin(aws, stored(aws, server, {"api_key": form}))
        assert find(server, known) == {"travel.md"}
        assert find(server, known, "hr") == {"travel.md", "hr/pay.md"}


def test_an_api_key_in_secrets_manager_opens_the_ingestion(server: Elasticsearch, aws: Any, tmp_path: Path) -> None:
    (tmp_path / "badge.md").write_text("# 入館証\n入館証は受付で借りる。", encoding="utf-8")
    secret = stored(aws, server, {"api_key": server.api_key(WRITER)["encoded"]})
    options = ("--ca-file", str(server.ca_file), "--secret-id", secret, "--collection", "badges")
    assert ingest(tmp_path, server.url, INDEX, *options)["added"] == 1
    assert "badge.md" in find(server, login(*CHATBOT))
    (tmp_path / "badge.md").unlink()
    assert ingest(tmp_path, server.url, INDEX, *options, "--max-deleted-percent", "100")["deleted"] == 1


def test_an_api_key_that_was_revoked_is_refused(server: Elasticsearch, tmp_path: Path) -> None:
    key = server.api_key(READER)
    server.ask("DELETE", "/_security/api_key", {"ids": [key["id"]]})
    secret = json.dumps({"api_key": key["encoded"]})
    with pytest.raises(SearchUnavailableError, match="_mapping: 401 security_exception") as caught:
        find(server, FixedLogin(authorization(secret)))
    assert "検索サーバーを利用できない" in caught.value.message
    told = refused(tmp_path, server.url, INDEX, "--ca-file", str(server.ca_file), SEARCH_SECRET=secret)
    assert "the server does not accept the login" in told
    assert key["encoded"] not in told
    assert key["api_key"] not in told


@pytest.mark.parametrize("secret", [{"username": CHATBOT[0], "password": "wrong-one"}, None], ids=["wrong", "none"])
def test_a_wrong_login_is_told_to_the_operator(
    server: Elasticsearch, tmp_path: Path, secret: dict[str, str] | None
) -> None:
    given = json.dumps(secret) if secret else ""
    told = refused(tmp_path, server.url, INDEX, "--ca-file", str(server.ca_file), SEARCH_SECRET=given)
    assert "the server does not accept the login; is the secret right" in told
    assert "wrong-one" not in told


def test_a_login_that_may_only_read_cannot_ingest(server: Elasticsearch, tmp_path: Path) -> None:
    (tmp_path / "new.md").write_text("# 新しい\n新しい本文。", encoding="utf-8")
    secret = json.dumps({"username": CHATBOT[0], "password": CHATBOT[1]})
    options = ("--ca-file", str(server.ca_file), "--collection", "others")
    told = refused(tmp_path, server.url, INDEX, *options, SEARCH_SECRET=secret)
    assert "the login may not do this (403 security_exception" in told
    assert find(server, login(*CHATBOT)) == {"travel.md"}


def test_an_expired_certificate_is_told_to_the_operator(server: Elasticsearch, tmp_path: Path) -> None:
    secret = json.dumps({"username": ADMIN[0], "password": ADMIN[1]})
    server.certify(not_after=datetime.now(UTC) - timedelta(days=1))
    try:
        with pytest.raises(SearchUnavailableError, match="SSLError") as caught:
            find(server, login(*CHATBOT))
        assert "検索サーバーを利用できない" in caught.value.message
        told = refused(tmp_path, server.url, INDEX, "--ca-file", str(server.ca_file), SEARCH_SECRET=secret)
        assert "the server's certificate is not accepted" in told
        assert "certificate has expired" in told
    finally:
        server.certify()
    assert find(server, login(*CHATBOT)) == {"travel.md"}


def test_an_authority_that_is_not_known_is_told_to_the_operator(server: Elasticsearch, tmp_path: Path) -> None:
    told = refused(tmp_path, server.url, INDEX)
    assert "the server's certificate is not accepted" in told
    assert "unable to get local issuer certificate" in told


def test_an_index_with_names_of_its_own_is_searched(server: Elasticsearch) -> None:
    names = {"subject": {"type": "text"}, "pages": {"type": "integer"}}
    text = {"type": "text", "fields": {"exact": {"type": "keyword", "ignore_above": 256}}}
    mapping = {"meta": {"properties": names}, "content": text, "link": {"type": "keyword"}, "acl": {"type": "keyword"}}
    server.ask("PUT", "/company-intranet", {"mappings": {"dynamic": "strict", "properties": mapping}})
    page = {"meta": {"subject": "駐車場", "pages": 1}, "content": "来客用の駐車場は八台ある。", "link": "https://i/7"}
    pay = {
        "meta": {"subject": "駐車場手当"},
        "content": "駐車場の手当は月五千円。",
        "link": "https://i/8",
        "acl": ["hr"],
    }
    for number, document in enumerate((page, pay)):
        server.ask("PUT", f"/company-intranet/_doc/{number}?refresh=true", document)
    fields = {"TITLE": "meta.subject", "TEXT": "content", "SOURCE": "link", "GROUPS": "acl"}
    more = {f"ES_{key}_FIELD": name for key, name in fields.items()} | {"ES_CA_FILE": str(server.ca_file)}
    retriever = SearchRetriever(settings(server.url, "company-intranet", **more), login(*CHATBOT))
    (found,) = retriever.retrieve("来客用の駐車場は何台ありますか", frozenset(), Deadline(30))
    assert (found.title, found.source, found.text) == ("駐車場", "https://i/7", "来客用の駐車場は八台ある。")
    everything = retriever.retrieve("来客用の駐車場は何台ありますか", frozenset({"hr"}), Deadline(30))
    assert {passage.source for passage in everything} == {"https://i/7", "https://i/8"}
    server.ask("DELETE", "/company-intranet")
