"""The function as it is deployed: its own wiring, a real search connection, Converse, moto's DynamoDB and secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from backend_fakes import EXPENSES, QUESTION, REQUEST_ID, TITAN, Context, event, told
from backend_server import Reply, Script, serve
from moto import mock_aws
from rag import wiring

REWRITTEN = "海外出張の宿泊費の上限も一泊12,000円ですか？"
SOURCE = {"title": EXPENSES.title, "text": EXPENSES.text, "source": EXPENSES.source}
CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "一泊12,000円です[1]。制限なし[4]。"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 9, "outputTokens": 3, "totalTokens": 12},
}
REPLIES = {
    "GET _mapping": [Reply({"docs": {"mappings": {"properties": {"body": {"type": "text"}}}}})],
    "POST _search": [Reply({"hits": {"hits": [{"_id": "d1", "_score": 3.0, "_source": SOURCE}]}})],
    "POST converse": [Reply(CONVERSE)],
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    with mock_aws(), serve(REPLIES) as script:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", script.url)
        yield script


def environment(url: str) -> dict[str, str]:
    return {
        "AWS_REGION": "ap-northeast-1",
        "ES_HOST": url,
        "ES_INDEX": "docs",
        "ES_SECRET_ID": "chatbot/search",
        "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
        "DYNAMODB_TABLE_NAME": "ChatHistory",
    }


def make_table_and_secret() -> Any:
    session = botocore.session.get_session()
    secrets = session.create_client("secretsmanager", region_name="ap-northeast-1")
    secrets.create_secret(Name="chatbot/search", SecretString='{"username": "chatbot", "password": "hunter2"}')
    table = session.create_client("dynamodb", region_name="ap-northeast-1")
    table.create_table(
        TableName="ChatHistory",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return table


def test_two_turns_of_a_conversation(server: Script, capsys: pytest.CaptureFixture[str]) -> None:
    table = make_table_and_secret()
    handler = wiring.start(environment(server.url))
    status, first = told(handler(event({"message": QUESTION}), Context()))
    assert (status, first["response"]) == (200, "一泊12,000円です[1]。制限なし。（出典未確認）")
    assert [citation["source"] for citation in first["citations"]] == [EXPENSES.source]
    second = event({"message": "それは海外でも同じですか", "session_id": first["session_id"]})
    second["requestContext"]["requestId"] = "another-request"
    assert told(handler(second, Context()))[0] == 200

    *_earlier, asked = [seen.body for seen in server.seen if seen.path.endswith("/converse")]
    assert [message["role"] for message in asked["messages"]] == ["user", "assistant", "user"]
    assert asked["messages"][0]["content"][0]["text"] == QUESTION
    stored = table.query(
        TableName="ChatHistory",
        KeyConditionExpression="pk = :pk AND begins_with(sk, :message)",
        ExpressionAttributeValues={
            ":pk": {"S": f"USER#anonymous#CONV#{first['session_id']}"},
            ":message": {"S": "MSG#"},
        },
    )["Items"]
    assert [item["role"]["S"] for item in stored] == ["user", "assistant", "user", "assistant"]
    printed = capsys.readouterr().out
    assert not [word for word in ("hunter2", "宿泊", "12,000", "旅費") if word in printed]
    assert {json.loads(line)["event"] for line in printed.splitlines()} == {"search_fields", "answered"}


@pytest.mark.parametrize(
    ("route", "reply", "status", "code"),
    [
        ("POST _search", Reply({"error": {"type": "x"}}, 503), 503, "search_unavailable"),
        ("POST _search", Reply(hang_up=True), 503, "search_unavailable"),
        ("POST _search", Reply({"hits": {"hits": []}}), 200, None),
        ("POST converse", Reply({"message": "Too many"}, 403, {"x-amzn-ErrorType": "AccessDeniedException"}), 503,
         "model_unavailable"),
    ],
)  # fmt: skip
def test_a_fault_is_told_and_nothing_is_stored(
    server: Script, route: str, reply: Reply, status: int, code: str | None
) -> None:
    table = make_table_and_secret()
    server.replies[route] = [reply]
    got, body = told(wiring.start(environment(server.url))(event({"message": QUESTION}), Context()))
    assert (got, body.get("error", {}).get("code")) == (status, code)
    assert REQUEST_ID in (body.get("request_id"), body.get("error", {}).get("request_id"))
    assert table.scan(TableName="ChatHistory")["Count"] == (4 if status == 200 else 0)


def test_without_its_table_a_question_fails_before_search_and_model(server: Script) -> None:
    got, body = told(wiring.start(environment(server.url))(event({"message": QUESTION}), Context()))
    assert (got, body["error"]["code"]) == (503, "history_unavailable")
    assert server.seen == []


def test_without_its_secret_a_question_fails_plainly(server: Script) -> None:
    table = make_table_and_secret()
    env = environment(server.url) | {"ES_SECRET_ID": "none"}
    got, body = told(wiring.start(env)(event({"message": QUESTION}), Context()))
    assert (got, body["error"]["code"]) == (503, "search_unavailable")
    assert table.scan(TableName="ChatHistory")["Count"] == 0


def test_the_entry_point_is_what_the_function_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment("http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    import lambda_function

    status, body = told(lambda_function.lambda_handler(event({"message": ""}), Context()))
    assert (status, body["error"]["code"]) == (400, "invalid_request")


def test_with_everything_switched_on(server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follow-up question, rewritten by a model, searched by words and meaning, reranked, answered."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", server.url)
    make_table_and_secret()
    properties = {"body": {"type": "text"}, "vector": {"type": "knn_vector", "dimension": 256}}
    rewritten = {**CONVERSE, "output": {"message": {"role": "assistant", "content": [{"text": REWRITTEN}]}}}
    server.replies |= {
        "GET _mapping": [Reply({"docs": {"mappings": {"properties": properties}}})],
        "POST invoke": [Reply({"embedding": [0.0625] * 256})],
        "POST rerank": [Reply({"results": [{"index": 0, "relevanceScore": 0.9}]})],
        "POST converse": [Reply(CONVERSE), Reply(rewritten), Reply(CONVERSE)],
    }
    handler = wiring.start(
        {
            **environment(server.url),
            "EMBEDDING_MODEL_ID": TITAN,
            "EMBEDDING_DIMENSIONS": "256",
            "RERANK_MODEL_ID": "amazon.rerank-v1:0",
            "RERANK_MIN_SCORE": "0.5",
            "REWRITE_MODEL_ID": "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
        }
    )
    for message in (QUESTION, "それは海外でも同じですか？"):
        asked = event({"message": message, "session_id": "s-1"})
        asked["requestContext"]["requestId"] = message.encode().hex()[:32]
        status, body = told(handler(asked, Context()))  # type: ignore[arg-type]
        assert (status, [citation["id"] for citation in body["citations"]]) == (200, ["1"])
    seen = [each.path.rsplit("/", 1)[-1] for each in server.seen]
    each_time = ["_search", "invoke", "_search", "rerank", "converse"]
    assert seen == ["_mapping", *each_time, "converse", *each_time]
    query = server.seen[7].body["query"]["bool"]["must"][0]["multi_match"]["query"]
    assert query == REWRITTEN.replace("？", "?")  # folded


def test_a_knowledge_base_in_place_of_the_search(server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", server.url)
    make_table_and_secret()
    result = {
        "content": {"type": "TEXT", "text": EXPENSES.text},
        "location": {"type": "S3", "s3Location": {"uri": "s3://docs/travel.md"}},
        "metadata": {"groups": ["everyone"], "title": EXPENSES.title},
        "score": 0.8,
    }
    server.replies |= {"POST retrieve": [Reply({"retrievalResults": [result]})]}
    handler = wiring.start({**environment(server.url), "KNOWLEDGE_BASE_ID": "LOCALKB001"})
    status, body = told(handler(event({"message": QUESTION}), Context()))  # type: ignore[arg-type]
    assert (status, body["citations"][0]["source"]) == (200, "s3://docs/travel.md")
    assert server.paths()[0] == "POST /knowledgebases/LOCALKB001/retrieve"
    search = server.seen[0].body["retrievalConfiguration"]["vectorSearchConfiguration"]
    assert search["filter"] == {"listContains": {"key": "groups", "value": "everyone"}}
