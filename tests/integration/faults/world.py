"""The function wired as in production, on an edge whose operations can fail, and what it answers."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from rag import bedrock, log, wiring

from tests.integration.faults.edge import Edge

QUESTION = "国内出張の宿泊費の上限はいくらですか"
REGION, TABLE, SECRET = "ap-northeast-1", "ChatHistory", "chatbot/search"
SESSION = "session-of-the-drill"
LIMIT_SECONDS = 28.0
ROUTES = ("/", "/stream")


class Deadline:
    """The context of an invocation that Lambda would end after so many seconds."""

    aws_request_id = "lambda-request"

    def __init__(self, seconds: float = LIMIT_SECONDS) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - time.monotonic()) * 1000)


@dataclass(frozen=True)
class Told:
    """What one question got. `body` is the whole answer, of a streamed one its last line; `kinds` are its lines."""

    status: int
    body: dict[str, Any]
    kinds: tuple[str, ...]
    request_id: str
    in_time: bool

    @property
    def code(self) -> str | None:
        code: str | None = self.body.get("error", {}).get("code")
        return code

    @property
    def message(self) -> str:
        message: str = self.body.get("error", {}).get("message", "")
        return message


@dataclass
class World:
    edge: Edge
    aws: Any
    handler: Any

    def ask(self, route: str, key: str, question: str = QUESTION, seconds: float = LIMIT_SECONDS) -> Told:
        """`key` is the caller's request_id, by which an attempt is answered and stored once."""
        request_id, deadline = secrets.token_hex(8), Deadline(seconds)
        event = {
            "httpMethod": "POST",
            "resource": route,
            "headers": {"Content-Type": "application/json"},
            "requestContext": {"requestId": request_id},
            "body": json.dumps({"message": question, "session_id": SESSION, "request_id": key}),
        }
        response = self.handler(event, deadline)
        if isinstance(response, dict):
            status, lines = response["statusCode"], [json.loads(response["body"])]
        else:
            head, _nul, body = b"".join(response).partition(bytes(8))
            status, lines = json.loads(head)["statusCode"], [json.loads(line) for line in body.splitlines()]
        in_time = deadline.get_remaining_time_in_millis() > 0
        return Told(status, lines[-1], tuple(line.get("type", "") for line in lines), request_id, in_time)

    def heal(self) -> None:
        self.edge.faults.clear()

    def make_table(self) -> None:
        self.aws("dynamodb").create_table(
            TableName=TABLE,
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def drop_table(self) -> None:
        self.aws("dynamodb").delete_table(TableName=TABLE)

    def stored(self) -> dict[str, list[str]]:
        """Of each key its stored items by kind, in order of time; the edge is not asked, but the table itself."""
        found: dict[str, list[str]] = {}
        for item in self.aws("dynamodb").scan(TableName=TABLE, ConsistentRead=True)["Items"]:
            kind, _mark, rest = item["sk"]["S"].partition("#")
            key = rest if kind == "REQ" else item.get("request_id", {}).get("S", "")
            if kind != "CONV":
                found.setdefault(key, []).append(item["role"]["S"] if kind == "MSG" else "receipt")
        return {key: sorted(kinds) for key, kinds in found.items()}

    def counted(self) -> int:
        """How many messages the conversation's header says there are."""
        key = {"pk": {"S": "USER#anonymous"}, "sk": {"S": f"CONV#{SESSION}"}}
        item = self.aws("dynamodb").get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})
        return int(item.get("message_count", {}).get("N", "0"))


ONE_TURN = ["assistant", "receipt", "user"]


def environment(edge: Edge, **more: str) -> dict[str, str]:
    return {
        "AWS_REGION": REGION,
        "ES_HOST": edge.search_url,
        "ES_INDEX": "docs",
        "ES_SECRET_ID": SECRET,
        "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
        "DYNAMODB_TABLE_NAME": TABLE,
        "STREAMING": "true",
        **more,
    }


# Where a limit has to pass it is short; elsewhere a busy machine must not make one pass.
HURRIED = {"ES_TIMEOUT_SECONDS": "0.5", "BEDROCK_TIMEOUT_SECONDS": "1"}
PATIENT = {"ES_TIMEOUT_SECONDS": "10", "BEDROCK_TIMEOUT_SECONDS": "20"}


@contextmanager
def wired(edge: Edge, patch: pytest.MonkeyPatch, *, hurried: bool = False, **more: str) -> Iterator[World]:
    """A function that nothing was asked yet, with its table and its secret, on an empty account."""
    more = {**(HURRIED if hurried else PATIENT), **more}
    if not hurried:
        patch.setattr(wiring, "_QUICK", wiring._QUICK.merge(Config(connect_timeout=10, read_timeout=10)))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        patch.delenv(name, raising=False)
    for service in ("BEDROCK_RUNTIME", "DYNAMODB", "SECRETS_MANAGER"):
        patch.setenv(f"AWS_ENDPOINT_URL_{service}", edge.url)
    # A fiftieth of the pauses between attempts.
    patch.setattr(bedrock, "_BACKOFF_SECONDS", bedrock._BACKOFF_SECONDS / 50)

    def client(service: str) -> Any:
        session = botocore.session.get_session()
        return session.create_client(service, region_name=REGION, endpoint_url=edge.moto)  # type: ignore[call-overload]

    secret = json.dumps({"username": "chatbot", "password": secrets.token_hex(8)})
    client("secretsmanager").create_secret(Name=SECRET, SecretString=secret)
    world = World(edge, client, wiring.start(environment(edge, **more)))
    world.make_table()
    try:
        yield world
    finally:
        log.configure("INFO", content=False)
