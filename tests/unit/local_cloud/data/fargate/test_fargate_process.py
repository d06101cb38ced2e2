"""A container's process: what it wrote reaches its log stream, whenever it ends."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from local_cloud.data.fargate.definition import Container, LogTarget
from local_cloud.data.fargate.launch import Launch
from local_cloud.data.fargate.process import ContainerProcess

WRITES_AND_STAYS = "import signal; print('the answer', flush=True); signal.pause()"


class SlowLogs:
    """CloudWatch Logs whose first call is under way when the container ends, and is answered a little later."""

    def __init__(self) -> None:
        self.process: ContainerProcess | None = None
        self.begun = asyncio.Event()
        self.lines: list[str] = []

    async def call(self, _service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "create_log_stream":
            self.begun.set()
            while self.process is None or self.process.exit_code is None:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
        else:
            self.lines += [event["message"] for event in parameters["logEvents"]]
        return {}


async def ended_while_lines_are_sent(folder: Path) -> list[str]:
    logs: Any = SlowLogs()
    plane: Any = SimpleNamespace(settings=SimpleNamespace(state=folder))
    container = Container(name="web", image="web", log=LogTarget(group="/ecs/web", prefix="ecs"), stop_seconds=5)
    logs.process = ContainerProcess(plane, container, "0f9de17a", logs)
    launch = Launch((sys.executable, "-c", WRITES_AND_STAYS), dict(os.environ), folder)
    await logs.process.start(launch)
    await logs.begun.wait()
    await logs.process.stop()
    return logs.lines


def test_lines_that_are_being_sent_when_the_container_ends_are_kept(tmp_path: Path) -> None:
    assert asyncio.run(ended_while_lines_are_sent(tmp_path)) == ["the answer"]
