"""A function's streamed answer on its way: pieces as they come, the head in front of them.

API Gateway guide, 'Set up a Lambda proxy integration with payload response streaming': a JSON object with status and
headers, eight NUL bytes, the body. A function that fails before the NUL bytes is a 502; one that fails later has its
connection closed, which is all that can still be told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from local_cloud.data.apigateway import proxy_event
from local_cloud.data.apigateway.errors import ApiError, Reply, internal, timed_out
from local_cloud.data.lambda_runtime.runtime_api import InvocationResult

DELIMITER = bytes(8)
IDLE_SECONDS = 300
"""Longest silence of a stream of a private API (API Gateway guide, 'Stream the integration response')."""
LONGEST_PRELUDE = 16 * 1024
"""Bytes; the guide asks for the delimiter within the first 16 KB."""


class BrokenStreamError(Exception):
    """The function failed, or was too slow, after the head was sent."""


@dataclass(frozen=True)
class StreamedReply:
    """A reply whose body is still being made."""

    head: Reply
    body: AsyncIterator[bytes]


class Stream:
    """The pieces of one invocation. `take` is its sink, `running` the invocation itself.

    A client that goes away ends nothing: the invocation runs on and its pieces are dropped, as on AWS.
    """

    def __init__(self, seconds: float) -> None:
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._end = asyncio.get_running_loop().time() + seconds
        self._running: asyncio.Task[InvocationResult] | None = None

    def take(self, piece: bytes) -> None:
        self._pieces.put_nowait(piece)

    def follow(self, running: asyncio.Task[InvocationResult]) -> None:
        """Its end is the end of the stream."""
        self._running = running
        running.add_done_callback(lambda _done: self._pieces.put_nowait(None))

    async def reply(self, request_id: str) -> StreamedReply:
        """Raises ApiError 502 or 504, and what the invocation raised."""
        try:
            prelude, first = await self._prelude()
        except TimeoutError:
            raise timed_out() from None
        return StreamedReply(proxy_event.head(prelude, request_id), self._body(first))

    async def _prelude(self) -> tuple[bytes, bytes]:
        seen = b""
        while DELIMITER not in seen:
            piece = await self._next()
            if piece is None or len(seen) > LONGEST_PRELUDE:
                self._failed()
                raise internal(502)
            seen += piece
        prelude, _nul, first = seen.partition(DELIMITER)
        return prelude, first

    async def _body(self, first: bytes) -> AsyncIterator[bytes]:
        """Raises BrokenStreamError."""
        if first:
            yield first
        try:
            while (piece := await self._next()) is not None:
                yield piece
            self._failed()
        except (ApiError, TimeoutError) as error:
            raise BrokenStreamError from error

    def _failed(self) -> None:
        """Raises ApiError 502 where the invocation, which is over, failed."""
        if self._running and self._running.done() and self._running.result().function_error:
            raise internal(502)

    async def _next(self) -> bytes | None:
        left = self._end - asyncio.get_running_loop().time()
        return await asyncio.wait_for(self._pieces.get(), min(IDLE_SECONDS, left))
