"""The History on DynamoDB (moto): keys, idempotency, time to live, faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto import mock_aws
from rag.domain import Answer, Caller, Citation, Question, Turn
from rag.errors import HistoryUnavailableError
from rag.history import DynamoDbHistory
from rag.history_items import ulid
from rag.settings import HistorySettings

NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, UTC)
SETTINGS = HistorySettings("ChatHistory", 90, 3, True)
CITATION = Citation("1", "旅費規程", "規程/旅費.md", "上限は12,000円")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def question(text: str = "上限は？", key: str = "r-1", user: str = "anonymous", session: str = "s-1") -> Question:
    return Question(text, session, Caller(user), key)


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        made = botocore.session.get_session().create_client("dynamodb", region_name="ap-northeast-1")
        made.create_table(
            TableName="ChatHistory",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield made


def items(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.scan(TableName="ChatHistory")["Items"]
    return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_a_turn_is_a_header_two_messages_and_a_receipt(client: Any) -> None:
    assert DynamoDbHistory(SETTINGS, client, lambda: NOW).record(question(), Answer("12,000円 [1]", (CITATION,)))
    header, asked, answered, receipt = items(client)
    ttl = {"N": str(int((NOW + timedelta(days=90)).timestamp()))}
    assert header == {
        "pk": {"S": "USER#anonymous"},
        "sk": {"S": "CONV#s-1"},
        "title": {"S": "上限は？"},
        "created_at": {"S": "2026-11-23T09:30:15.123Z"},
        "updated_at": {"S": "2026-11-23T09:30:15.123Z"},
        "message_count": {"N": "2"},
        "ttl": ttl,
    }
    assert {item["pk"]["S"] for item in (asked, answered, receipt)} == {"USER#anonymous#CONV#s-1"}
    assert re.fullmatch(r"MSG#2026-11-23T09:30:15\.123Z#[0-9A-HJKMNP-TV-Z]{26}", asked["sk"]["S"])
    assert answered["sk"]["S"].startswith("MSG#2026-11-23T09:30:15.124Z#")
    assert (asked["role"]["S"], answered["role"]["S"]) == ("user", "assistant")
    assert (asked["text"]["S"], answered["text"]["S"]) == ("上限は？", "12,000円 [1]")
    assert (receipt["sk"]["S"], receipt["answer_sk"]) == ("REQ#r-1", answered["sk"])
    assert asked["ttl"] == answered["ttl"] == receipt["ttl"] == ttl


def test_the_last_turns_are_remembered_in_order(client: Any) -> None:
    history = DynamoDbHistory(SETTINGS, client, Clock())
    for n in range(5):
        history.record(question(f"問{n}", f"r-{n}"), Answer(f"答{n}"))
    assert history.recent(question()) == (Turn("問2", "答2"), Turn("問3", "答3"), Turn("問4", "答4"))
    assert items(client)[0]["message_count"] == {"N": "10"}
    assert items(client)[0]["title"] == {"S": "問0"}


def test_a_conversation_belongs_to_its_user_and_session(client: Any) -> None:
    history = DynamoDbHistory(SETTINGS, client, Clock())
    history.record(question(), Answer("答"))
    assert history.recent(question(user="other")) == ()
    assert history.recent(question(session="s-2")) == ()
    assert history.find(question(user="other")) is None
    assert len(history.recent(question())) == 1


def test_the_same_request_is_stored_once_and_found_again(client: Any) -> None:
    history = DynamoDbHistory(SETTINGS, client, Clock())
    first = Answer("答え [1]", (CITATION,))
    assert history.find(question()) is None
    assert history.record(question(), first) is True
    before = items(client)
    assert history.record(question(), Answer("別の答え")) is False
    assert items(client) == before
    assert history.find(question()) == first


def test_what_is_expired_is_forgotten_before_dynamodb_deletes_it(client: Any) -> None:
    DynamoDbHistory(SETTINGS, client, lambda: NOW).record(question(), Answer("答"))
    almost = DynamoDbHistory(SETTINGS, client, lambda: NOW + timedelta(days=89, hours=23))
    later = DynamoDbHistory(SETTINGS, client, lambda: NOW + timedelta(days=90, seconds=1))
    assert len(almost.recent(question())) == 1
    assert later.recent(question()) == ()
    assert later.find(question()) is None


def test_a_receipt_whose_time_is_over_is_no_receipt(client: Any) -> None:
    assert DynamoDbHistory(SETTINGS, client, lambda: NOW).record(question(), Answer("前"))
    just_before = DynamoDbHistory(SETTINGS, client, lambda: NOW + timedelta(days=89, hours=23))
    assert just_before.record(question(), Answer("後")) is False
    later = DynamoDbHistory(SETTINGS, client, lambda: NOW + timedelta(days=90, seconds=1))
    assert later.record(question(), Answer("後")) is True
    assert later.find(question()) == Answer("後")


def test_no_turns_are_no_read() -> None:
    client = Failing()
    settings = HistorySettings("ChatHistory", 90, 0, True)
    assert DynamoDbHistory(settings, client, Clock()).recent(question()) == ()
    assert client.calls == 0


class Failing:
    """DynamoDB that fails as told, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def _call(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return {}

    query = get_item = transact_write_items = _call


def aws(code: str, *reasons: str) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "極秘"}}
    if reasons:
        response["CancellationReasons"] = [{"Code": reason, "Message": "極秘"} for reason in reasons]
    return ClientError(response, "TransactWriteItems")


