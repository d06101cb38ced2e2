"""Stand-ins for the ports, and events as API Gateway sends them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from rag.clock import Deadline
from rag.domain import Answer, Generation, Passage, Prompt, Question, Turn
from rag.handler import Handler, Manner, Service
from rag.identity import Callers, authorizer_caller
from rag.pipeline import Pipeline, Policy

REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
EXPENSES = Passage("d1", "出張旅費規程", "国内出張の宿泊費の上限は一泊12,000円です。", "規程/旅費.md", 9.0)
LEAVE = Passage("d2", "休暇規程", "年次有給休暇は入社6か月後に10日付与されます。", "規程/休暇.md", 5.0)
TITAN = "amazon.titan-embed-text-v2:0"
QUESTION = "出張の宿泊費の上限はいくらですか？"


def passage(key: str, score: float = 1.0) -> Passage:
    """One that differs from others by its key alone."""
    return Passage(key, f"題{key}", f"文{key}", f"{key}.md", score)


def throttled() -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "InvokeModel")


def error_or(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value


@dataclass
class FakeRetriever:
    found: Any = (EXPENSES, LEAVE)
    queries: list[str] = field(default_factory=list)

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        self.queries.append(query)
        result: tuple[Passage, ...] = error_or(self.found)
        return result


@dataclass
class FakeModel:
    says: Any = "上限は一泊12,000円です [1]。"
    stop_reason: str = "end_turn"
    prompts: list[Prompt] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def generate(self, prompt: Prompt, deadline: Deadline) -> Generation:
        self.prompts.append(prompt)
        self.seconds.append(deadline.remaining())
        return Generation(error_or(self.says), self.stop_reason, 100, 20)

    def stream(self, prompt: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        """Character by character; `says` as a list holds pieces and, last, an error to raise."""
        self.prompts.append(prompt)
        self.seconds.append(deadline.remaining())
        for piece in error_or(self.says):
            yield error_or(piece)
        yield Generation("", self.stop_reason, 100, 20)


@dataclass
class FakeHistory:
    """A history in memory; `reading` and `writing` are errors to raise."""

    reading: Exception | None = None
    writing: Exception | None = None
    stored: dict[tuple[str, str], list[tuple[str, Turn, Answer]]] = field(default_factory=dict)

    def _of(self, question: Question) -> list[tuple[str, Turn, Answer]]:
        return self.stored.setdefault((question.caller.user, question.session_id), [])

    def recent(self, question: Question) -> tuple[Turn, ...]:
        error_or(self.reading)
        return tuple(turn for _key, turn, _answer in self._of(question))

    def find(self, question: Question) -> Answer | None:
        error_or(self.reading)
        return next((answer for key, _turn, answer in self._of(question) if key == question.idempotency_key), None)

    def record(self, question: Question, answer: Answer) -> bool:
        error_or(self.writing)
        if any(key == question.idempotency_key for key, _turn, _answer in self._of(question)):
            return False
        turn = Turn(question.text, answer.text)
        self._of(question).append((question.idempotency_key, turn, answer))
        return True


@dataclass
class Context:
    millis: int = 28_000
    aws_request_id: str = "lambda-request"

    def get_remaining_time_in_millis(self) -> int:
        return self.millis


@dataclass
class World:
    """A handler on fakes."""

    retriever: FakeRetriever = field(default_factory=FakeRetriever)
    model: FakeModel = field(default_factory=FakeModel)
    history: FakeHistory = field(default_factory=FakeHistory)
    policy: Policy = field(default_factory=Policy)
    manner: Manner = field(default_factory=lambda: Manner("https://chat.example", streaming=True))

    def handler(self, callers: Callers = authorizer_caller) -> Handler:
        pipeline = Pipeline(self.retriever, self.model, self.history, self.policy)
        return Handler(Service(callers, pipeline), self.manner)

    def ask(self, message: str = QUESTION, **body: Any) -> tuple[int, dict[str, Any]]:
        return told(self.handler()(event({"message": message, **body}), Context()))


def event(body: Any, **more: Any) -> dict[str, Any]:
    """A REST API's proxy event; `body` is sent as JSON unless it is a string already."""
    return {
        "httpMethod": "POST",
        "path": "/",
        "headers": {"Content-Type": "application/json"},
        "requestContext": {"requestId": REQUEST_ID, "stage": "prod"},
        "isBase64Encoded": False,
        "body": body if isinstance(body, str) else json.dumps(body, ensure_ascii=False),
        **more,
    }


def told(response: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return response["statusCode"], json.loads(response["body"])


class FakeTime:
    """A clock that moves when it is told to, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


Clock = Callable[[], float]


def validated(operation: str, request: Mapping[str, Any]) -> None:
    """As botocore checks a request of bedrock-agent-runtime before it sends: types, required members, unions."""
    model = botocore.session.get_session().get_service_model("bedrock-agent-runtime")
    report = ParamValidator().validate(request, model.operation_model(operation).input_shape)
    assert not report.has_errors(), report.generate_report()
