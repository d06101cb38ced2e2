"""The local cloud's stand-in model by itself: `python -m tools.stand_in_model` prints its URL, ends with its input.

Converse and ConverseStream on a free port of 127.0.0.1. It quotes passages, so that what is said of its answers is said
of the backend around a model, and of no real one.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from local_cloud.data.bedrock.model import StandIn
from local_cloud.data.bedrock.service import BedrockRuntime

NAME = "stand-in"
ID = "jp.anthropic.claude-opus-5-5"
"""An id that the stand-in takes; no such model is asked."""


@contextmanager
def running() -> Iterator[str]:
    """Its URL."""
    command = [sys.executable, "-m", "tools.stand_in_model"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


def environment(url: str) -> dict[str, str]:
    """What makes every bedrock-runtime client ask it."""
    keys = {"AWS_ACCESS_KEY_ID": "stand-in", "AWS_SECRET_ACCESS_KEY": "stand-in"}
    return {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": url, "AWS_DEFAULT_REGION": "ap-northeast-1", **keys}


async def main() -> None:
    runtime = BedrockRuntime(StandIn())
    runner = web.ServerRunner(web.Server(runtime.handle))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
