"""The process that stands for one container, and its output on the way to CloudWatch Logs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

from local_cloud import processes
from local_cloud.data.actor import Actor
from local_cloud.data.fargate.definition import Container
from local_cloud.data.fargate.launch import Launch
from local_cloud.data.lambda_runtime.logs import LogStream
from local_cloud.data.plane import DataPlane

FLUSH_SECONDS = 0.5
LONGEST_LINE = 256 * 1024
"""CloudWatch Logs takes events of 256 KB; longer lines are cut into several."""


class ContainerProcess:
    """Started once; `exit_code` is Docker's: 128 + n for a process that signal n ended."""

    def __init__(self, plane: DataPlane, container: Container, task_id: str, logger: Actor | None) -> None:
        self.container = container
        self._plane, self._task_id, self._logger = plane, task_id, logger
        self._record = f"task-{task_id}-{container.name}"
        self._process: asyncio.subprocess.Process | None = None
        self._pump: asyncio.Task[None] | None = None

    @property
    def exit_code(self) -> int | None:
        code = self._process.returncode if self._process else None
        return 128 - code if code is not None and code < 0 else code

    async def start(self, launch: Launch) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *launch.argv,
            env=dict(launch.environment),
            cwd=launch.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=LONGEST_LINE,
        )
        processes.record(self._plane.settings.state, self._record, self._process.pid)
        self._pump = asyncio.ensure_future(self._pump_output())

    async def wait(self) -> None:
        """Until the process has ended and its output is sent."""
        if self._process:
            await self._process.wait()
        if self._pump:
            await asyncio.shield(self._pump)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL after the container's stop timeout (ECS API reference, StopTask)."""
        process = self._process
        if process is None:
            return
        _signal(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.container.stop_seconds)
        except TimeoutError:
            _signal(process.pid, signal.SIGKILL)
        # What it started and left behind is in its process group still.
        _signal(process.pid, signal.SIGKILL)
        await self.wait()
        processes.forget(self._plane.settings.state, self._record)

    async def _pump_output(self) -> None:
        stream = self._log_stream()
        assert self._process is not None
        assert self._process.stdout is not None
        ended = asyncio.Event()
        flusher = asyncio.ensure_future(_flush_until(ended, stream)) if stream else None
        try:
            while line := await _line(self._process.stdout):
                if stream:
                    stream.line(line.decode("utf-8", "replace").rstrip("\r\n"))
        finally:
            # Not cancelled: the lines that it is sending would be lost.
            ended.set()
            if flusher:
                await flusher

    def _log_stream(self) -> LogStream | None:
        target = self.container.log
        if target is None or self._logger is None:
            return None
        name = f"{target.prefix}/{self.container.name}/{self._task_id}"
        return LogStream(self._logger, target.group, name)


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The next line with its end, a piece of it where it is too long, b'' at the end."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        return await reader.readexactly(error.consumed)


async def _flush_until(ended: asyncio.Event, stream: LogStream) -> None:
    """Send the lines now and then, and the last ones at the end."""
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), FLUSH_SECONDS)
        await stream.flush()


def _signal(pid: int, how: signal.Signals) -> None:
    try:
        os.killpg(pid, how)
    except ProcessLookupError:
        return  # all of it is gone
