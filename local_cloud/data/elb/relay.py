"""Carries a WebSocket between browser and task, and cuts it when the network no longer allows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import WSMsgType, web
from multidict import CIMultiDict

CHECK_SECONDS = 1.0
OWN_HEADERS = ("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol")

Either = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


def is_upgrade(request: web.BaseRequest) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def protocols(request: web.BaseRequest) -> list[str]:
    """The subprotocols that the browser offers."""
    return [p.strip() for p in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if p.strip()]


async def connect(
    session: aiohttp.ClientSession, url: str, headers: CIMultiDict[str], offered: list[str]
) -> aiohttp.ClientWebSocketResponse:
    """To the task; raises aiohttp.ClientError."""
    kept = CIMultiDict((k, v) for k, v in headers.items() if k not in OWN_HEADERS)
    return await session.ws_connect(url, headers=kept, protocols=offered, autoping=False, max_msg_size=0)


class Relay:
    """One WebSocket; `still_allowed` is asked every second."""

    def __init__(self, browser: Either, task: Either, still_allowed: Callable[[], Awaitable[bool]], idle: float):
        self._browser, self._task = browser, task
        self._still_allowed, self._idle = still_allowed, idle
        self._last = time.monotonic()

    async def run(self) -> None:
        """Until one side closes, nothing was said for `idle` seconds, or the network forbids it."""
        parts = [
            asyncio.ensure_future(self._pump(self._browser, self._task)),
            asyncio.ensure_future(self._pump(self._task, self._browser)),
            asyncio.ensure_future(self._watch()),
        ]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            await asyncio.gather(self._browser.close(), self._task.close(), return_exceptions=True)

    async def _watch(self) -> None:
        while await self._still_allowed() and time.monotonic() - self._last < self._idle:
            await asyncio.sleep(CHECK_SECONDS)

    async def _pump(self, source: Either, sink: Either) -> None:
        async for message in source:
            self._last = time.monotonic()
            match message.type:
                case WSMsgType.TEXT:
                    await sink.send_str(message.data)
                case WSMsgType.BINARY:
                    await sink.send_bytes(message.data)
                case WSMsgType.PING:
                    await sink.ping(message.data)
                case WSMsgType.PONG:
                    await sink.pong(message.data)
                case _:
                    return
