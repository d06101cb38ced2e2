"""One request sent twice: one answer, one turn, also where both are on their way at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
from backend_fakes import QUESTION, Context, FakeModel, FakeRetriever, event, told
from moto import mock_aws
from rag.clock import Deadline
from rag.domain import Generation, Prompt
from rag.handler import Handler, Manner, Service
from rag.history import DynamoDbHistory
from rag.identity import authorizer_caller
from rag.pipeline import Pipeline, Policy
from rag.settings import HistorySettings

SETTINGS = HistorySettings("ChatHistory", 90, 3, True)


@dataclass
class Interrupted(FakeModel):
    """In the middle of its first answer, something else happens."""

    meanwhile: Callable[[], Any] | None = None
    answers: list[str] = field(default_factory=lambda: ["先の答え [1]。", "後の答え [1]。"])

    def generate(self, prompt: Prompt, deadline: Deadline) -> Generation:
        mine = self.answers.pop(0)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        self.prompts.append(prompt)
        return Generation(mine, "end_turn", 1, 1)

    def stream(self, prompt: Prompt, deadline: Deadline) -> Iterator[str | Generation]:
        said = self.generate(prompt, deadline)
        yield said.text
        yield Generation("", said.stop_reason, 1, 1)


@pytest.fixture
def table() -> Iterator[Any]:
    with mock_aws():
        made = botocore.session.get_session().create_client("dynamodb", region_name="ap-northeast-1")
        made.create_table(
            TableName="ChatHistory",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield made


def handler(table: Any, model: FakeModel) -> Handler:
    """A container of its own."""
    pipeline = Pipeline(FakeRetriever(), model, DynamoDbHistory(SETTINGS, table), Policy())
    return Handler(Service(authorizer_caller, pipeline), Manner(streaming=True))


def ask(made: Handler, user: str = "", **body: Any) -> tuple[int, dict[str, Any]]:
    more: dict[str, Any] = {}
    if user:
        more["requestContext"] = {"requestId": uuid.uuid4().hex, "authorizer": {"claims": {"sub": user}}}
    else:
        more["requestContext"] = {"requestId": uuid.uuid4().hex}
    return told(made(event({"message": QUESTION, **body}, **more), Context()))  # type: ignore[arg-type]


def kinds(table: Any) -> list[str]:
    return sorted(item["sk"]["S"].partition("#")[0] for item in table.scan(TableName="ChatHistory")["Items"])


ONE_TURN = ["CONV", "MSG", "MSG", "REQ"]


@pytest.mark.parametrize("named", [{"session_id": "s", "request_id": "r"}, {"request_id": str(uuid.uuid4())}])
def test_two_at_once_give_one_answer_and_one_turn(table: Any, named: dict[str, str]) -> None:
    """The second one comes and is done while the model still works on the first."""
    model = Interrupted()
    second: list[Any] = []
    model.meanwhile = lambda: second.append(ask(handler(table, model), **named))
    first = ask(handler(table, model), **named)
    assert first[1]["response"] == second[0][1]["response"]
    assert first[1]["response"].startswith("後の答え")
    assert first[1]["session_id"] == second[0][1]["session_id"]
    assert kinds(table) == ONE_TURN


def test_a_stream_that_was_overtaken_ends_with_the_answer_that_is_stored(table: Any) -> None:
    model = Interrupted()
    named = {"session_id": "s", "request_id": "r"}
    model.meanwhile = lambda: ask(handler(table, model), **named)
    response = handler(table, model)(event({"message": QUESTION, **named}, resource="/stream"), Context())
    assert "後の答え" in b"".join(response).decode().splitlines()[-1]  # type: ignore[arg-type]
    assert kinds(table) == ONE_TURN


def test_a_first_question_sent_again_finds_its_conversation(table: Any) -> None:
    model = Interrupted()
    made, key = handler(table, model), str(uuid.uuid4())
    first = ask(made, request_id=key)
    again = ask(made, request_id=key)
    assert (again[1]["session_id"], again[1]["response"]) == (first[1]["session_id"], first[1]["response"])
    assert len(model.prompts) == 1
    assert kinds(table) == ONE_TURN


def test_a_known_user_may_use_short_ids_and_meets_only_himself(table: Any) -> None:
    model = Interrupted(answers=["甲の答え [1]。", "乙の答え [1]。"])
    made = handler(table, model)
    first = ask(made, "alice", request_id="1")
    assert ask(made, "alice", request_id="1")[1]["response"] == first[1]["response"]
    other = ask(made, "bob", request_id="1")
    assert other[1]["session_id"] != first[1]["session_id"]
    assert other[1]["response"].startswith("乙の答え")


def test_a_short_id_of_nobody_in_particular_names_no_conversation(table: Any) -> None:
    """Two callers without an identity may both choose `1`; neither must meet the other's conversation."""
    made = handler(table, Interrupted())
    first, second = (ask(made, request_id="1")[1] for _each in range(2))
    assert first["session_id"] != second["session_id"]
    assert len(kinds(table)) == 2 * len(ONE_TURN)


def test_one_id_with_two_questions_names_two_conversations(table: Any) -> None:
    made, key = handler(table, Interrupted()), str(uuid.uuid4())
    first = ask(made, request_id=key)[1]["session_id"]
    other = told(made(event({"message": "休暇の日数は？", "request_id": key}), Context()))[1]  # type: ignore[arg-type]
    assert other["session_id"] != first
