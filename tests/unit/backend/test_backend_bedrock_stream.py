"""The Model on ConverseStream, over a real connection with AWS's own event stream."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from backend_fakes import FakeTime
from backend_server import Reply, Script, serve
from rag import wiring
from rag.bedrock import BedrockModel, converse_request
from rag.clock import Deadline
from rag.domain import Generation, Message, Prompt
from rag.errors import ModelThrottledError, ModelTimeoutError, ModelUnavailableError, PromptTooLongError, RagError
from rag.settings import ModelSettings

from local_cloud.data.bedrock import eventstream

PROMPT = Prompt("規則", (Message("user", "今"),))
SETTINGS = ModelSettings("jp.anthropic.claude-opus-5-5", 2000, 2, None)
ROUTE = "POST converse-stream"
BEGIN = eventstream.event("messageStart", {"role": "assistant"})
END = eventstream.event("messageStop", {"stopReason": "end_turn"}) + eventstream.event(
    "metadata", {"usage": {"inputTokens": 10, "outputTokens": 3, "totalTokens": 13}, "metrics": {"latencyMs": 1}}
)


def delta(value: dict[str, Any]) -> bytes:
    return eventstream.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": value})


def fault(kind: str) -> bytes:
    headers = {":message-type": "exception", ":exception-type": kind, ":content-type": "application/json"}
    return eventstream.message(headers, json.dumps({"message": "secret"}).encode())


SAID = delta({"text": "答"}) + delta({"reasoningContent": {"text": "秘"}}) + delta({"text": "え"})


def stream(*parts: bytes, **more: Any) -> Reply:
    return Reply(b"".join(parts), 200, {"Content-Type": eventstream.CONTENT_TYPE}, **more)


def refusal(status: int, kind: str, message: str = "no") -> Reply:
    return Reply({"message": message}, status, {"x-amzn-ErrorType": kind})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    with serve({}) as script:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", script.url)
        yield script


def outcome(script: Script, *replies: Reply, seconds: float = 20.0) -> tuple[list[str], Generation | RagError]:
    """The pieces, and how it ended."""
    script.replies[ROUTE] = list(replies)
    clock, pieces = FakeTime(), []
    model = BedrockModel(SETTINGS, wiring.AwsClients("ap-northeast-1").bedrock, clock.sleep)
    try:
        for said in model.stream(PROMPT, Deadline(seconds, clock)):
            if isinstance(said, Generation):
                return pieces, said
            pieces.append(said)
    except RagError as error:
        return pieces, error
    raise AssertionError("it ends with a Generation or an error")


def test_only_text_is_streamed_and_the_figures_come_last(server: Script) -> None:
    assert outcome(server, stream(BEGIN, SAID, END)) == (["答", "え"], Generation("", "end_turn", 10, 3))


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ((BEGIN, SAID), ModelUnavailableError),
        ((BEGIN, SAID, END[:20]), ModelUnavailableError),
        ((BEGIN, SAID, fault("modelStreamErrorException")), ModelUnavailableError),
        ((BEGIN, SAID, fault("throttlingException")), ModelThrottledError),
        ((BEGIN, SAID, b"x" * 40), ModelUnavailableError),
    ],
)
def test_cut_off_in_the_middle_is_told_and_not_asked_again(
    server: Script, parts: tuple[bytes, ...], error: type[RagError]
) -> None:
    pieces, ended = outcome(server, stream(*parts))
    assert pieces == ["答", "え"]
    assert ended.__class__ is error
    assert "secret" not in str(ended)
    assert len(server.seen) == 1


def test_a_model_that_falls_silent_is_a_timeout(server: Script) -> None:
    pieces, ended = outcome(server, stream(BEGIN, SAID, END, parts=2, pause=3.0))
    assert isinstance(ended, ModelTimeoutError)
    assert len(pieces) < 2


def test_throttling_is_tried_again_while_nothing_was_said(server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda _low, high: high)
    throttled = refusal(429, "ThrottlingException")
    assert outcome(server, throttled, stream(BEGIN, SAID, END))[0] == ["答", "え"]
    assert isinstance(outcome(server, throttled)[1], ModelThrottledError)
    assert len(server.seen) == 5
    # 2.5 s left, the first pause would take 1 s: no time for a second attempt.
    assert isinstance(outcome(server, throttled, seconds=2.5)[1], ModelThrottledError)
    assert len(server.seen) == 6


def test_an_overflow_of_the_context_is_the_questions_length(server: Script) -> None:
    refused = refusal(400, "ValidationException", "Input is too long for requested model.")
    assert isinstance(outcome(server, refused)[1], PromptTooLongError)
    assert outcome(server, refusal(400, "ValidationException"))[1].__class__ is ModelUnavailableError


def test_at_the_deadline_what_was_said_stays(server: Script) -> None:
    server.replies[ROUTE] = [stream(BEGIN, SAID, END)]
    clock = FakeTime()
    model = BedrockModel(SETTINGS, wiring.AwsClients("ap-northeast-1").bedrock, clock.sleep)
    said = model.stream(PROMPT, Deadline(20, clock))
    assert next(said) == "答"
    clock.now += 19
    *_more, ended = said
    assert isinstance(ended, Generation)
    assert ended.stop_reason == "time_limit"


def test_a_guardrail_is_asked_before_anything_is_streamed() -> None:
    guarded = ModelSettings("m", 5, 20, None, 0.9, "gr-1", "3")
    request = converse_request(PROMPT, guarded, streamed=True)
    named = {"guardrailIdentifier": "gr-1", "guardrailVersion": "3"}
    assert request["guardrailConfig"] == named | {"streamProcessingMode": "sync"}
    assert converse_request(PROMPT, guarded)["guardrailConfig"] == named
    assert request["inferenceConfig"] == {"maxTokens": 5, "topP": 0.9}
    assert "guardrailConfig" not in converse_request(PROMPT, SETTINGS)
