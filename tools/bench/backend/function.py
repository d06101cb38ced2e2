"""The function as it is deployed: the package that the role builds, run by the local cloud's Lambda runtime."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from local_cloud.data.actor import Actor
from local_cloud.data.lambda_runtime import packages
from local_cloud.data.lambda_runtime.environment import Place
from local_cloud.data.lambda_runtime.function import Function
from local_cloud.data.lambda_runtime.logs import LogStream
from local_cloud.data.lambda_runtime.process import ExecutionEnvironment
from local_cloud.data.lambda_runtime.runtime_api import InvocationResult, Sink
from tools.bench.account import OPENER, ROOT
from tools.bench.backend.standins import Record

DOWNLOADS = ROOT / ".local" / "cache"
BUILD_SECONDS = 300
RUNTIME = "python3.12"


@dataclass(frozen=True)
class Built:
    """The package: where it lies, its bytes."""

    path: Path
    size: int


def build(folder: Path) -> Built:
    """By the same module and options as the role `rag_lambda`. Raises RuntimeError."""
    source, path = ROOT / "files" / "lambda", folder / "function.zip"
    arguments = {
        "source": str(source),
        "requirements": str(source / "requirements.lock"),
        "dest": str(path),
        "cache_dir": str(DOWNLOADS / "build" / "packages"),
    }
    command = [
        str(Path(sys.executable).with_name("ansible")),
        "localhost",
        "-m",
        "private_rag.aws.lambda_package",
        "-a",
        json.dumps(arguments),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"the package cannot be built: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return Built(path, path.stat().st_size)


class StandIns:
    """The running process of `standins`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def records(self) -> list[Record]:
        """What came since this was last asked."""
        return [Record(**record) for record in self._ask("/_record")]

    def pause(self, seconds: float) -> None:
        self._ask(f"/_pause?{seconds}")

    def _ask(self, path: str) -> Any:
        with OPENER.open(urllib.request.Request(self.url + path), timeout=30) as answer:
            return json.loads(answer.read())


@contextmanager
def standins() -> Iterator[StandIns]:
    command = [sys.executable, "-m", "tools.bench.backend.standins"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        yield StandIns(process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait()


class Kept(LogStream):
    """What the function wrote, kept here."""

    def __init__(self) -> None:
        super().__init__(cast(Actor, None), "", "bench")
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)


@dataclass(frozen=True)
class Workplace:
    """Where function and runtime are unpacked, and what the function is given."""

    place: Place
    function: Function
    variables: dict[str, str]

    @classmethod
    def of(cls, package: Path, folder: Path, url: str, **more: str) -> Workplace:
        python = packages.interpreter(RUNTIME)
        place = Place(
            packages.unpack(package.read_bytes(), folder),
            packages.runtime_packages(DOWNLOADS),
            packages.bootstrap(folder, python),
            python,
            "",
            "ap-northeast-1",
        )
        variables = {**_variables(url), **more}
        return cls(place, _function(variables), variables)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Running]:
        """An execution environment that was just started."""
        log, begun = Kept(), time.monotonic()
        environment = ExecutionEnvironment(self.function, log)
        await environment.start(self.place, CREDENTIALS, {})
        try:
            yield Running(environment, log, begun)
        finally:
            await environment.stop()


@dataclass(frozen=True)
class Running:
    environment: ExecutionEnvironment
    log: Kept
    begun: float

    async def invoke(self, event: dict[str, Any], sink: Sink | None = None) -> InvocationResult:
        """Raises RuntimeError where the function failed, or answered anything but 200."""
        result = await self.environment.invoke(json.dumps(event).encode(), secrets.token_hex(8), sink)
        if result.function_error or (result.payload and b'"statusCode": 200' not in result.payload):
            raise RuntimeError(f"{result.payload[:400]!r} {self.log.lines[-5:]}")
        return result

    def cpu(self) -> float:
        """Seconds of processor time that the process took so far: its clock, clock_getcpuclockid(3)."""
        process = self.environment._process
        assert process is not None
        return time.clock_gettime((~process.pid << 3) | 2)


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "ASIABENCHBENCHBENCH0",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_SESSION_TOKEN": "bench",
}


def _variables(url: str) -> dict[str, str]:
    services = ("BEDROCK_RUNTIME", "DYNAMODB", "SECRETS_MANAGER")
    return {
        "AWS_LAMBDA_EXEC_WRAPPER": "/var/task/exec_wrapper",
        "STREAMING": "true",
        "ES_HOST": url,
        "ES_INDEX": "docs",
        "ES_SECRET_ID": "chatbot/search",
        "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
        "DYNAMODB_TABLE_NAME": "ChatHistory",
        **{f"AWS_ENDPOINT_URL_{service}": url for service in services},
    }


def _function(variables: dict[str, str]) -> Function:
    return Function.from_answer(
        {
            "Configuration": {
                "FunctionName": "bench",
                "FunctionArn": "arn:aws:lambda:ap-northeast-1:123456789012:function:bench",
                "Role": "",
                "Runtime": RUNTIME,
                "Handler": "lambda_function.lambda_handler",
                "Timeout": 60,
                "Environment": {"Variables": variables},
            }
        }
    )


QUESTIONS = (
    "国内出張の宿泊費の上限は一泊いくらですか",
    "在宅勤務は週に何日までできますか",
    "パスワードは何文字以上にする必要がありますか",
    "年次有給休暇は入社から何か月後に何日付与されますか",
    "VPN に接続できないときは、まず何を確認すればよいですか",
    "健康診断の結果はいつまで保管されますか",
    "育児休業を取る場合、誰にいつまでに申請すればよいですか。必要な書類も教えてください",
    "How much may a hotel cost on a business trip abroad?",
    "会議室の予約を取り消すには",
    "10万円を超える備品の購入には誰の承認が必要ですか",
)


def asked(number: int, route: str) -> dict[str, Any]:
    """A REST API's proxy event: every question in its turn, each in a conversation that has turns already."""
    body = {
        "message": QUESTIONS[number % len(QUESTIONS)],
        "session_id": f"bench-{number}",
        "request_id": secrets.token_hex(8),
    }
    return {
        "httpMethod": "POST",
        "resource": route,
        "path": route,
        "headers": {"Content-Type": "application/json"},
        "requestContext": {"requestId": secrets.token_hex(8), "stage": "prod"},
        "isBase64Encoded": False,
        "body": json.dumps(body, ensure_ascii=False),
    }