CANCELLED = "TransactionCanceledException"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aws("ProvisionedThroughputExceededException"), "ProvisionedThroughputExceededException"),
        (aws("ResourceNotFoundException"), "ResourceNotFoundException"),
        (aws("AccessDeniedException"), "AccessDeniedException"),
        (ConnectTimeoutError(endpoint_url="https://dynamodb"), "ConnectTimeoutError"),
        (aws(CANCELLED, "None", "ThrottlingError"), f"{CANCELLED} ThrottlingError"),
    ],
)
@pytest.mark.parametrize("call", ["recent", "find", "record"])
def test_a_failing_table_is_history_unavailable(call: str, error: Exception, reason: str) -> None:
    history = DynamoDbHistory(SETTINGS, Failing(error, error, error), Clock())
    arguments = (question(), Answer("答")) if call == "record" else (question(),)
    with pytest.raises(HistoryUnavailableError) as caught:
        getattr(history, call)(*arguments)
    assert caught.value.reason.split()[0] == reason.split()[0]
    assert "極秘" not in caught.value.reason


def test_two_questions_at_once_in_one_conversation_are_both_stored() -> None:
    conflict = aws(CANCELLED, "None", "None", "None", "TransactionConflict")
    client = Failing(conflict, conflict)
    assert DynamoDbHistory(SETTINGS, client, Clock()).record(question(), Answer("答")) is True
    assert client.calls == 3
    with pytest.raises(HistoryUnavailableError):
        DynamoDbHistory(SETTINGS, Failing(conflict, conflict, conflict), Clock()).record(question(), Answer("答"))


def test_an_absent_table(client: Any) -> None:
    absent = DynamoDbHistory(HistorySettings("None", 90, 3, True), client, Clock())
    with pytest.raises(HistoryUnavailableError):
        absent.recent(question())
    with pytest.raises(HistoryUnavailableError):
        absent.record(question(), Answer("答"))


def test_ulids_sort_by_time_and_do_not_collide() -> None:
    made = [ulid(NOW + timedelta(milliseconds=n)) for n in range(200)]
    assert made == sorted(made)
    assert len({ulid(NOW) for _round in range(1000)}) == 1000
    assert ulid(datetime.fromtimestamp(1469918176.385, UTC))[:10] == "01ARYZ6S41"  # the ULID specification's example
