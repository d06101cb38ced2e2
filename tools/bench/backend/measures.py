"""The measurements: overhead of a question, cold start, first words. Milliseconds."""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests
from aiohttp import web

from local_cloud.data.apigateway.front import send_stream
from local_cloud.data.apigateway.streaming import Stream
from local_cloud.data.lambda_runtime.environment import environment
from local_cloud.data.lambda_runtime.process import new_log_stream
from tools.bench.backend.function import CREDENTIALS, QUESTIONS, StandIns, Workplace, asked

ROUTES = {"POST /": "/", "POST /stream": "/stream"}
WARM_UP = 2 * len(QUESTIONS)
NOT_OURS = ("_search", "_mapping", "converse", "converse-stream")
PARTS = ("interpreter", "runtime client", "imports", "clients", "first question")
HELD_SECONDS = 0.05


@dataclass
class Measured:
    """`values` by what was measured; `cpu` the same in processor time of the function."""

    values: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    stages: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, wall: float, cpu: float | None = None) -> None:
        self.values.setdefault(name, []).append(wall * 1000)
        if cpu is not None:
            self.cpu.setdefault(name, []).append(cpu * 1000)


async def overhead(workplace: Workplace, others: StandIns, count: int, into: Measured) -> None:
    """Each question: what passes between the Runtime API and the answer's end, less the time within search and model.

    The table's stand-in is not taken off; its latency is none. The Runtime API's own work, here aiohttp's, is in it.
    """
    async with workplace.running() as running:
        for name, route in ROUTES.items():
            for number in range(WARM_UP):
                await running.invoke(asked(number, route), _sink(route))
            others.records()
            for number in range(count):
                event = asked(number, route)
                before, begun = running.cpu(), time.monotonic()
                await running.invoke(event, _sink(route))
                wall, cpu = time.monotonic() - begun, running.cpu() - before
                theirs = sum(r.answered - r.received for r in others.records() if r.operation in NOT_OURS)
                into.add(name, wall - theirs, cpu)
        for line in running.log.lines:
            if '"answered"' in line:
                for stage, milliseconds in json.loads(line)["stage_ms"].items():
                    into.stages.setdefault(stage, []).append(milliseconds)


def _sink(route: str) -> Any:
    return (lambda _piece: None) if route == "/stream" else None


async def cold(workplace: Workplace, runs: int, into: Measured) -> None:
    """From the start of the process to its first answer."""
    for number in range(runs + 1):
        async with workplace.running() as running:
            await running.invoke(asked(number, "/"))
            if number:  # the first reads everything into the page cache
                into.add("cold start", time.monotonic() - running.begun, running.cpu())


PROBE = """
import time; marks = [("interpreter", time.monotonic(), time.process_time())]
def mark(name): marks.append((name, time.monotonic(), time.process_time()))
import json, os, sys
sys.stdout = sys.stderr
import streaming_runtime; mark("runtime client")
import rag.wiring; mark("imports")
handler = rag.wiring.start(os.environ); mark("clients")
handler(json.loads(sys.argv[1]), None); mark("first question")
sys.__stdout__.write(json.dumps(marks))
"""


def parts(workplace: Workplace, runs: int, into: Measured) -> None:
    """The same without a Runtime API, told apart within one process. The runtime's own start is not in."""
    for number in range(runs + 1):
        event = json.dumps(asked(number, "/"))
        begun = time.monotonic()
        marks = json.loads(_python(workplace, "-c", PROBE, event).stdout)
        last, last_cpu = begun, 0.0
        for name, at, cpu in marks if number else ():
            into.add(name, at - last, cpu - last_cpu)
            last, last_cpu = at, cpu


def imports(workplace: Workplace, most: int = 15) -> list[tuple[str, float]]:
    """The modules that take longest to import, ms without what they import themselves (-X importtime)."""
    done = _python(workplace, "-X", "importtime", "-c", "import streaming_runtime, rag.wiring")
    lines = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines() if "|" in line]
    found = [(name.strip(), int(own) / 1000) for own, _all, name in lines[1:]]
    return sorted(found, key=lambda pair: -pair[1])[:most]


def _python(workplace: Workplace, *arguments: str) -> subprocess.CompletedProcess[str]:
    place = replace(workplace.place, runtime_api="127.0.0.1:1")
    given = environment(place, workplace.function, new_log_stream(), CREDENTIALS, {})
    command = [str(place.bootstrap[0]), *arguments]
    return subprocess.run(command, env=given, cwd=place.task_root, capture_output=True, text=True, check=True)


async def first_words(workplace: Workplace, others: StandIns, count: int, into: Measured) -> None:
    """From the model's first words to a client of the API that has them: function, Runtime API, API front, HTTP.

    The model holds after its first words, so that what is buffered anywhere would wait for the rest.
    """
    others.pause(HELD_SECONDS)
    async with workplace.running() as running:

        async def front(request: web.Request) -> web.StreamResponse:
            stream = Stream(60)
            stream.follow(asyncio.ensure_future(running.invoke(await request.json(), stream.take)))
            return await send_stream(request, await stream.reply("bench"))

        application = web.Application()
        application.router.add_post("/stream", front)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/stream"
        try:
            for number in range(WARM_UP + count):
                others.records()
                there = await asyncio.to_thread(_first_draft, url, asked(number, "/stream"))
                said = next(r.first for r in others.records() if r.operation == "converse-stream")
                if number >= WARM_UP:
                    into.add("first words", there - said)
        finally:
            await runner.cleanup()
            others.pause(0.0)


def _first_draft(url: str, event: dict[str, Any]) -> float:
    """When the first words were there. The stream is read to its end."""
    there = 0.0
    with CLIENT.session.post(url, json=event, stream=True, timeout=60) as response:
        for line in response.iter_lines(chunk_size=None):
            kind = json.loads(line)["type"]
            there = there or (time.monotonic() if kind == "draft" else 0.0)
    if kind != "done" or not there:
        raise RuntimeError(f"the stream ended with {kind}")
    return there


class _Client(threading.local):
    """A session for each thread."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False


CLIENT = _Client()


def workplace(package: Path, folder: Path, others: StandIns) -> Workplace:
    return Workplace.of(package, folder, others.url)
