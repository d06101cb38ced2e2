"""The stand-ins for embeddings, Rerank and Retrieve: as boto3 sends and reads them, and what they refuse."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError

from local_cloud.data.actor import DeniedError
from local_cloud.data.bedrock import agent, embedding, permissions
from local_cloud.data.bedrock.agent import Chunk
from local_cloud.data.bedrock.agent_service import AgentRuntime
from local_cloud.data.bedrock.model import StandIn
from local_cloud.data.bedrock.service import BedrockRuntime
from local_cloud.data.egress.targets import Connection

TITAN, COHERE = "amazon.titan-embed-text-v2:0", "cohere.embed-multilingual-v3"
RERANKER = "arn:aws:bedrock:ap-northeast-1::foundation-model/cohere.rerank-v3-5:0"
TRAVEL, PAY = "国内出張の宿泊費の上限は12,000円です。", "賞与の係数は2.1です。"
CHUNKS = (
    Chunk(TRAVEL, "s3://docs/travel.md", {"groups": ["everyone"], "year": 2026}),
    Chunk(PAY, "s3://docs/pay.md", {"groups": ["hr", "board"]}),
    Chunk("群れのない文書。宿泊費。", "s3://docs/none.md", {}),
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    loop = asyncio.new_event_loop()
    runtime, agents = BedrockRuntime(StandIn()), AgentRuntime(CHUNKS, exists=_exists)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await (runtime if request.path.startswith("/model/") else agents).handle(request)

    async def begin() -> web.ServerRunner:
        made = web.ServerRunner(web.Server(handle))
        await made.setup()
        await web.TCPSite(made, "127.0.0.1", 0).start()
        return made

    runner = loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


async def _exists(knowledge_base_id: str) -> bool:
    return knowledge_base_id == "LOCALKB001"


def client(service: str, endpoint: str) -> Any:
    return boto3.client(
        service,
        region_name="ap-northeast-1",
        endpoint_url=endpoint,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


def invoke(endpoint: str, model: str, **body: Any) -> Any:
    answer = client("bedrock-runtime", endpoint).invoke_model(modelId=model, body=json.dumps(body))
    return json.loads(answer["body"].read())


def test_titan_gives_one_vector_of_the_wanted_size(endpoint: str) -> None:
    answer = invoke(endpoint, TITAN, inputText=TRAVEL, dimensions=256, normalize=True)
    assert set(answer) == {"embedding", "inputTextTokenCount", "embeddingsByType"}
    assert len(answer["embedding"]) == 256
    assert sum(value * value for value in answer["embedding"]) == pytest.approx(1, abs=1e-4)
    assert len(invoke(endpoint, TITAN, inputText=TRAVEL)["embedding"]) == 1024


def test_cohere_gives_a_vector_for_each_text(endpoint: str) -> None:
    texts = [TRAVEL, PAY]
    by_type = invoke(endpoint, COHERE, texts=texts, input_type="search_document", embedding_types=["float"])
    plain = invoke(endpoint, COHERE, texts=texts, input_type="search_query")
    assert by_type["embeddings"]["float"] == plain["embeddings"]
    assert [len(vector) for vector in plain["embeddings"]] == [1024, 1024]
    wide = invoke(endpoint, "global.cohere.embed-v4:0", texts=texts, input_type="search_query", output_dimension=512)
    assert [len(vector) for vector in wide["embeddings"]] == [512, 512]


def test_texts_that_share_words_are_nearer() -> None:
    question, travel, pay = (embedding.vector(text, 1024) for text in ("出張の宿泊費の上限は？", TRAVEL, PAY))
    assert embedding.similarity(question, travel) > embedding.similarity(question, pay) + 0.2
    assert embedding.vector("…！？", 8) == [0.0] * 8


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("amazon.titan-embed-text-v9:0", {"inputText": "a"}),
        ("jp.anthropic.claude-opus-5-5", {"inputText": "a"}),
        (TITAN, {"inputText": ""}),
        (TITAN, {"inputText": "a", "dimensions": 300}),
        (TITAN, {"inputText": "a", "colour": "red"}),
        (TITAN, {"inputText": "a" * 50_001}),
        (COHERE, {"texts": [], "input_type": "search_query"}),
        (COHERE, {"texts": ["a"] * 97, "input_type": "search_query"}),
        (COHERE, {"texts": ["a"]}),
    ],
)
def test_what_the_models_refuse(endpoint: str, model: str, body: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(endpoint, model, **body)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def rerank(endpoint: str, model: str = RERANKER, query: str = "宿泊費の上限は？", results: int = 2) -> Any:
    texts = [PAY, TRAVEL, "無関係。"]
    return client("bedrock-agent-runtime", endpoint).rerank(
        queries=[{"type": "TEXT", "textQuery": {"text": query}}],
        sources=[
            {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}
            for text in texts
        ],
        rerankingConfiguration={
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "modelConfiguration": {"modelArn": model},
                "numberOfResults": results,
            },
        },
    )


def test_rerank_names_the_best_first(endpoint: str) -> None:
    best, second = rerank(endpoint)["results"]
    assert best["index"] == 1
    assert 1 >= best["relevanceScore"] > second["relevanceScore"] >= 0


@pytest.mark.parametrize(
    "wrong",
    [{"model": RERANKER.replace("3-5", "9-9")}, {"query": "a" * 32_001}, {"results": 1001}],
)
def test_what_rerank_refuses(endpoint: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as caught:
        rerank(endpoint, **wrong)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def retrieve(endpoint: str, knowledge_base_id: str = "LOCALKB001", **search: Any) -> list[str]:
    found = client("bedrock-agent-runtime", endpoint).retrieve(
        knowledgeBaseId=knowledge_base_id,
        retrievalQuery={"text": "宿泊費の上限は？"},
        retrievalConfiguration={"vectorSearchConfiguration": search},
    )
    return [result["location"]["s3Location"]["uri"].rpartition("/")[2] for result in found["retrievalResults"]]


def contains(word: str) -> dict[str, Any]:
    return {"listContains": {"key": "groups", "value": word}}


def test_retrieve_filters_before_it_ranks(endpoint: str) -> None:
    assert retrieve(endpoint)[0] in ("travel.md", "none.md")
    assert retrieve(endpoint, filter=contains("everyone")) == ["travel.md"]
    assert retrieve(endpoint, filter={"orAll": [contains("everyone"), contains("hr")]}) == ["travel.md", "pay.md"]
    assert retrieve(endpoint, filter=contains("sales")) == []
    assert len(retrieve(endpoint, numberOfResults=1)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"knowledge_base_id": "NOSUCHKB01"}, "ResourceNotFoundException"),
        ({"knowledge_base_id": "short-id-and-more"}, "ValidationException"),
        ({"numberOfResults": 101}, "ValidationException"),
        ({"filter": {"listContains": {"key": "k" * 101, "value": "a"}}}, "ValidationException"),
    ],
)
def test_what_retrieve_refuses(endpoint: str, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as caught:
        retrieve(endpoint, **wrong)
    assert caught.value.response["Error"]["Code"] == code


def test_a_file_of_documents(tmp_path: Any) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_text(json.dumps({"text": "a", "uri": "s3://b/c", "metadata": {"groups": ["x"]}}) + "\n\n")
    assert agent.read(str(path)) == (Chunk("a", "s3://b/c", {"groups": ["x"]}),)
    assert agent.read("") == ()


WAY = Connection(None, "bedrock-agent-runtime.ap-northeast-1.amazonaws.com", 443, "vpc-1", "vpce-1")


class Judge:
    """The control plane's judgement; allows what is in `allowed`."""

    settings = SimpleNamespace(region="ap-northeast-1", account_id="123456789012")

    def __init__(self, *allowed: str) -> None:
        self.allowed, self.asked = allowed, []

    async def request(self, _path: str, _method: str, body: dict[str, Any]) -> dict[str, Any]:
        needs = [(need["action"], need["resource"]) for need in body["needs"]]
        self.asked += needs
        denied = any(action not in self.allowed for action, _resource in needs)
        return {"allowed": not denied, "code": "AccessDeniedException", "message": "no"}


