"""Lambda's data plane: invokes deployed functions, follows their deployment."""

from __future__ import annotations

import asyncio
import logging
import uuid
from functools import partial

import aiohttp
from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.data.account import LocalRequestError
from local_cloud.data.actor import DeniedError
from local_cloud.data.lambda_runtime.function import Function
from local_cloud.data.lambda_runtime.packages import RuntimeUnavailableError, runtime_packages
from local_cloud.data.lambda_runtime.pool import Pool, ThrottledError
from local_cloud.data.lambda_runtime.runtime_api import InvocationResult, Sink
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)
FOLLOW_SECONDS = 1.0
"""How often deployments are looked at, so that a function's network interfaces come and go with it."""


READING_ERRORS = (
    ClientError,
    BotoCoreError,
    LocalRequestError,
    LookupError,
    OSError,
    aiohttp.ClientError,
    DeniedError,
)
"""What reading the account, or making a network interface without subnet or permission, may raise."""


class FunctionNotFoundError(Exception):
    """ResourceNotFoundException of Invoke."""


class LambdaRuntime:
    """One for the whole data plane; started by `start`."""

    def __init__(self, plane: DataPlane) -> None:
        self._plane = plane
        self._pools: dict[str, Pool] = {}
        self._retired: list[Pool] = []
        self._changing = asyncio.Lock()
        self._follower: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._follower = asyncio.ensure_future(self._follow())

    async def invoke(
        self, name: str, payload: bytes, request_id: str | None = None, sink: Sink | None = None
    ) -> InvocationResult:
        """Invoke (RequestResponse) of `name` (or its ARN) as deployed now; with a sink InvokeWithResponseStream.

        Raises FunctionNotFoundError, ThrottledError, RuntimeUnavailableError (see `packages`).
        """
        function = await self._deployed(name)
        if function is None:
            raise FunctionNotFoundError(name)
        if function.concurrency == 0:
            raise ThrottledError(name)
        pool = await self._pool(function)
        return await pool.invoke(payload, request_id or str(uuid.uuid4()), sink)

    async def close(self) -> None:
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)
        pools = [*self._pools.values(), *self._retired]
        self._pools, self._retired = {}, []
        await asyncio.gather(*(pool.close() for pool in pools))

    async def _deployed(self, name: str) -> Function | None:
        return await self._plane.account.kept(f"function {name}", partial(self._read, name), "lambda")

    async def _read(self, name: str) -> Function | None:
        try:
            return Function.from_answer(await self._plane.account.call("lambda", "get_function", FunctionName=name))
        except self._plane.account.client("lambda").exceptions.ResourceNotFoundException:
            return None

    async def _pool(self, function: Function) -> Pool:
        async with self._changing:
            pool = self._pools.get(function.name)
            if pool is not None and pool.function == function:
                return pool
            if pool is not None:
                await pool.retire()
                self._retired.append(pool)
            self._pools[function.name] = fresh = await Pool.open(self._plane, function)
            return fresh

    async def _follow(self) -> None:
        await self._prepare()
        while True:
            try:
                await self.reconcile()
            except READING_ERRORS as error:
                LOG.warning("deployed functions cannot be followed: %s", error)
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _prepare(self) -> None:
        """The runtime's packages before the first invocation, which would have to wait for them."""
        try:
            await asyncio.to_thread(runtime_packages, self._plane.settings.cache)
        except RuntimeUnavailableError as error:
            LOG.warning("%s", error)

    async def reconcile(self) -> None:
        """Interfaces for functions that are new, the end for those that are gone or have changed."""
        listed = await self._plane.account.kept("functions", self._list, "lambda")
        for name in listed:
            function = await self._deployed(name)
            if function is not None:
                await self._pool(function)
        gone = [name for name in self._pools if name not in listed]
        for name in gone:
            await self._pools.pop(name).close()
        for pool in [p for p in self._retired if not p.busy]:
            self._retired.remove(pool)
            await pool.close()
        for pool in list(self._pools.values()):
            await pool.end_idle()

    async def _list(self) -> list[str]:
        functions = await self._plane.account.pages("lambda", "list_functions", "Functions")
        return [f["FunctionName"] for f in functions]
