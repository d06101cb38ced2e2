"""The environment: defaults, and every fault at once."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from backend_fakes import Context, event, told
from rag import wiring
from rag.settings import SettingsError, from_env

NEEDED = {
    "AWS_REGION": "ap-northeast-1",
    "ES_HOST": "search.corp.example:9200",
    "ES_INDEX": "company-documents",
    "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
    "DYNAMODB_TABLE_NAME": "ChatHistory",
}


def test_the_defaults() -> None:
    settings = from_env(NEEDED)
    search = settings.search
    assert (search.url, search.title_field, search.text_field, search.source_field) == (
        "https://search.corp.example:9200",
        "title",
        "text",
        "source",
    )
    assert (search.timeout_seconds, search.size, search.secret_id, search.ca_file) == (4, 5, "", None)
    assert (settings.model.max_tokens, settings.model.timeout_seconds) == (2000, 20)
    assert settings.model.temperature is None
    assert (settings.history.ttl_days, settings.history.turns, settings.history.required) == (90, 5, True)
    assert (settings.cors_allow_origin, settings.log_level, settings.log_content) == ("*", "INFO", False)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("10.30.0.10:9200", "https://10.30.0.10:9200"),
        ("http://10.30.0.10:9200/", "http://10.30.0.10:9200"),
        ("https://gate.example/search/", "https://gate.example/search"),
        (" search.corp.example ", "https://search.corp.example"),
    ],
)
def test_the_search_address(host: str, url: str) -> None:
    assert from_env(NEEDED | {"ES_HOST": host}).search.url == url


def test_the_region_may_come_under_its_other_name() -> None:
    env = {name: value for name, value in NEEDED.items() if name != "AWS_REGION"}
    assert from_env(env | {"AWS_DEFAULT_REGION": "eu-west-1"}).region == "eu-west-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ES_HOST", ""),
        ("ES_HOST", "ftp://x"),
        ("ES_HOST", "https://user:pass@x:9200"),
        ("ES_HOST", "x:99999"),
        ("ES_HOST", "https://x?y=1"),
        ("ES_HOST", "https://[broken"),
        ("ES_INDEX", " "),
        ("ES_TIMEOUT_SECONDS", "nan"),
        ("ES_TIMEOUT_SECONDS", "inf"),
        ("ES_TIMEOUT_SECONDS", "0"),
        ("ES_SIZE", "2.5"),
        ("ES_SIZE", "many"),
        ("ES_CA_FILE", "certs/none.pem"),
        ("ES_MIN_COVERAGE", "1.1"),
        ("BEDROCK_TEMPERATURE", "hot"),
        ("BEDROCK_MAX_TOKENS", "-1"),
        ("HISTORY_TTL_DAYS", "0"),
        ("HISTORY_REQUIRED", "maybe"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_CONTENT", "yes"),
    ],
)
def test_a_fault_names_its_variable_and_not_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        from_env(NEEDED | {name: value})
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(name)
    assert len(value) < 2 or value.strip() not in str(caught.value).removeprefix(name)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        from_env({})
    assert [fault.split()[0] for fault in caught.value.faults] == [
        "AWS_REGION",
        "ES_HOST",
        "ES_INDEX",
        "BEDROCK_MODEL_ID",
        "DYNAMODB_TABLE_NAME",
    ]


def test_values_that_are_set_are_taken(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("pem")
    settings = from_env(
        NEEDED
        | {"ES_CA_FILE": str(ca), "BEDROCK_TEMPERATURE": "0.2", "HISTORY_REQUIRED": "False", "LOG_LEVEL": "debug"}
    )
    assert settings.search.ca_file == ca
    assert settings.model.temperature == 0.2
    assert (settings.history.required, settings.log_level) == (False, "DEBUG")


def test_a_faulty_environment_is_our_fault_and_stands_in_the_log(
    logs: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = wiring.start({"ES_HOST": "https://user:hunter2@x", "CORS_ALLOW_ORIGIN": "https://chat.example"})
    response = handler(event({"message": "質問"}), Context())
    status, body = told(response)
    assert (status, body["error"]["code"]) == (500, "internal_error")
    assert response["headers"]["Access-Control-Allow-Origin"] == "https://chat.example"
    entry = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (entry["event"], len(entry["faults"])) == ("settings", 5)
    assert "hunter2" not in json.dumps(entry) + json.dumps(body)


def test_starting_makes_clients_and_calls_nothing(monkeypatch: pytest.MonkeyPatch, logs: io.StringIO) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a call at start")

    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", refuse)
    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", refuse)
    handler = wiring.start(NEEDED | {"ES_SECRET_ID": "chatbot/search"})
    status, _body = told(handler(event("not json"), Context()))
    assert status == 400
