"""The execution environments of one deployed state of a function: reused while warm, as many as may run at once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from local_cloud.data.egress.proxy import EgressProxy
from local_cloud.data.lambda_runtime import permissions
from local_cloud.data.lambda_runtime.environment import Place
from local_cloud.data.lambda_runtime.function import Function
from local_cloud.data.lambda_runtime.logs import LogStream
from local_cloud.data.lambda_runtime.packages import bootstrap, interpreter, runtime_packages, unpack
from local_cloud.data.lambda_runtime.process import ExecutionEnvironment, new_log_stream
from local_cloud.data.lambda_runtime.runtime_api import InvocationResult, Sink
from local_cloud.data.network.model import Interface
from local_cloud.data.plane import DataPlane

IDLE_SECONDS = 300
RENEW_SECONDS = 3000
"""Before the session credentials of the role (one hour) end."""


class ThrottledError(Exception):
    """TooManyRequestsException: the reserved concurrency is used up."""


@dataclass(frozen=True)
class Doorway:
    """A network interface of the function and the proxy that stands for it; no interface outside of a VPC."""

    interface: Interface | None
    proxy: EgressProxy


class Pool:
    """Made by `Pool.open`, which makes the function's network interfaces: one a subnet."""

    def __init__(self, plane: DataPlane, function: Function) -> None:
        self.function = function
        self._plane = plane
        self._doorways: list[Doorway] = []
        self._started = count()
        self._idle: list[ExecutionEnvironment] = []
        self._busy: set[ExecutionEnvironment] = set()
        self._slots = asyncio.Semaphore(max(function.concurrency, 0))
        self._place: Place | None = None
        self._preparing = asyncio.Lock()
        self._closed = False
        self._flushes: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, plane: DataPlane, function: Function) -> Pool:
        pool = cls(plane, function)
        try:
            for subnet_id in function.subnet_ids or (None,):
                await pool._add_doorway(subnet_id)
        except BaseException:
            await pool.close()
            raise
        return pool

    async def invoke(self, payload: bytes, request_id: str, sink: Sink | None = None) -> InvocationResult:
        """ThrottledError where reserved concurrency is used up; RuntimeUnavailableError, see `packages`."""
        if self.function.reserved_concurrency is not None and self._slots.locked():
            raise ThrottledError(self.function.name)
        async with self._slots:
            environment = await self._take()
            self._busy.add(environment)
            try:
                return await environment.invoke(payload, request_id, sink)
            finally:
                self._busy.discard(environment)
                await self._give_back(environment)

    async def end_idle(self) -> None:
        """Ends the processes that have not been used for a while."""
        now = time.monotonic()
        old = [e for e in self._idle if e.dead or now - e.used_at > IDLE_SECONDS]
        self._idle = [e for e in self._idle if e not in old]
        for environment in old:
            await environment.stop()

    async def retire(self) -> None:
        """The function changed: idle processes end now, busy ones when they are done."""
        self._closed = True
        idle, self._idle = self._idle, []
        for environment in idle:
            await environment.stop()

    async def close(self) -> None:
        """Everything ends now, the network interfaces too."""
        await self.retire()
        for environment in list(self._busy):
            await environment.stop()
        for task in list(self._flushes):
            await task
        for doorway in self._doorways:
            await doorway.proxy.close()
            if doorway.interface is not None:
                await permissions.note_leaving(self._plane.account, self.function, doorway.interface.eni_id)
                await self._plane.interfaces.delete(doorway.interface)

    @property
    def busy(self) -> bool:
        return bool(self._busy)

    async def _add_doorway(self, subnet_id: str | None) -> None:
        """None: the function is in no VPC."""
        interface = None
        if subnet_id is not None:
            await permissions.may_join(self._plane.account, self.function, subnet_id)
            interface = await self._plane.interfaces.create(
                subnet_id, self.function.group_ids, f"AWS Lambda VPC ENI-{self.function.name}", "lambda"
            )
        self._doorways.append(Doorway(interface, await self._plane.open_egress(interface)))

    async def _take(self) -> ExecutionEnvironment:
        while self._idle:
            environment = self._idle.pop()
            if not environment.dead and time.monotonic() - environment.started_at < RENEW_SECONDS:
                return environment
            await environment.stop()
        return await self._start()

    async def _start(self) -> ExecutionEnvironment:
        place = await self._prepared()
        stream = new_log_stream()
        credentials = await permissions.of_code(self._plane, self.function)
        log = LogStream(await permissions.of_service(self._plane, self.function), self.function.log_group, stream)
        environment = ExecutionEnvironment(self.function, log)
        proxy = self._doorways[next(self._started) % len(self._doorways)].proxy
        await environment.start(place, credentials.environment(), proxy.environment())
        return environment

    async def _give_back(self, environment: ExecutionEnvironment) -> None:
        flush = asyncio.ensure_future(environment.log.flush())
        self._flushes.add(flush)
        flush.add_done_callback(self._flushes.discard)
        if self._closed or environment.dead:
            await environment.stop()
        else:
            self._idle.append(environment)

    async def _prepared(self) -> Place:
        async with self._preparing:
            if self._place is None:
                python = interpreter(self.function.runtime)
                folder: Path = self._plane.settings.functions / self.function.name
                package = await self._plane.account.request(f"/_local/lambda/{self.function.name}/code")
                task_root = await asyncio.to_thread(unpack, package, folder)
                packages = await asyncio.to_thread(runtime_packages, self._plane.settings.cache)
                runtime = bootstrap(folder, python)
                self._place = Place(task_root, packages, runtime, python, "", self._plane.settings.region)
            return self._place
