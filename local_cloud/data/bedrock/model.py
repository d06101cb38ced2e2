"""Who answers: the extractive stand-in, or an OpenAI-compatible server that the user names.

LOCAL_MODEL_URL is the server's base URL (`http://127.0.0.1:8000/v1`), LOCAL_MODEL_NAME the model it is asked for.
LOCAL_MODEL_PACE: seconds between two pieces of the stand-in's streamed answer (default 0.02),
so that a streamed answer is seen to stream; more of it to look at a slow model.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

import aiohttp

from local_cloud.data.bedrock import extract, prompt
from local_cloud.data.bedrock.converse import BedrockError

SECONDS = 120
CHUNK = 8
"""Characters in one piece of a stream."""


class Model(Protocol):
    """Answers a checked Converse request with text."""

    async def reply(self, body: Mapping[str, Any]) -> str: ...

    def stream(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        """The same answer in pieces, each as soon as it is known."""


class StandIn:
    """Extracts; needs nothing. `pace` is the time in seconds between two pieces of a stream."""

    def __init__(self, pace: float = 0.0) -> None:
        self._pace = pace

    async def reply(self, body: Mapping[str, Any]) -> str:
        return extract.answer(prompt.read(body["messages"]))

    async def stream(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        async for piece in pieces(await self.reply(body), self._pace):
            yield piece


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

    async def stream(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        """The whole answer cut up: that server is not asked to stream."""
        async for piece in pieces(await self.reply(body), 0.0):
            yield piece


async def pieces(text: str, pace: float) -> AsyncIterator[str]:
    """CHUNK characters at a time."""
    for start in range(0, len(text), CHUNK):
        yield text[start : start + CHUNK]
        await asyncio.sleep(pace)


def openai_messages(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """Converse's messages as chat completions want them; text only."""
    system = "\n".join(block.get("text", "") for block in body.get("system") or [])
    first = [{"role": "system", "content": system}] if system else []
    return first + [
        {"role": m["role"], "content": "\n".join(b["text"] for b in m["content"] if "text" in b)}
        for m in body["messages"]
    ]


def choose(environment: Mapping[str, str]) -> Model:
    """By LOCAL_MODEL_URL, else LOCAL_MODEL_PACE."""
    url = environment.get("LOCAL_MODEL_URL")
    if url:
        return OpenAiCompatible(url, environment.get("LOCAL_MODEL_NAME", "local"))
    return StandIn(float(environment.get("LOCAL_MODEL_PACE", "0.02")))
