"""One execution environment: a process of the function, its Runtime API, its output."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from local_cloud.data.lambda_runtime.environment import Place, command, environment
from local_cloud.data.lambda_runtime.function import Function
from local_cloud.data.lambda_runtime.logs import LogStream, report
from local_cloud.data.lambda_runtime.runtime_api import Invocation, InvocationResult, RuntimeApi, Sink, failure

INIT_SECONDS = 10
"""Lambda developer guide, 'Understanding the Lambda execution environment lifecycle', Init phase."""
MEGABYTE = 1024 * 1024
READ_SIZE = 65536


class ExecutionEnvironment:
    """Started once, invoked one at a time; `dead` once its process has ended or was ended."""

    def __init__(self, function: Function, log: LogStream) -> None:
        self.function = function
        self.started_at = self.used_at = time.monotonic()
        self.log = log
        self._api = RuntimeApi()
        self._process: asyncio.subprocess.Process | None = None
        self._output = -1
        self._partial = b""
        self._init_seconds: float | None = None

    @property
    def dead(self) -> bool:
        return self._process is None or self._process.returncode is not None

    async def start(self, place: Place, credentials: Mapping[str, str], proxy: Mapping[str, str]) -> None:
        """Starts the process; does not wait for its initialisation (`invoke` does)."""
        await self._api.start()
        place = replace(place, runtime_api=self._api.address)
        self._output, writer = os.pipe()
        os.set_blocking(self._output, False)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command(place, self.function),
                env=environment(place, self.function, self.log.stream, credentials, proxy),
                cwd=place.task_root,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                start_new_session=True,
            )
        finally:
            os.close(writer)
        asyncio.get_running_loop().add_reader(self._output, self._read_output)
        self.log.init_start(self.function)

    async def invoke(self, payload: bytes, request_id: str, sink: Sink | None = None) -> InvocationResult:
        """Runs one event. A function that fails, ends or takes too long is a result, not an exception."""
        self.used_at = time.monotonic()
        problem = await self._initialised(request_id)
        self.log.start(self.function, request_id)
        begun = time.monotonic()
        result = problem or await self._run(payload, request_id, sink)
        self._read_output()
        seconds, self.used_at = time.monotonic() - begun, time.monotonic()
        memory = _peak_memory(self._process)
        self.log.end(self.function, request_id, report(self.function, seconds, memory, self._init_seconds))
        self._init_seconds = None
        if problem or self.dead:
            await self.stop()
        return result

    async def stop(self) -> None:
        """Ends the process and whatever it started. Called twice is fine."""
        process = self._process
        if process is not None and process.returncode is None:
            _kill(process)
            await process.wait()
        if self._output >= 0:
            self._read_output()
            asyncio.get_running_loop().remove_reader(self._output)
            os.close(self._output)
            self._output = -1
        await self._api.close()

    async def _initialised(self, request_id: str) -> InvocationResult | None:
        if self._api.ready.is_set():
            return None
        await self._first_of(self._api.ready.wait(), INIT_SECONDS)
        self._read_output()
        self._init_seconds = time.monotonic() - self.started_at
        if self._api.init_error is not None:
            return self._api.init_error
        if self._api.ready.is_set():
            return None
        if self.dead:
            return self._exited(request_id)
        return failure("Sandbox.Timedout", f"RequestId: {request_id} Error: Init timed out")

    async def _run(self, payload: bytes, request_id: str, sink: Sink | None) -> InvocationResult:
        seconds = self.function.timeout
        invocation = Invocation(request_id, payload, self.function.arn, seconds, sink)
        await self._first_of(self._api.invoke(invocation), seconds)
        if invocation.result.done() and not invocation.result.cancelled():
            return invocation.result.result()
        if self.dead:
            return self._exited(request_id)
        await self._end_process()
        message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
        self.log.line(message)
        return failure("Sandbox.Timedout", message)

    async def _end_process(self) -> None:
        if self._process is not None:
            _kill(self._process)
            await self._process.wait()

    async def _first_of(self, event: Coroutine[Any, Any, Any], seconds: float) -> None:
        """Until the event, the end of the process, or the end of the time."""
        assert self._process is not None
        tasks = {asyncio.ensure_future(event), asyncio.ensure_future(self._process.wait())}
        _done, waiting = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    def _exited(self, request_id: str) -> InvocationResult:
        code = self._process.returncode if self._process else None
        how = f"signal: {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit status {code}"
        message = f"RequestId: {request_id} Error: Runtime exited with error: {how}"
        self.log.line(message)
        return failure("Runtime.ExitError", message)

    def _read_output(self) -> None:
        """What the process wrote so far; it is in the pipe before the answer that follows it is sent."""
        while self._output >= 0:
            try:
                chunk = os.read(self._output, READ_SIZE)
            except BlockingIOError:
                return
            if not chunk:
                asyncio.get_running_loop().remove_reader(self._output)
                return
            *lines, self._partial = (self._partial + chunk).split(b"\n")
            for line in lines:
                self.log.line(line.decode("utf-8", "replace"))


def new_log_stream() -> str:
    """`2026/11/23/[$LATEST]<32 hex digits>`, as Lambda names the stream of an execution environment."""
    return f"{time.strftime('%Y/%m/%d', time.gmtime())}/[$LATEST]{secrets.token_hex(16)}"


def _kill(process: asyncio.subprocess.Process) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself in this moment


def _peak_memory(process: asyncio.subprocess.Process | None) -> int:
    """Megabytes, from VmHWM of proc(5); 0 where the process is gone or there is no /proc."""
    status = Path(f"/proc/{process.pid}/status") if process else None
    try:
        lines = status.read_text().splitlines() if status else []
    except OSError:
        return 0
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(peak) * 1024 // MEGABYTE
