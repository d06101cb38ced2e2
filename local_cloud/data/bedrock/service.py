"""bedrock-runtime as a target of the egress proxies."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web

from local_cloud.control.repairs.bedrock import WITHOUT_ACCESS
from local_cloud.data.actor import DeniedError
from local_cloud.data.bedrock import converse, embedding, eventstream
from local_cloud.data.bedrock.converse import BedrockError
from local_cloud.data.bedrock.model import Model
from local_cloud.data.egress.forward import path_of
from local_cloud.data.egress.targets import Connection

Authorize = Callable[[str, str, str, Connection], Awaitable[None]]
"""Access key, operation (converse, converse-stream, invoke, guardrail), model or guardrail, the way; raises
DeniedError."""
PATH = re.compile(r"/model/(?P<model>[^/]+)/(?P<operation>converse|converse-stream|invoke)")


class BedrockRuntime:
    """Answers Converse and ConverseStream, and InvokeModel of embedding models; other operations are unknown to it."""

    def __init__(self, model: Model, authorize: Authorize | None = None) -> None:
        self._model = model
        self._authorize = authorize

    async def __call__(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        return await self.handle(request, connection)

    async def handle(self, request: web.BaseRequest, connection: Connection | None = None) -> web.StreamResponse:
        """One request, whatever way it came."""
        try:
            await self._admit(request, connection)
            return await self._answer(request, connection)
        except BedrockError as error:
            return error_response(error)

    async def close(self) -> None:
        """Nothing is held open."""

    async def _admit(self, request: web.BaseRequest, connection: Connection | None) -> None:
        """With the caller's permissions; a request without a signature is refused where it is answered."""
        found = PATH.fullmatch(path_of(request).partition("?")[0])
        key = re.search(r"Credential=([^/,\s]+)/", request.headers.get("Authorization", ""))
        if found and key:
            await self._judged(key[1], found["operation"], unquote(found["model"]), connection)

    async def _judged(self, key: str, operation: str, resource: str, connection: Connection | None) -> None:
        if not self._authorize or not connection:
            return
        try:
            await self._authorize(key, operation, resource, connection)
        except DeniedError as error:
            raise BedrockError(403, error.code, error.message) from error

    async def _answer(self, request: web.BaseRequest, connection: Connection | None) -> web.StreamResponse:
        found = PATH.fullmatch(path_of(request).partition("?")[0])
        if not found or request.method != "POST":
            raise BedrockError(404, "UnknownOperationException", "The operation is not known here.")
        key = access_key_of(request)
        if found["operation"] == "invoke":
            return await self._invoke(request, unquote(found["model"]).rpartition("/")[2])
        converse.model_of(found["model"])
        body = converse.check(await json_of(request))
        if guardrail := (body.get("guardrailConfig") or {}).get("guardrailIdentifier"):
            await self._judged(key, "guardrail", str(guardrail), connection)
        started = time.monotonic()
        if found["operation"] == "converse-stream":
            return await self._stream(request, body, started)
        reply = converse.cut(await self._model.reply(body), body)
        headers = {"x-amzn-RequestId": str(uuid.uuid4())}
        return web.json_response(converse.response(body, reply, _since(started)), headers=headers)

    async def _invoke(self, request: web.BaseRequest, model: str) -> web.StreamResponse:
        if not embedding.is_known(model):
            raise BedrockError(400, "ValidationException", "The provided model identifier is invalid.")
        if model in WITHOUT_ACCESS:
            told = "You don't have access to the model with the specified model ID."
            raise BedrockError(403, "AccessDeniedException", told)
        answer = embedding.answer(model, await json_of(request))
        return web.json_response(answer, headers={"x-amzn-RequestId": str(uuid.uuid4())})

    async def _stream(self, request: web.BaseRequest, body: converse.Json, started: float) -> web.StreamResponse:
        """Each piece as an event of its own, as it comes. What fails before the first one is still an HTTP error."""
        pieces = self._model.stream(body)
        piece = await anext(pieces, None)
        stream = web.StreamResponse(headers={"Content-Type": eventstream.CONTENT_TYPE})
        await stream.prepare(request)
        await stream.write(eventstream.event(*converse.START))
        said = ""
        while piece is not None:
            reply = converse.cut(said + piece, body)
            if more := reply.text[len(said) :]:
                await stream.write(eventstream.event(*converse.delta(more)))
            said += piece
            if reply.stop_reason != "end_turn":
                break
            piece = await anext(pieces, None)
        for kind, payload in converse.ending(body, converse.cut(said, body), _since(started)):
            await stream.write(eventstream.event(kind, payload))
        await stream.write_eof()
        return stream


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def error_response(error: BedrockError) -> web.Response:
    """An error in the form of a REST API with JSON."""
    return web.json_response(
        {"message": str(error)},
        status=error.status,
        headers={"x-amzn-ErrorType": error.code, "x-amzn-RequestId": str(uuid.uuid4())},
    )


def access_key_of(request: web.BaseRequest) -> str:
    """The access key of a signed request; BedrockError for one that is not."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("AWS4-HMAC-SHA256 "):
        raise BedrockError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    found = re.search(r"Credential=([^/,\s]+)/", header)
    return found[1] if found else ""


async def json_of(request: web.BaseRequest) -> object:
    """The body; BedrockError where it is no JSON."""
    raw = await request.read()
    try:
        document: object = json.loads(raw)
    except ValueError:
        raise BedrockError(
            400, "ValidationException", "Malformed input request, please reformat your input and try again."
        ) from None
    return document
