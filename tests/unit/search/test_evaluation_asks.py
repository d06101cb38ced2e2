"""The evaluation asks as the deployed function does: certificate, region, the model's settings; or says why not."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from evaluation import __main__ as command
from evaluation import retrieval
from evaluation.configuration import ConfigurationError, parse
from ingest import login

HIT = {"_id": "1", "_score": 3.0, "_source": {"title": "題", "text": "宿泊費の上限", "source": "p1"}}
FIELDS = {"docs": {"mappings": {"properties": {name: {"type": "text"} for name in ("title", "text")}}}}


class _Search(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body: Any = {"hits": {"hits": [HIT]}} if self.path.endswith("_search") else FIELDS
        data = json.dumps(body if self.path != "/" else {"version": {"number": "8.0.0"}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *arguments: object) -> None:
        return


@contextmanager
def served(authority: trustme.CA) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Search)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"type": "question", "qid": "q1", "question": "宿泊費の上限", "pid": "p1"}) + "\n")
    return path


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No region from outside of the test."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))


def test_the_function_s_retriever_trusts_the_authority_that_is_named(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authority, ca_file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    with served(authority) as url:
        words = [str(questions), f"--url={url}", "--index=docs", f"--out={tmp_path / 'out'}"]
        assert command.main([*words, f"--ca-file={ca_file}"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["R@1"] == 1.0
        assert command.main(words) == 1
        assert "SSLError" in capsys.readouterr().err


def test_without_a_region_nothing_is_asked_of_aws(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [str(questions), "--url=http://127.0.0.1:1", "--index=docs", f"--out={tmp_path / 'out'}", "--model=m"]
    assert command.main(words) == 1
    assert "no region is set (AWS_REGION)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({}, ""),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "ap-northeast-1", "AWS_DEFAULT_REGION": "eu-west-1"}, "ap-northeast-1"),
    ],
)
def test_one_region_for_everything(environment: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert login.region() == region
    assert retrieval.aws_clients().region == region


def test_the_model_is_asked_with_the_deployment_s_settings() -> None:
    settings = parse("A", '{"BEDROCK_GUARDRAIL_ID": "gr-1", "BEDROCK_MAX_TOKENS": "500"}').model("m")
    assert (settings.guardrail_id, settings.max_tokens, settings.model_id) == ("gr-1", 500, "m")
    with pytest.raises(ConfigurationError, match="configuration A: BEDROCK_TOP_P"):
        parse("A", '{"BEDROCK_TOP_P": "5"}').model("m")


def test_what_is_empty_is_the_function_s_default() -> None:
    assert parse("A", '{"ES_SIZE": "", "ES_TITLE_FIELD": ""}').passages == 5
