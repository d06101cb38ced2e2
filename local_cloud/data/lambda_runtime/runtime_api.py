"""The Lambda Runtime API of one process, on a loopback port of its own.

Protocol: Lambda developer guide, 'Using the Lambda runtime API for custom runtimes', version 2018-06-01. The
interface takes one invocation at a time, as an execution environment does. aiohttp buffers writes and sets
TCP_NODELAY, without which an invocation takes 90 ms instead of 5.

A streamed response arrives as a chunked POST with `Lambda-Runtime-Function-Response-Mode: streaming`; its chunks go
to the invocation's sink as they come. aiohttp does not show trailers, so a runtime's report of a failure in the middle
(`Lambda-Runtime-Function-Error-Type`) is not seen here: such a stream ends like a whole one.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from local_cloud.data.settings import LOOPBACK

PREFIX = "/2018-06-01/runtime"
SHUTDOWN_SECONDS = 0.1
"""aiohttp takes 0 for 'no limit'."""
RESPONSE_LIMIT = 6 * 1024 * 1024
"""Bytes of a buffered response (Lambda quotas, 'Invocation payload')."""
MODE = "Lambda-Runtime-Function-Response-Mode"

Sink = Callable[[bytes], None]
"""Takes a piece of a response at once; it never waits."""


@dataclass(frozen=True)
class InvocationResult:
    """`payload` is the function's JSON, empty where it went to a sink; `function_error` 'Unhandled' or ''."""

    payload: bytes
    function_error: str = ""


def failure(error_type: str, message: str) -> InvocationResult:
    """As Lambda words it: `{"errorType", "errorMessage"}`."""
    return InvocationResult(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), "Unhandled")


@dataclass
class Invocation:
    """`seconds` is the function's timeout; the deadline counts from when the process takes the invocation.

    With a `sink` it is InvokeWithResponseStream: also a response that the function did not stream goes there.
    """

    request_id: str
    payload: bytes
    function_arn: str
    seconds: float
    sink: Sink | None = None
    result: asyncio.Future[InvocationResult] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, result: InvocationResult) -> None:
        if not self.result.done():
            self.result.set_result(result)


class RuntimeApi:
    """`invoke` puts one invocation before the process; `ready` is set once the process asks for its first."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.init_error: InvocationResult | None = None
        self._waiting: asyncio.Queue[Invocation] = asyncio.Queue()
        self._current: Invocation | None = None
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def start(self) -> None:
        application = web.Application(client_max_size=RESPONSE_LIMIT + 1024)
        application.router.add_get(f"{PREFIX}/invocation/next", self._next)
        application.router.add_post(f"{PREFIX}/invocation/{{id}}/response", self._respond)
        application.router.add_post(f"{PREFIX}/invocation/{{id}}/error", self._fail)
        application.router.add_post(f"{PREFIX}/init/error", self._fail_init)
        # A process that was killed leaves its long poll behind: cancelled with its connection, or by cleanup.
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"{host}:{port}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        """Waits without a limit of its own: the caller watches the process and the clock."""
        self._waiting.put_nowait(invocation)
        return await invocation.result

    async def _next(self, request: web.Request) -> web.Response:
        self.ready.set()
        self._current = invocation = await self._waiting.get()
        deadline = int((time.time() + invocation.seconds) * 1000)
        return web.Response(
            body=invocation.payload,
            content_type="application/json",
            headers={
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
                "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{'0' * 24};Sampled=0",
            },
        )

    async def _respond(self, request: web.Request) -> web.Response:
        invocation = self._invocation(request)
        if request.headers.get(MODE) == "streaming":
            return await self._stream(request, invocation)
        try:
            payload = await request.read()
        except web.HTTPRequestEntityTooLarge:
            invocation.settle(
                failure(
                    "Function.ResponseSizeTooLarge",
                    f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes).",
                )
            )
            return web.json_response({"status": "OK"}, status=413)
        if invocation.sink:
            invocation.sink(payload)
        invocation.settle(InvocationResult(b"" if invocation.sink else payload))
        return web.json_response({"status": "OK"}, status=202)

    async def _stream(self, request: web.Request, invocation: Invocation) -> web.Response:
        """Invoke, without a sink, gets the whole of it as its payload."""
        whole = bytearray()
        take: Sink = invocation.sink or whole.extend
        async for chunk in request.content.iter_any():
            take(chunk)
        invocation.settle(InvocationResult(bytes(whole)))
        return web.json_response({"status": "OK"}, status=202)

    async def _fail(self, request: web.Request) -> web.Response:
        self._invocation(request).settle(InvocationResult(await request.read(), "Unhandled"))
        return web.json_response({"status": "OK"}, status=202)

    async def _fail_init(self, request: web.Request) -> web.Response:
        self.init_error = InvocationResult(await request.read(), "Unhandled")
        return web.json_response({"status": "OK"}, status=202)

    def _invocation(self, request: web.Request) -> Invocation:
        current = self._current
        if current is None or current.request_id != request.match_info["id"]:
            raise web.HTTPBadRequest(text=json.dumps({"errorType": "InvalidRequestID", "errorMessage": ""}))
        return current
