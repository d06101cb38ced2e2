"""The Model port on Amazon Bedrock's Converse and ConverseStream.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""

from __future__ import annotations

import itertools
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, Protocol

from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from urllib3.exceptions import HTTPError as BrokenReadError
from urllib3.exceptions import ReadTimeoutError as BrokenReadTimeoutError

from rag import log
from rag.aws_errors import AwsError, code_of
from rag.clock import Deadline
from rag.domain import Generation, Prompt
from rag.errors import (
    ModelThrottledError,
    ModelTimeoutError,
    ModelUnavailableError,
    PromptTooLongError,
    RagError,
)
from rag.settings import ModelSettings

_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "ServiceQuotaExceededException"})
_PASSING = frozenset(
    {
        "InternalServerException",
        "ServiceUnavailableException",
        "ModelNotReadyException",
        "ModelErrorException",
        "ConnectTimeoutError",
        "EndpointConnectionError",
        "ConnectionClosedError",
        "ProxyConnectionError",
    }
)
# ValidationException has many causes; these words are how the models put this one.
_OVERFLOW = re.compile(
    r"too long|too many (?:input )?tokens|context (?:length|window)|maximum.{0,40}tokens", re.IGNORECASE
)
# botocore hands an event stream's reading on to urllib3, and its errors out as they are.
_Failed = (*AwsError, ParserError, BrokenReadError)
_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.5
# Our own stop reason beside Converse's.
TIME_LIMIT = "time_limit"
# Less than this is not worth an attempt: no model answers in it.
_LEAST_SECONDS = 2


class BedrockClient(Protocol):
    """What is used of bedrock-runtime."""

    def converse(self, **request: Any) -> Mapping[str, Any]: ...
    def converse_stream(self, **request: Any) -> Mapping[str, Any]: ...


class BedrockModel:
    """Asks one model, or inference profile.

    `client` makes a client with a read timeout of so many whole seconds and no retries of its own: botocore's
    know nothing of a deadline, and would repeat a read that timed out. Clients are kept by their timeout.
    """

    def __init__(
        self,
        settings: ModelSettings,
        client: Callable[[int], BedrockClient],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._make_client = client
        self._sleep = sleep
        self._clients: dict[int, BedrockClient] = {}

    def generate(self, prompt: Prompt, deadline: Deadline) -> Generation:
        """The Model port. What passes by itself is tried again, with jittered backoff, while time is left."""
        request = converse_request(prompt, self._settings)
        return self._tried(lambda client: generation(client.converse(**request)), deadline)

    def stream(self, prompt: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        """The Model port. Tried again only as long as nothing was said: what was said cannot be taken back."""
        request = converse_request(prompt, self._settings, streamed=True)
        # One silence may last so long, and no new one begins that could outlast the deadline.
        patience = min(self._settings.timeout_seconds, max(_LEAST_SECONDS, deadline.remaining() / 3))
        last_read = deadline.within(deadline.remaining(), keep=patience)
        stream, events = self._tried(lambda client: _begun(client.converse_stream(**request)), deadline, patience)
        with closing(stream):
            yield from _pieces(events, last_read)

    def _tried[T](self, ask: Callable[[BedrockClient], T], deadline: Deadline, patience: float | None = None) -> T:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return ask(self._client(deadline, patience))
            except _Failed as error:
                failure = _failure(error)
                pause = random.uniform(0, _BACKOFF_SECONDS * 2**attempt)
                in_time = deadline.remaining() - pause >= _LEAST_SECONDS
                if attempt == _ATTEMPTS or not in_time or not _passes(failure, error):
                    raise failure from error
                log.warning("model_retry", attempt=attempt, error=failure.reason)
                self._sleep(pause)
        raise AssertionError("unreachable")

    def warm_up(self) -> None:
        """Makes the client that an ordinary question uses. No call to AWS."""
        self._client(Deadline(self._settings.timeout_seconds + _LEAST_SECONDS))

    def _client(self, deadline: Deadline, patience: float | None = None) -> BedrockClient:
        left = deadline.remaining()
        if left < _LEAST_SECONDS:
            raise ModelTimeoutError("no time left")
        seconds = max(1, int(min(patience or self._settings.timeout_seconds, left)))
        if seconds not in self._clients:
            self._clients[seconds] = self._make_client(seconds)
        return self._clients[seconds]


def converse_request(prompt: Prompt, settings: ModelSettings, *, streamed: bool = False) -> dict[str, Any]:
    """The request; between Converse and ConverseStream only a guardrail's way of working differs."""
    inference: dict[str, int | float] = {"maxTokens": settings.max_tokens}
    if settings.temperature is not None:
        inference["temperature"] = settings.temperature
    if settings.top_p is not None:
        inference["topP"] = settings.top_p
    request = {
        "modelId": settings.model_id,
        "system": [{"text": prompt.system}],
        "messages": [{"role": item.role, "content": [{"text": item.text}]} for item in prompt.messages],
        "inferenceConfig": inference,
    }
    if settings.guardrail_id:
        guardrail = {"guardrailIdentifier": settings.guardrail_id, "guardrailVersion": settings.guardrail_version}
        # `sync`: nothing is streamed before the guardrail has seen it (Bedrock guide, 'Configure streaming response
        # behavior'); `async` would let words out that it then takes back.
        request["guardrailConfig"] = guardrail | ({"streamProcessingMode": "sync"} if streamed else {})
    return request


