"""`python -m local_cloud.data`: the data plane as a process of its own, until SIGTERM or SIGINT.

Settings come from the environment (`settings.py`). It waits for the control plane, starts every server, writes
`<state>/data.ready` (its process id), and on the way out closes them in the reverse order and takes the file away.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from local_cloud.data import bedrock, elb, fargate, onprem
from local_cloud.data.apigateway.front import ApiFront
from local_cloud.data.lambda_runtime.service import LambdaRuntime
from local_cloud.data.plane import DataPlane
from local_cloud.data.settings import Settings

LOG = logging.getLogger(__name__)
WAIT_SECONDS = 60
POLL_SECONDS = 0.2


async def control_plane_ready(plane: DataPlane) -> bool:
    """Whether it answers within WAIT_SECONDS."""
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        try:
            if await plane.account.request("/_local/health"):
                return True
        except aiohttp.ClientError:
            LOG.debug("control plane does not answer yet")
        await asyncio.sleep(POLL_SECONDS)
    return False


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[DataPlane]:
    """Every server of the data plane, for as long as the context lasts."""
    async with AsyncExitStack() as stack:
        plane = DataPlane.create(settings)
        stack.push_async_callback(plane.close)
        if not await control_plane_ready(plane):
            raise ConnectionError(f"the control plane does not answer at {settings.endpoint}")
        runtime = LambdaRuntime(plane)
        await runtime.start()
        stack.push_async_callback(runtime.close)
        ApiFront(plane, runtime).register()
        for package in (bedrock, onprem, elb, fargate):
            server = await package.start(plane)
            stack.push_async_callback(server.close)
        # Every other AWS service is the control plane's; a pattern that came earlier wins.
        plane.targets.add_control_plane(f"*.{settings.region}.amazonaws.com", settings.control_port)
        yield plane


async def run(settings: Settings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    ready = settings.state / "data.ready"
    async with serving(settings):
        ready.write_text(f"{os.getpid()}\n")
        LOG.info("ready")
        try:
            await stopped.wait()
        finally:
            ready.unlink(missing_ok=True)


def main() -> int:
    settings = Settings.from_environment()
    Path(settings.logs).mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(run(settings))
    except OSError as error:
        print(f"local cloud: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
