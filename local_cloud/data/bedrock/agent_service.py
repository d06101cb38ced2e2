"""bedrock-agent-runtime as a target of the egress proxies: Rerank and Retrieve."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from local_cloud.data.actor import DeniedError
from local_cloud.data.bedrock import agent
from local_cloud.data.bedrock.agent import Chunk
from local_cloud.data.bedrock.converse import BedrockError, Json
from local_cloud.data.bedrock.service import access_key_of, error_response, json_of
from local_cloud.data.egress.forward import path_of
from local_cloud.data.egress.targets import Connection

Authorize = Callable[[str, str, str, Connection], Awaitable[None]]
"""Access key, operation, ARN of the model or id of the knowledge base, the way; raises DeniedError."""
Exists = Callable[[str], Awaitable[bool]]
RETRIEVE = re.compile(r"/knowledgebases/(?P<id>[^/]+)/retrieve")


class AgentRuntime:
    """Answers from `chunks`, whichever knowledge base is named that `exists`."""

    def __init__(
        self, chunks: Sequence[Chunk] = (), authorize: Authorize | None = None, exists: Exists | None = None
    ) -> None:
        self._chunks, self._authorize, self._exists = chunks, authorize, exists

    async def __call__(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        return await self.handle(request, connection)

    async def handle(self, request: web.BaseRequest, connection: Connection | None = None) -> web.StreamResponse:
        """One request, whatever way it came."""
        try:
            found = await self._answer(request, connection)
        except BedrockError as error:
            return error_response(error)
        return web.json_response(found, headers={"x-amzn-RequestId": str(uuid.uuid4())})

    async def close(self) -> None:
        """Nothing is held open."""

    async def _answer(self, request: web.BaseRequest, connection: Connection | None) -> Json:
        path = path_of(request).partition("?")[0]
        named = RETRIEVE.fullmatch(path)
        if request.method != "POST" or not (named or path == "/rerank"):
            raise BedrockError(404, "UnknownOperationException", "The operation is not known here.")
        key = access_key_of(request)
        body = await json_of(request)
        if not isinstance(body, dict):
            raise BedrockError(400, "ValidationException", "The request body is not a JSON object.")
        if named:
            agent.check("Retrieve", {"knowledgeBaseId": named["id"], **body})
            await self._admit(key, "Retrieve", named["id"], connection)
            if self._exists and not await self._exists(named["id"]):
                told = f"Knowledge Base with id {named['id']} does not exist"
                raise BedrockError(404, "ResourceNotFoundException", told)
            return agent.retrieve(body, self._chunks)
        agent.check("Rerank", body)
        model = body["rerankingConfiguration"]["bedrockRerankingConfiguration"]["modelConfiguration"]["modelArn"]
        await self._admit(key, "Rerank", model, connection)
        return agent.rerank(body)

    async def _admit(self, key: str, operation: str, resource: str, connection: Connection | None) -> None:
        if not self._authorize or not connection:
            return
        try:
            await self._authorize(key, operation, resource, connection)
        except DeniedError as error:
            raise BedrockError(403, error.code, error.message) from error
