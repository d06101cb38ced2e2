"""The history table's items as plain data (attribute values in DynamoDB's own JSON). No I/O.

| item | pk | sk | attributes |
|---|---|---|---|
| conversation | USER#{user} | CONV#{session} | title, created_at, updated_at, message_count, ttl |
| message | USER#{user}#CONV#{session} | MSG#{ISO 8601 UTC, ms}#{ulid} | role, text, citations, request_id, ttl |
| receipt | USER#{user}#CONV#{session} | REQ#{idempotency key} | answer_sk, ttl |

A user's conversations are one Query, and so are the messages of one. The receipt makes a request stored once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rag.domain import Answer, Citation, Question, Turn

Item = Mapping[str, Any]
MESSAGE_PREFIX = "MSG#"
_TITLE_CHARS = 60
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def conversation_key(question: Question) -> dict[str, Any]:
    return {"pk": _s(f"USER#{question.caller.user}"), "sk": _s(f"CONV#{question.session_id}")}


def messages_pk(question: Question) -> dict[str, Any]:
    return _s(f"USER#{question.caller.user}#CONV#{question.session_id}")


def receipt_key(question: Question) -> dict[str, Any]:
    return {"pk": messages_pk(question), "sk": _s(f"REQ#{question.idempotency_key}")}


def message_sk(moment: datetime) -> str:
    return f"{MESSAGE_PREFIX}{_iso(moment)}#{ulid(moment)}"


def ulid(moment: datetime) -> str:
    """A ULID (https://github.com/ulid/spec): 48 bits of milliseconds, 80 random bits, 26 characters."""
    value = int(moment.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def writes(table: str, question: Question, answer: Answer, now: datetime, ttl_days: int) -> list[dict[str, Any]]:
    """The items of one TransactWriteItems: question, answer, the conversation's header, the receipt first."""
    ttl = {"ttl": {"N": str(int((now + timedelta(days=ttl_days)).timestamp()))}}
    # A millisecond behind the question, so that it sorts behind it.
    answer_sk = message_sk(now + timedelta(milliseconds=1))
    receipt = receipt_key(question) | {"answer_sk": _s(answer_sk)} | ttl
    messages = [
        _message(question, message_sk(now), "user", question.text, ()) | ttl,
        _message(question, answer_sk, "assistant", answer.text, answer.citations) | ttl,
    ]
    return [
        {"Put": {"TableName": table, "Item": receipt, **_unless_answered(now)}},
        *({"Put": {"TableName": table, "Item": item}} for item in messages),
        {"Update": _header_update(table, question, now, ttl["ttl"])},
    ]


def turns(items: Iterable[Item], most: int) -> tuple[Turn, ...]:
    """The last `most` turns of messages in order of time; a question without its answer is left out."""
    asked: dict[str, str] = {}
    complete: list[Turn] = []
    for item in items:
        request_id, role, text = _text(item, "request_id"), _text(item, "role"), _text(item, "text")
        if role == "user":
            asked[request_id] = text
        elif request_id in asked:
            complete.append(Turn(asked.pop(request_id), text))
    return tuple(complete[-most:]) if most else ()


def answer_of(item: Item) -> Answer:
    """The answer that a message item holds."""
    citations = item.get("citations", {}).get("L", [])
    fields = [
        {name: _text(entry.get("M", {}), name) for name in ("id", "title", "source", "snippet")} for entry in citations
    ]
    return Answer(_text(item, "text"), tuple(Citation(**values) for values in fields))


def expired(item: Item, now: datetime) -> bool:
    """True where the item's time is over: DynamoDB deletes it only within some days of that."""
    return int(item.get("ttl", {}).get("N", "0")) <= int(now.timestamp())


def _unless_answered(now: datetime) -> dict[str, Any]:
    """The condition on a receipt. One whose time is over counts as gone, though DynamoDB has not deleted it yet."""
    return {
        "ConditionExpression": "attribute_not_exists(pk) OR #ttl <= :now",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ExpressionAttributeValues": {":now": {"N": str(int(now.timestamp()))}},
    }


def _message(question: Question, sk: str, role: str, text: str, citations: Iterable[Citation]) -> dict[str, Any]:
    return {
        "pk": messages_pk(question),
        "sk": _s(sk),
        "role": _s(role),
        "text": _s(text),
        "request_id": _s(question.idempotency_key),
        "citations": {
            "L": [
                {"M": {name: _s(getattr(item, name)) for name in ("id", "title", "source", "snippet")}}
                for item in citations
            ]
        },
    }


def _header_update(table: str, question: Question, now: datetime, ttl: dict[str, str]) -> dict[str, Any]:
    return {
        "TableName": table,
        "Key": conversation_key(question),
        "UpdateExpression": "SET title = if_not_exists(title, :title), "
        "created_at = if_not_exists(created_at, :now), updated_at = :now, #ttl = :ttl ADD message_count :two",
        "ExpressionAttributeNames": {"#ttl": "ttl"},  # a reserved word
        "ExpressionAttributeValues": {
            ":title": _s(" ".join(question.text.split())[:_TITLE_CHARS]),
            ":now": _s(_iso(now)),
            ":ttl": ttl,
            ":two": {"N": "2"},
        },
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _s(text: str) -> dict[str, Any]:
    return {"S": text}


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))
