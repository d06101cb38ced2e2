"""Converse and ConverseStream as bedrock-runtime answers them: checks, response, events. Pure.

Shapes: Bedrock runtime API reference. Refusals in AWS's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]

# Model ids and inference profiles that Bedrock knows, by family; profiles have a geography before them.
MODELS = re.compile(
    r"(?:(?:jp|apac|global|us|eu|au)\.)?(?:"
    r"anthropic\.claude-(?:opus|sonnet|haiku|fable)-\d[\d-]*(?:-v\d+(?::\d+)?)?"
    r"|anthropic\.claude-3(?:-[57])?-(?:opus|sonnet|haiku)-\d{8}-v\d:\d"
    r"|amazon\.nova-(?:2-)?(?:micro|lite|pro|premier)-v\d:\d"
    r")"
)
ARN = re.compile(
    r"arn:aws:bedrock:[a-z0-9-]*:\d*:(?:foundation-model|inference-profile|application-inference-profile)/(.+)"
)
CHARACTERS_PER_TOKEN = 2
"""A rough figure for Japanese; the stand-in has no tokenizer."""


class BedrockError(Exception):
    """An error as AWS words it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Reply:
    """What a model said, and how it ended ('end_turn', 'max_tokens')."""

    text: str
    stop_reason: str


def model_of(quoted: str) -> str:
    """The model id in a path; BedrockError for one that Bedrock does not know."""
    model = unquote(quoted)
    arn = ARN.fullmatch(model)
    if arn and ":application-inference-profile/" in model:
        return model
    if not MODELS.fullmatch(arn[1] if arn else model):
        raise BedrockError(400, "ValidationException", "The provided model identifier is invalid.")
    return model


def check(body: object) -> Json:
    """The request's body if AWS would take it; BedrockError otherwise."""
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list) or not body["messages"]:
        raise _invalid("The messages field is required. Add at least one message and try again.")
    expected = "user"
    for number, message in enumerate(body["messages"]):
        if not isinstance(message, dict):
            raise _invalid("Malformed input request, please reformat your input and try again.")
        if number == 0 and message.get("role") != "user":
            raise _invalid(
                "A conversation must start with a user message."
                " Try again with a conversation that starts with a user message."
            )
        if message.get("role") != expected:
            raise _invalid(
                "A conversation must alternate between user and assistant roles."
                " Make sure the conversation alternates between user and assistant roles and try again."
            )
        _check_content(number, message.get("content"))
        expected = "assistant" if expected == "user" else "user"
    return body


def _check_content(number: int, content: object) -> None:
    if not isinstance(content, list) or not content:
        raise _invalid(f"The content field in the Message object at messages.{number} is empty.")
    for position, block in enumerate(content):
        text = block.get("text") if isinstance(block, dict) else None
        if isinstance(text, str) and not text.strip():
            raise _invalid(
                f"The text field in the ContentBlock object at messages.{number}.content.{position} is blank."
                " Add text to the text field, and try again."
            )


def cut(text: str, body: Mapping[str, Any]) -> Reply:
    """The text within the request's `maxTokens`."""
    limit = (body.get("inferenceConfig") or {}).get("maxTokens")
    characters = int(limit) * CHARACTERS_PER_TOKEN if limit else len(text)
    return Reply(text[:characters], "max_tokens" if len(text) > characters else "end_turn")


def usage(body: Mapping[str, Any], reply: Reply) -> dict[str, int]:
    """Token counts, estimated."""
    blocks = [block for message in body["messages"] for block in message["content"]] + body.get("system", [])
    read = sum(len(block.get("text", "")) for block in blocks) // CHARACTERS_PER_TOKEN + 1
    written = len(reply.text) // CHARACTERS_PER_TOKEN + 1
    return {"inputTokens": read, "outputTokens": written, "totalTokens": read + written}


def response(body: Mapping[str, Any], reply: Reply, milliseconds: int) -> Json:
    """ConverseResponse."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": reply.text}]}},
        "stopReason": reply.stop_reason,
        "usage": usage(body, reply),
        "metrics": {"latencyMs": milliseconds},
    }


START: tuple[str, Json] = ("messageStart", {"role": "assistant"})
"""ConverseStreamOutput, the first event."""


def delta(text: str) -> tuple[str, Json]:
    """The event of one piece."""
    return "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}


def ending(body: Mapping[str, Any], reply: Reply, milliseconds: int) -> Iterator[tuple[str, Json]]:
    """The events after the last piece."""
    yield "contentBlockStop", {"contentBlockIndex": 0}
    yield "messageStop", {"stopReason": reply.stop_reason}
    yield "metadata", {"usage": usage(body, reply), "metrics": {"latencyMs": milliseconds}}


def _invalid(message: str) -> BedrockError:
    return BedrockError(400, "ValidationException", message)
