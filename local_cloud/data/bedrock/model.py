"""Who answers: the extractive stand-in, or an OpenAI-compatible server that the user names.

LOCAL_MODEL_URL is the server's base URL (`http://127.0.0.1:8000/v1`), LOCAL_MODEL_NAME the model it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp

from local_cloud.data.bedrock import extract, prompt
from local_cloud.data.bedrock.converse import BedrockError

SECONDS = 120


class Model(Protocol):
    """Answers a checked Converse request with text."""

    async def reply(self, body: Mapping[str, Any]) -> str: ...


class StandIn:
    """Extracts; needs nothing."""

    async def reply(self, body: Mapping[str, Any]) -> str:
        return extract.answer(prompt.read(body["messages"]))


class OpenAiCompatible:
    """Hands the conversation on to `POST {url}/chat/completions`."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url.rstrip("/") + "/chat/completions", name

    async def reply(self, body: Mapping[str, Any]) -> str:
        """Raises BedrockError (503) where that server does not answer."""
        request: dict[str, Any] = {"model": self._name, "messages": openai_messages(body)}
        limit = (body.get("inferenceConfig") or {}).get("maxTokens")
        if limit:
            request["max_tokens"] = limit
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
                session.post(self._url, json=request, raise_for_status=True) as answer,
            ):
                document = await answer.json()
            return str(document["choices"][0]["message"]["content"])
        except (aiohttp.ClientError, TimeoutError, KeyError, IndexError) as error:
            raise BedrockError(
                503, "ServiceUnavailableException", f"LOCAL_MODEL_URL does not answer ({type(error).__name__})"
            ) from error


def openai_messages(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """Converse's messages as chat completions want them; text only."""
    system = "\n".join(block.get("text", "") for block in body.get("system") or [])
    first = [{"role": "system", "content": system}] if system else []
    return first + [
        {"role": m["role"], "content": "\n".join(b["text"] for b in m["content"] if "text" in b)}
        for m in body["messages"]
    ]


def choose(environment: Mapping[str, str]) -> Model:
    """By LOCAL_MODEL_URL."""
    url = environment.get("LOCAL_MODEL_URL")
    return OpenAiCompatible(url, environment.get("LOCAL_MODEL_NAME", "local")) if url else StandIn()
