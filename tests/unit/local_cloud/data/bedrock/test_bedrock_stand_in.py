"""The stand-in model: what it answers, what it refuses, and that boto3 understands both."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError

from local_cloud.data.bedrock import converse, extract, prompt
from local_cloud.data.bedrock.model import OpenAiCompatible, StandIn, choose, openai_messages
from local_cloud.data.bedrock.service import BedrockRuntime

MODEL = "jp.anthropic.claude-opus-5-5"
PASSAGES = """<passages>
<passage id="1" title="出張旅費規程" source="travel.md">国内出張の日当は1日あたり3,000円です。
宿泊費の上限は12,000円です。</passage>
<passage id="2" title="VPN接続手順" source="vpn.md">VPNに接続するには、社給PCでクライアントを起動します。
Contact the service desk &lt;help&gt; with code zxq8812.</passage>
</passages>
"""


def user(question: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"text": f"{PASSAGES}<question>{question}</question>"}]}


@pytest.fixture
def endpoint() -> Iterator[str]:
    loop = asyncio.new_event_loop()

    async def begin() -> web.ServerRunner:
        made = web.ServerRunner(web.Server(BedrockRuntime(StandIn()).handle))
        await made.setup()
        await web.TCPSite(made, "127.0.0.1", 0).start()
        return made

    runner = loop.run_until_complete(begin())
    port = runner.addresses[0][1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def client(endpoint: str) -> Any:
    return boto3.client(
        "bedrock-runtime",
        region_name="ap-northeast-1",
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("出張の日当はいくらですか？", "国内出張の日当は1日あたり3,000円です。 [1]"),
        ("VPNの接続方法を教えてください", "VPNに接続するには、社給PCでクライアントを起動します。 [2]"),
        ("zxq8812 とは何ですか", "Contact the service desk <help> with code zxq8812. [2]"),
        ("社員食堂のメニューは？", extract.NOTHING["ja"]),
        ("What is on the lunch menu?", extract.NOTHING["en"]),
    ],
)
def test_answers_quote_or_say_that_nothing_fits(question: str, quoted: str) -> None:
    first, *rest = extract.answer(prompt.read([user(question)])).splitlines()
    assert first == extract.MARK["en" if question.isascii() else "ja"]
    assert rest == [quoted]


def test_no_passages_no_answer() -> None:
    asked = prompt.read([{"role": "user", "content": [{"text": "出張の日当は？"}]}])
    assert asked == prompt.Prompt("出張の日当は？", ())
    assert extract.NOTHING["ja"] in extract.answer(asked)


def test_search_results_are_passages_too() -> None:
    block = {"searchResult": {"title": "規程", "source": "s", "content": [{"text": "日当は3,000円です。"}]}}
    asked = prompt.read([{"role": "user", "content": [block, {"text": "日当は？"}]}])
    assert asked.passages == (prompt.Passage("1", "規程", "日当は3,000円です。"),)


def test_converse_as_boto3_reads_it(client: Any) -> None:
    answer = client.converse(modelId=MODEL, messages=[user("出張の日当はいくらですか？")])
    text = answer["output"]["message"]["content"][0]["text"]
    assert text.startswith("（ローカル環境の代替モデルによる回答です）")
    assert answer["stopReason"] == "end_turn"
    assert answer["usage"]["totalTokens"] == answer["usage"]["inputTokens"] + answer["usage"]["outputTokens"]


def test_converse_stream_as_boto3_decodes_it(client: Any) -> None:
    whole = client.converse(modelId=MODEL, messages=[user("出張の日当は？")])["output"]["message"]["content"][0]["text"]
    events = list(client.converse_stream(modelId=MODEL, messages=[user("出張の日当は？")])["stream"])
    deltas = [e["contentBlockDelta"]["delta"]["text"] for e in events if "contentBlockDelta" in e]
    assert "".join(deltas) == whole
    assert len(deltas) > 1
    assert [next(iter(e)) for e in (events[0], *events[-3:])] == [
        "messageStart",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]


def test_answer_is_cut_at_the_limit(client: Any) -> None:
    answer = client.converse(modelId=MODEL, messages=[user("出張の日当は？")], inferenceConfig={"maxTokens": 5})
    assert answer["stopReason"] == "max_tokens"
    assert len(answer["output"]["message"]["content"][0]["text"]) == 5 * converse.CHARACTERS_PER_TOKEN


@pytest.mark.parametrize(
    ("model", "messages", "message"),
    [
        ("anthropic.claude-nonsense", [user("日当は？")], "The provided model identifier is invalid."),
        (MODEL, [{"role": "assistant", "content": [{"text": "a"}]}], "A conversation must start with a user message"),
        (MODEL, [user("a"), user("b")], "must alternate between user and assistant roles"),
        (MODEL, [{"role": "user", "content": [{"text": " "}]}], "is blank"),
    ],
)
def test_refusals_in_aws_words(client: Any, model: str, messages: list[Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as caught:
        client.converse(modelId=model, messages=messages)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    "model",
    [
        MODEL,
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "jp.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "amazon.nova-lite-v1:0",
        "arn:aws:bedrock:ap-northeast-1:123456789012:inference-profile/jp.anthropic.claude-opus-5-5",
    ],
)
def test_known_models(model: str) -> None:
    assert converse.model_of(model) == model


def test_unsigned_request_is_refused(endpoint: str) -> None:
    answer = requests.post(f"{endpoint}/model/{MODEL}/converse", json={"messages": [user("a")]}, timeout=10)
    assert (answer.status_code, answer.json()["message"]) == (403, "Missing Authentication Token")


def test_another_model_by_environment() -> None:
    assert isinstance(choose({}), StandIn)
    assert isinstance(choose({"LOCAL_MODEL_URL": "http://127.0.0.1:1/v1"}), OpenAiCompatible)
    body = {"system": [{"text": "規則"}], "messages": [{"role": "user", "content": [{"text": "質問"}]}]}
    assert openai_messages(body) == [{"role": "system", "content": "規則"}, {"role": "user", "content": "質問"}]
