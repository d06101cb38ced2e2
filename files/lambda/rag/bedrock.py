"""The Model port on Amazon Bedrock's Converse API.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from rag import log
from rag.aws_errors import AwsError, code_of
from rag.clock import Deadline
from rag.domain import Generation, Prompt
from rag.errors import ModelThrottledError, ModelTimeoutError, ModelUnavailableError, RagError
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
_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.5
# Less than this is not worth an attempt: no model answers in it.
_LEAST_SECONDS = 2


class BedrockClient(Protocol):
    """What is used of bedrock-runtime."""

    def converse(self, **request: Any) -> Mapping[str, Any]: ...


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
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return generation(self._client(deadline).converse(**request))
            except AwsError as error:
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

    def _client(self, deadline: Deadline) -> BedrockClient:
        left = deadline.remaining()
        if left < _LEAST_SECONDS:
            raise ModelTimeoutError("no time left")
        seconds = max(1, int(min(self._settings.timeout_seconds, left)))
        if seconds not in self._clients:
            self._clients[seconds] = self._make_client(seconds)
        return self._clients[seconds]


def converse_request(prompt: Prompt, settings: ModelSettings) -> dict[str, Any]:
    """The request, the same for Converse and ConverseStream."""
    inference: dict[str, int | float] = {"maxTokens": settings.max_tokens}
    if settings.temperature is not None:
        inference["temperature"] = settings.temperature
    return {
        "modelId": settings.model_id,
        "system": [{"text": prompt.system}],
        "messages": [{"role": item.role, "content": [{"text": item.text}]} for item in prompt.messages],
        "inferenceConfig": inference,
    }


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


def _failure(error: BotoCoreError | ClientError) -> RagError:
    code = code_of(error)
    if code in _THROTTLED:
        return ModelThrottledError(code)
    if code == "ModelTimeoutException" or isinstance(error, ReadTimeoutError):
        return ModelTimeoutError(code)
    return ModelUnavailableError(code)


def _passes(failure: RagError, error: BotoCoreError | ClientError) -> bool:
    return isinstance(failure, ModelThrottledError) or code_of(error) in _PASSING
