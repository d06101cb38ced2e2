"""The Model on Converse: the request, the response, AWS's errors over a real connection, time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from backend_fakes import FakeTime
from backend_server import Reply, serve
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from rag import wiring
from rag.bedrock import BedrockModel, converse_request, generation
from rag.clock import Deadline
from rag.domain import Generation, Message, Prompt
from rag.errors import ModelThrottledError, ModelTimeoutError, ModelUnavailableError, RagError
from rag.settings import ModelSettings

PROMPT = Prompt("規則", (Message("user", "前"), Message("assistant", "答"), Message("user", "今")))
SETTINGS = ModelSettings("jp.anthropic.claude-opus-5-5", 2000, 20, None)
USAGE = {"inputTokens": 10, "outputTokens": 3, "totalTokens": 13}


def converse(*content: Any, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": list(content)}
    return {"output": {"message": message}, "stopReason": "end_turn", "usage": USAGE, **more}


ANSWER = converse({"text": "答え"})


def test_the_request_has_no_sampling_parameters_unless_set() -> None:
    request = converse_request(PROMPT, SETTINGS)
    assert request["inferenceConfig"] == {"maxTokens": 2000}
    assert request["modelId"] == "jp.anthropic.claude-opus-5-5"
    assert request["system"] == [{"text": "規則"}]
    assert [message["role"] for message in request["messages"]] == ["user", "assistant", "user"]
    warm = converse_request(PROMPT, ModelSettings("m", 5, 20, 0.2))
    assert warm["inferenceConfig"] == {"maxTokens": 5, "temperature": 0.2}


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (ANSWER, "答え"),
        (converse({"reasoningContent": {"reasoningText": {"text": "秘"}}}, {"text": "一"}, {"text": "二"}), "一二"),
        (converse(), ""),
    ],
)
def test_only_text_blocks_are_joined(response: dict[str, Any], text: str) -> None:
    assert generation(response) == Generation(text, "end_turn", 10, 3)


@pytest.mark.parametrize("response", [{}, {"output": None}, {"output": {}}, converse(5), converse({"text": 5})])
def test_a_malformed_response(response: dict[str, Any]) -> None:
    with pytest.raises(ModelUnavailableError):
        generation(response)


class Client:
    """bedrock-runtime by script; the last result is repeated."""

    def __init__(self, *results: Any) -> None:
        self.results = list(results)
        self.calls = 0

    def converse(self, **request: Any) -> Mapping[str, Any]:
        self.calls += 1
        result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
        if isinstance(result, Exception):
            raise result
        response: Mapping[str, Any] = result
        return response


def aws(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "極秘"}}, "Converse")


def outcome(client: Client, seconds: float = 20.0) -> tuple[Generation | RagError, FakeTime]:
    time = FakeTime()
    model = BedrockModel(SETTINGS, lambda _: client, time.sleep)
    try:
        return model.generate(PROMPT, Deadline(seconds, time)), time
    except RagError as error:
        return error, time


TIMEOUT = ReadTimeoutError(endpoint_url="https://bedrock")
UNREACHABLE = EndpointConnectionError(endpoint_url="https://bedrock")


@pytest.mark.parametrize("passing", [aws("ThrottlingException"), aws("ServiceUnavailableException"), UNREACHABLE])
def test_what_passes_is_tried_again(passing: Exception) -> None:
    client = Client(passing, passing, ANSWER)
    result, _time = outcome(client)
    assert (result, client.calls) == (Generation("答え", "end_turn", 10, 3), 3)


@pytest.mark.parametrize(
    ("error", "kind", "calls"),
    [
        (aws("ThrottlingException"), ModelThrottledError, 3),
        (aws("ServiceQuotaExceededException"), ModelThrottledError, 3),
        (aws("InternalServerException"), ModelUnavailableError, 3),
        (aws("AccessDeniedException"), ModelUnavailableError, 1),
        (aws("ValidationException"), ModelUnavailableError, 1),
        (aws("ResourceNotFoundException"), ModelUnavailableError, 1),
        (aws("ModelTimeoutException"), ModelTimeoutError, 1),
        (TIMEOUT, ModelTimeoutError, 1),
        (UNREACHABLE, ModelUnavailableError, 3),
        (NoCredentialsError(), ModelUnavailableError, 1),
    ],
)
def test_what_stays_is_told(error: Exception, kind: type[RagError], calls: int) -> None:
    client = Client(error)
    result, _time = outcome(client)
    assert isinstance(result, kind)
    assert client.calls == calls
    assert "極秘" not in result.reason


def test_no_attempt_is_made_that_could_not_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    client = Client(aws("ThrottlingException"))
    result, time = outcome(client, seconds=3.5)
    assert isinstance(result, ModelThrottledError)
    assert (client.calls, time.now) == (2, 1001.0)


def test_too_little_time_is_a_timeout_before_any_call() -> None:
    client = Client(ANSWER)
    result, _time = outcome(client, seconds=1.9)
    assert isinstance(result, ModelTimeoutError)
    assert client.calls == 0


@pytest.mark.parametrize(
    ("configured", "left", "timeout"), [(20, 24.0, 20), (20, 12.7, 12), (1.5, 10.0, 1), (60, 2.0, 2)]
)
def test_the_read_timeout_is_what_is_configured_or_what_is_left(configured: float, left: float, timeout: int) -> None:
    made: list[int] = []

    def make(seconds: int) -> Client:
        made.append(seconds)
        return Client(ANSWER)

    time = FakeTime()
    model = BedrockModel(ModelSettings("m", 1, configured, None), make, time.sleep)
    model.generate(PROMPT, Deadline(left, time))
    model.generate(PROMPT, Deadline(left, time))
    assert made == [timeout]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(ANSWER), "答え"),
        (Reply({"message": "極秘"}, 429, {"x-amzn-ErrorType": "ThrottlingException"}), ModelThrottledError),
        (Reply({"message": "極秘"}, 403, {"x-amzn-ErrorType": "AccessDeniedException"}), ModelUnavailableError),
        (Reply(b"<html>", 502), ModelUnavailableError),
        (Reply(b"no json"), ModelUnavailableError),
        (Reply(hang_up=True), ModelUnavailableError),
        (Reply(ANSWER, pause=30), ModelTimeoutError),
    ],
)
def test_over_a_real_connection(reply: Reply, expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({"POST converse": [reply]}) as script:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", script.url)
        time = FakeTime()
        settings = ModelSettings("jp.anthropic.claude-opus-5-5", 2000, 1, None)
        model = BedrockModel(settings, wiring.AwsClients("ap-northeast-1").bedrock, time.sleep)
        if isinstance(expected, str):
            assert model.generate(PROMPT, Deadline(20, time)).text == expected
            assert script.seen[0].path == "/model/jp.anthropic.claude-opus-5-5/converse"
        else:
            with pytest.raises(expected) as caught:
                model.generate(PROMPT, Deadline(20, time))
            assert "極秘" not in caught.value.reason


def test_the_client_has_no_retries_of_its_own() -> None:
    client: Any = wiring.AwsClients("ap-northeast-1").bedrock(7)
    assert isinstance(client.meta.config.retries, dict)
    assert client.meta.config.retries["total_max_attempts"] == 1
    assert (client.meta.config.read_timeout, client.meta.config.connect_timeout) == (7, 2)