def test_rerank_and_retrieve_need_what_the_guide_says() -> None:
    account: Any = Judge("bedrock:Rerank", "bedrock:InvokeModel", "bedrock:Retrieve")
    asyncio.run(permissions.authorize_agent(account, "AKIA", "Rerank", RERANKER, WAY))
    asyncio.run(permissions.authorize_agent(account, "AKIA", "Retrieve", "LOCALKB001", WAY))
    assert account.asked == [
        ("bedrock:Rerank", "*"),
        ("bedrock:InvokeModel", RERANKER),
        ("bedrock:Retrieve", "arn:aws:bedrock:ap-northeast-1:123456789012:knowledge-base/LOCALKB001"),
    ]
    with pytest.raises(DeniedError):
        asyncio.run(permissions.authorize_agent(Judge("bedrock:Rerank"), "AKIA", "Rerank", RERANKER, WAY))  # type: ignore[arg-type]


def test_a_guardrail_that_is_named_is_judged() -> None:
    account: Any = Judge("bedrock:ApplyGuardrail")
    asyncio.run(permissions.authorize(account, "AKIA", "guardrail", "gr1", WAY))
    assert account.asked == [("bedrock:ApplyGuardrail", "arn:aws:bedrock:ap-northeast-1:123456789012:guardrail/gr1")]
