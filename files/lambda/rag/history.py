"""The History port on one DynamoDB table; its items are described in `history_items`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from botocore.exceptions import ClientError

from rag import history_items as items
from rag import log
from rag.aws_errors import AwsError, code_of
from rag.domain import Answer, Question, Turn
from rag.errors import HistoryUnavailableError
from rag.settings import HistorySettings

_ATTEMPTS = 3


class DynamoDbClient(Protocol):
    """What is used of DynamoDB."""

    def query(self, **request: Any) -> Mapping[str, Any]: ...
    def get_item(self, **request: Any) -> Mapping[str, Any]: ...
    def transact_write_items(self, **request: Any) -> Mapping[str, Any]: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DynamoDbHistory:
    """Turns are stored whole or not at all, once per idempotency key, and forgotten after `ttl_days`."""

    def __init__(
        self, settings: HistorySettings, client: DynamoDbClient, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._settings = settings
        self._client = client
        self._now = now

    def recent(self, question: Question) -> tuple[Turn, ...]:
        if not self._settings.turns:
            return ()
        found = self._read(
            self._client.query,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :message)",
            ExpressionAttributeValues={
                ":pk": items.messages_pk(question),
                ":message": {"S": items.MESSAGE_PREFIX},
            },
            ScanIndexForward=False,
            Limit=2 * self._settings.turns,
        ).get("Items", [])
        now = self._now()
        alive = [item for item in reversed(found) if not items.expired(item, now)]
        return items.turns(alive, self._settings.turns)

    def find(self, question: Question) -> Answer | None:
        receipt = self._get(items.receipt_key(question))
        if receipt is None:
            return None
        message = self._get({"pk": items.messages_pk(question), "sk": receipt["answer_sk"]})
        return items.answer_of(message) if message else None

    def record(self, question: Question, answer: Answer) -> bool:
        settings = self._settings
        writes = items.writes(settings.table, question, answer, self._now(), settings.ttl_days)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._client.transact_write_items(TransactItems=writes)
            except AwsError as error:
                reasons = _cancellation_reasons(error)
                if reasons[:1] == ["ConditionalCheckFailed"]:  # the receipt is the first write
                    return False
                if attempt == _ATTEMPTS or "TransactionConflict" not in reasons:
                    raise HistoryUnavailableError(_reason(error, reasons)) from error
                log.warning("history_conflict", attempt=attempt)
            else:
                return True
        raise AssertionError("unreachable")

    def _get(self, key: dict[str, Any]) -> Mapping[str, Any] | None:
        item: Mapping[str, Any] | None = self._read(self._client.get_item, Key=key).get("Item")
        return None if item is None or items.expired(item, self._now()) else item

    def _read(self, call: Callable[..., Mapping[str, Any]], **request: Any) -> Mapping[str, Any]:
        """One strongly consistent read: the next question comes right after the answer."""
        try:
            return call(TableName=self._settings.table, ConsistentRead=True, **request)
        except AwsError as error:
            raise HistoryUnavailableError(code_of(error)) from error


def _cancellation_reasons(error: BaseException) -> list[str]:
    """TransactionCanceledException: one code per write, `None` for those that would have gone through."""
    reasons = error.response.get("CancellationReasons", []) if isinstance(error, ClientError) else []
    return [str(reason.get("Code", "")) for reason in reasons]


def _reason(error: Any, reasons: list[str]) -> str:
    return " ".join([code_of(error), *(reason for reason in reasons if reason not in ("", "None"))])
