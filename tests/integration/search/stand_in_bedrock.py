"""The local cloud's Bedrock stand-ins on a port of their own, for tests that need no whole cloud."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from local_cloud.data.bedrock.agent import Chunk
from local_cloud.data.bedrock.agent_service import AgentRuntime
from local_cloud.data.bedrock.model import StandIn
from local_cloud.data.bedrock.service import BedrockRuntime


@contextmanager
def bedrock(chunks: Sequence[Chunk] = ()) -> Iterator[str]:
    """URL that answers for bedrock-runtime and bedrock-agent-runtime."""
    loop = asyncio.new_event_loop()
    runtime, agents = BedrockRuntime(StandIn()), AgentRuntime(chunks)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await (runtime if request.path.startswith("/model/") else agents).handle(request)

    async def begin() -> web.ServerRunner:
        made = web.ServerRunner(web.Server(handle))
        await made.setup()
        await web.TCPSite(made, "127.0.0.1", 0).start()
        return made

    runner = loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