def generation(response: Mapping[str, Any]) -> Generation:
    """The text blocks of a response, joined; reasoningContent and other blocks are not for the reader."""
    try:
        blocks = response["output"]["message"]["content"]
        text = "".join(block["text"] for block in blocks if "text" in block)
    except (KeyError, TypeError) as error:
        raise ModelUnavailableError("malformed response") from error
    usage = response.get("usage") or {}
    return Generation(
        text=text,
        stop_reason=str(response.get("stopReason", "")),
        input_tokens=int(usage.get("inputTokens", 0)),
        output_tokens=int(usage.get("outputTokens", 0)),
    )


class _Events(Protocol):
    """botocore's EventStream."""

    def __iter__(self) -> Iterator[Mapping[str, Any]]: ...
    def close(self) -> None: ...


def _begun(response: Mapping[str, Any]) -> tuple[_Events, Iterator[Mapping[str, Any]]]:
    """The stream with its first event read: ConverseStream may fail there as Converse does at once."""
    stream: _Events = response["stream"]
    events = iter(stream)
    try:
        first = next(events, None)
    except _Failed:
        stream.close()
        raise
    return stream, itertools.chain([] if first is None else [first], events)


def _pieces(events: Iterator[Mapping[str, Any]], last_read: Deadline) -> Iterator[str | Generation]:
    stop_reason, said = "", False
    usage: Mapping[str, Any] = {}
    try:
        for event in events:
            # Text alone: reasoningContent and other deltas are not for the reader.
            text = event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
            if text:
                said = True
                yield text
            stop_reason = event.get("messageStop", {}).get("stopReason", stop_reason)
            usage = event.get("metadata", {}).get("usage", usage)
            if last_read.remaining() <= 0:
                stop_reason = stop_reason or TIME_LIMIT
                break
    except _Failed as error:
        raise _failure(error) from error
    if not stop_reason or (stop_reason == TIME_LIMIT and not said):
        raise ModelTimeoutError("no time left") if stop_reason else ModelUnavailableError("stream cut off")
    yield Generation("", stop_reason, int(usage.get("inputTokens", 0)), int(usage.get("outputTokens", 0)))


def _failure(error: Exception) -> RagError:
    code = _code(error)
    if code == "ValidationException" and _OVERFLOW.search(str(error)):
        return PromptTooLongError(code)
    if code in _THROTTLED:
        return ModelThrottledError(code)
    if code == "ModelTimeoutException" or isinstance(error, ReadTimeoutError | BrokenReadTimeoutError):
        return ModelTimeoutError(code)
    return ModelUnavailableError(code)


def _code(error: Exception) -> str:
    """AWS's error code; within a stream it begins with a small letter (`throttlingException`)."""
    code = code_of(error) if isinstance(error, BotoCoreError | ClientError) else type(error).__name__
    return code[:1].upper() + code[1:]


def _passes(failure: RagError, error: Exception) -> bool:
    return isinstance(failure, ModelThrottledError) or _code(error) in _PASSING
