"""A function's output, sent to its CloudWatch Logs group by Lambda itself: not through the function's VPC.

Lines of the platform as Lambda writes them in text format (developer guide, 'Log formats'). Lambda sends logs
with the rights of the function's role; a group that does not exist is not made here, and then nothing is kept.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time

from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.data.actor import Actor
from local_cloud.data.lambda_runtime.function import Function

LOG = logging.getLogger(__name__)
BATCH = 1000
"""Events of one PutLogEvents; AWS takes up to 10,000 and 1 MB."""


class LogStream:
    """One stream of one execution environment. `line` only collects; `flush` sends, in order."""

    def __init__(self, sender: Actor, group: str, stream: str) -> None:
        self.stream = stream
        self._sender, self._group = sender, group
        self._events: list[dict[str, object]] = []
        self._created = False
        self._sending = asyncio.Lock()

    def line(self, text: str) -> None:
        if text:  # PutLogEvents refuses empty messages
            self._events.append({"timestamp": int(time.time() * 1000), "message": text})

    def init_start(self, function: Function) -> None:
        self.line(f"INIT_START Runtime Version: {function.runtime}.local\tRuntime Version ARN: ")

    def start(self, function: Function, request_id: str) -> None:
        self.line(f"START RequestId: {request_id} Version: {function.version}")

    def end(self, function: Function, request_id: str, facts: str) -> None:
        self.line(f"END RequestId: {request_id}")
        self.line(f"REPORT RequestId: {request_id}\t{facts}")

    async def flush(self) -> None:
        """Sends what there is; what cannot be sent is dropped, as Lambda drops it."""
        async with self._sending:
            while self._events:
                batch, self._events = self._events[:BATCH], self._events[BATCH:]
                try:
                    await self._put(batch)
                except (ClientError, BotoCoreError) as error:
                    LOG.info("no logs to %s: %s", self._group, error)

    async def _put(self, batch: list[dict[str, object]]) -> None:
        where = {"logGroupName": self._group, "logStreamName": self.stream}
        if not self._created:
            await self._sender.call("logs", "create_log_stream", **where)
            self._created = True
        await self._sender.call("logs", "put_log_events", **where, logEvents=batch)


def report(function: Function, seconds: float, memory: int, init_seconds: float | None) -> str:
    """The facts of the REPORT line; durations in ms, memory in MB.

    Since August 2025 Lambda bills the initialisation of managed runtimes too (AWS compute blog).
    """
    duration, init = seconds * 1000, (init_seconds or 0) * 1000
    parts = [
        f"Duration: {duration:.2f} ms",
        f"Billed Duration: {math.ceil(duration + init)} ms",
        f"Memory Size: {function.memory} MB",
        f"Max Memory Used: {memory} MB",
    ]
    if init_seconds is not None:
        parts.append(f"Init Duration: {init:.2f} ms")
    return "\t".join(parts) + "\t"
