"""The whole way of an identity: a real OpenID provider, the page, the function, a real search engine, a browser."""

from __future__ import annotations

import io
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto import mock_aws
from playwright.sync_api import Browser, sync_playwright

from local_cloud.supervisor import answers
from tests.identity import function_server, provider
from tests.identity.function_server import FunctionServer
from tests.identity.provider import CLIENT_ID, OpenIdProvider
from tests.integration.search.hostile import serving as model_serving
from tools import chromium
from tools.free_ports import free_ports
from tools.real_search import opensearch

ROOT = Path(__file__).parents[2]
for package in ("search", "lambda"):
    folder = str(ROOT / "files" / package)
    if folder not in sys.path:
        sys.path.insert(0, folder)

START_SECONDS = 120
REGION, TABLE, INDEX = "ap-northeast-1", "ChatHistory", "identity"
GROUPS = {"alice": ["board"], "bob": ["sales"]}
SECRET_FIGURE = f"{secrets.randbelow(80000) + 10000:,}円"
DOCUMENTS = {
    "全社/旅費.md": "# 出張旅費規程\n\n国内出張の宿泊費の上限は一泊12,000円です。\n",
    "役員/宿泊.md": f"# 役員宿泊規程\n\n役員の出張の宿泊費の上限は一泊{SECRET_FIGURE}です。\n",
    "役員/.access.yml": "groups: [board]\n",
}


@dataclass
class World:
    """What the tests look at. `log`: everything that the function logged; `page_log`: the page."""

    page_url: str
    provider: OpenIdProvider
    function: FunctionServer
    log: io.StringIO
    page_log: Path

    def stored(self) -> str:
        """The whole history table."""
        client = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
        return json.dumps(client.scan(TableName=TABLE)["Items"], ensure_ascii=False)


@pytest.fixture(scope="session")
def search_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from tests.integration.search.commands import ingest

    with opensearch(ROOT / ".local" / "cache", tmp_path_factory.mktemp("opensearch")) as url:
        documents = tmp_path_factory.mktemp("documents")
        for name, text in DOCUMENTS.items():
            (documents / name).parent.mkdir(exist_ok=True)
            (documents / name).write_text(text, encoding="utf-8")
        ingest(documents, url, INDEX)
        yield url


@pytest.fixture(scope="session")
def world(search_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    from rag import log, wiring

    (port,) = free_ports(1)
    page_url = f"http://127.0.0.1:{port}/"
    folder = tmp_path_factory.mktemp("provider")
    written = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
        model_serving(quote) as model,
        provider.running(folder, f"{page_url}oauth2callback", GROUPS) as openid,
    ):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", model.url)
        _make_table()
        handler = wiring.start(_function_environment(search_url, openid))
        log.configure("DEBUG", content=False, stream=written)
        with (
            function_server.serving(handler) as function,
            _page(port, _page_environment(port, function, openid), folder / "page.log"),
        ):
            yield World(page_url, openid, function, written, folder / "page.log")
    log.configure("INFO", content=False)


def _function_environment(search_url: str, openid: OpenIdProvider) -> dict[str, str]:
    return {
        "AWS_REGION": REGION,
        "ES_HOST": search_url,
        "ES_INDEX": INDEX,
        "ES_MIN_COVERAGE": "0.1",
        "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
        "DYNAMODB_TABLE_NAME": TABLE,
        "STREAMING": "true",
        "IDENTITY_ISSUER": openid.issuer,
        "IDENTITY_AUDIENCES": CLIENT_ID,
        "IDENTITY_JWKS_URL": openid.jwks_url,
        "IDENTITY_CA_FILE": str(openid.ca_file),
        "IDENTITY_LEEWAY_SECONDS": "0",
    }


def quote(request: dict[str, Any]) -> str:
    """A model that quotes the local cloud's way: sentences of the passages, with their numbers."""
    from local_cloud.data.bedrock import extract, prompt

    return extract.answer(prompt.read(request["messages"]))


def _make_table() -> None:
    botocore.session.get_session().create_client("dynamodb", region_name=REGION).create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _page_environment(port: int, function: FunctionServer, openid: OpenIdProvider) -> dict[str, str]:
    """What a task gets of it."""
    return {
        "CHAT_API_URL": function.url,
        "CHAT_API_AUTH": "NONE",
        "CHAT_API_STREAMING": "true",
        "CHAT_SIGN_IN_METADATA_URL": openid.metadata_url,
        "CHAT_SIGN_IN_CLIENT_ID": CLIENT_ID,
        "CHAT_SIGN_IN_CLIENT_SECRET": openid.client_secret,
        "CHAT_SIGN_IN_REDIRECT_URI": f"http://127.0.0.1:{port}/oauth2callback",
        "CHAT_SIGN_IN_PROMPT": "login",
        "CHAT_SIGN_IN_CA_PEM": openid.ca_file.read_text(),
        "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_urlsafe(32),
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def _page(port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """The chat page in a process of its own."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "serve.py"],
            cwd=ROOT / "files" / "frontend",
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        begun = time.monotonic()
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() - begun < START_SECONDS, log.read_text()
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find())
        yield running
        running.close()
