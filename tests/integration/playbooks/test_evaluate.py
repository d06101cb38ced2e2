"""evaluate.yml asks as the deployed function does, and in check mode not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.playbooks.recorded import Recorded, option

LOCKS = ("requirements/eval.lock", "files/search/requirements.lock")
DEPLOYED = {
    "chatbot_elasticsearch_ca_file": "/etc/pki/es.pem",
    "chatbot_elasticsearch_secret_id": "chatbot/search",
    "chatbot_elasticsearch_title_field": "heading",
    "rag_lambda_search_size": 8,
    "rag_lambda_search_second_stage": False,
    "chatbot_bedrock_guardrail_id": "gr-1",
    "chatbot_embedding_model_id": "amazon.titan-embed-text-v2:0",
    "chatbot_embedding_dimensions": 512,
    "chatbot_aws_environment": {"HTTPS_PROXY": "http://proxy.example:8080"},
}


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    made = Recorded(tmp_path)
    made.environment("evaluation", {"R@1": 0.5}, *LOCKS)
    return made


def test_it_asks_as_the_function_does(recorded: Recorded) -> None:
    told = recorded.run("evaluate", chatbot_questions="/q.jsonl", **DEPLOYED)
    assert told.status == 0, told.messages()
    ((arguments, environment),) = recorded.calls()
    assert arguments[:3] == ["-m", "evaluation", "/q.jsonl"]
    assert option(arguments, "ca-file") == "/etc/pki/es.pem"
    assert option(arguments, "secret-id") == "chatbot/search"
    assert option(arguments, "model") == "jp.anthropic.claude-opus-5-5"
    assert json.loads(option(arguments, "config") or "") == {
        "ES_TITLE_FIELD": "heading",
        "ES_SIZE": "8",
        "ES_SECOND_STAGE": "false",
        "BEDROCK_GUARDRAIL_ID": "gr-1",
        "EMBEDDING_MODEL_ID": "amazon.titan-embed-text-v2:0",
        "EMBEDDING_DIMENSIONS": 512,
        "ES_VECTOR_FIELD": "vector",
    }
    assert (environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]) == ("ap-northeast-1", "ap-northeast-1")
    assert environment["HTTPS_PROXY"] == "http://proxy.example:8080"
    assert "R@1" in told.messages()
    assert told.changed() == []
    assert recorded.calls("pip") == []


def test_what_is_not_said_is_not_handed_on(recorded: Recorded) -> None:
    assert recorded.run("evaluate", chatbot_questions="/q.jsonl").status == 0
    ((arguments, _environment),) = recorded.calls()
    assert [option(arguments, name) for name in ("ca-file", "secret-id", "config")] == [None, None, "{}"]


def test_check_mode_asks_nothing_writes_nothing_and_says_so(recorded: Recorded) -> None:
    before = recorded.files()
    told = recorded.run("evaluate", "--check", chatbot_questions="/q.jsonl")
    assert told.status == 0, told.messages()
    assert (told.changed(), recorded.calls(), recorded.files()) == ([], [], before)
    assert "Check mode asks no question" in told.messages()


@pytest.mark.parametrize("mode", [["--check"], []])
def test_an_environment_of_other_locks_is_made_anew(tmp_path: Path, mode: list[str]) -> None:
    """Check mode tells it, and makes nothing."""
    recorded = Recorded(tmp_path)
    recorded.environment("evaluation", {"R@1": 0.5})
    before = recorded.files()
    told = recorded.run("evaluate", *mode, chatbot_questions="/q.jsonl")
    assert told.status == 0, told.messages()
    assert "Make the environment" in told.changed()
    if mode:
        assert (recorded.files(), recorded.calls()) == (before, [])
    else:
        assert recorded.files() - before == {"cache/evaluation/locks"}
        assert recorded.run("evaluate", chatbot_questions="/q.jsonl").changed() == []


def test_a_knowledge_base_cannot_be_measured(recorded: Recorded) -> None:
    told = recorded.run("evaluate", chatbot_questions="/q.jsonl", chatbot_knowledge_base_id="KB1")
    assert told.status != 0
    assert "knowledge base KB1 in place of Elasticsearch" in told.messages()
    assert recorded.calls() == []
