"""Calls on Bedrock that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, guide


def asked(role: str = "user", text: str = "Hello", **more: Any) -> Params:
    return {
        "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "messages": [{"role": role, "content": [{"text": text}]}],
        **more,
    }


STRANGE: tuple[Case, ...] = (
    refused(
        "bedrock-runtime",
        "Converse",
        "no token to answer with",
        lambda w: asked(inferenceConfig={"maxTokens": 0}),
        "ValidationException",
        api("bedrock", "runtime_InferenceConfiguration"),
    ),
    refused(
        "bedrock-runtime",
        "Converse",
        "temperature 2",
        lambda w: asked(inferenceConfig={"temperature": 2.0}),
        "ValidationException",
        api("bedrock", "runtime_InferenceConfiguration"),
    ),
    refused(
        "bedrock-runtime",
        "Converse",
        "model that does not exist",
        lambda w: asked(modelId="claude-everything"),
        "ValidationException",
        guide("bedrock/latest/userguide/troubleshooting-api-error-codes.html"),
    ),
    refused(
        "bedrock-runtime",
        "Converse",
        "assistant speaks first",
        lambda w: asked(role="assistant"),
        "ValidationException",
        api("bedrock", "runtime_Converse"),
    ),
    refused(
        "bedrock-runtime",
        "Converse",
        "blank text",
        lambda w: asked(text=""),
        "ValidationException",
        api("bedrock", "runtime_ContentBlock"),
    ),
)
