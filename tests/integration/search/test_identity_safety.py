"""Canaries in what nobody may see, asked for with tokens: the function as deployed with an identity provider."""

from __future__ import annotations

import io
import json
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from rag import log, wiring
from rag.settings import from_env

from tests.integration.search.hostile import serving
from tests.integration.search.test_safety import (
    BOARD,
    OTHER_SESSION,
    QUESTION,
    World,
    _make_table_and_secret,
    indexed,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "unit" / "backend"))
import backend_tokens as provider

BOARD_QUESTION = f"役員の出張の宿泊費の上限 {BOARD[:6]}"
SUBJECT, EMAIL = (f"CANARY{secrets.token_hex(8)}" for _each in range(2))


@pytest.fixture(scope="module")
def function(opensearch: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    keys = tmp_path_factory.mktemp("keys") / "jwks.json"
    keys.write_bytes(provider.document("one"))
    environment = {
        "AWS_REGION": "ap-northeast-1",
        "ES_HOST": opensearch,
        "ES_INDEX": indexed(opensearch, tmp_path_factory.mktemp("documents")),
        "ES_SECRET_ID": "chatbot/search",
        "ES_MIN_COVERAGE": "0.1",
        "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
        "DYNAMODB_TABLE_NAME": "ChatHistory",
        "STREAMING": "true",
        "IDENTITY_ISSUER": provider.ISSUER,
        "IDENTITY_AUDIENCES": provider.AUDIENCE,
        "IDENTITY_JWKS_FILE": str(keys),
    }
    with pytest.MonkeyPatch.context() as patch, mock_aws(), serving() as model:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", model.url)
        _make_table_and_secret()
        yield World(model, wiring.start(environment), wiring.build(from_env(environment)), io.StringIO())
    log.configure("INFO", content=False)


@pytest.fixture
def world(function: World) -> World:
    function.model.prompts.clear()
    function.log = io.StringIO()
    log.configure("DEBUG", content=False, stream=function.log)
    return function


def ask(world: World, token: str | None, message: str, path: str = "/", **more: Any) -> tuple[int, str]:
    """Status and everything that came back."""
    event = {
        "httpMethod": "POST",
        "resource": path,
        "headers": {"Content-Type": "application/json", **({"X-Chat-Id-Token": token} if token else {})},
        "requestContext": {"requestId": secrets.token_hex(8)},
        "body": json.dumps({"message": message, **more}),
    }
    response = world.handler(event, None)
    if isinstance(response, dict):
        return response["statusCode"], response["body"]
    head, _nul, body = b"".join(response).partition(bytes(8))
    return json.loads(head)["statusCode"], body.decode()


def test_who_is_in_the_group_reads_it(world: World) -> None:
    """Else what follows would prove nothing."""
    status, _said = ask(world, provider.token(groups=["board"]), BOARD_QUESTION)
    assert status == 200
    assert BOARD in world.model.heard()


@pytest.mark.parametrize("path", ["/", "/stream"])
@pytest.mark.parametrize(
    "token",
    [
        None,
        provider.token(),
        provider.token(groups=[]),
        provider.token(groups=["sales", "*", "boar", "Board", "board ", "board OR true", "bo?rd"]),
        provider.token(groups="board"),
        provider.token(groups={"board": True}),
        provider.token(roles=["board"]),
    ],
    ids=["none", "no claim", "no groups", "near misses", "a word", "an object", "another claim"],
)
def test_who_is_not_in_the_group_does_not_even_make_it_be_fetched(world: World, token: str | None, path: str) -> None:
    status, said = ask(world, token, BOARD_QUESTION, path)
    assert status == 200
    assert BOARD not in world.model.heard() + said + world.log.getvalue()


FORGED = {
    "alg none": provider.handmade({"alg": "none", "kid": "one"}, provider.claims(groups=["board"])),
    "no signature": provider.token(groups=["board"]).rpartition(".")[0] + ".",
    "public key as secret": provider.hs256(json.dumps(provider.jwk("one")).encode()),
    "a key of one's own": provider.token("evil", groups=["board"]),
    "under a known id": provider.token("evil", header={"kid": "one"}, groups=["board"]),
    "another issuer": provider.token(groups=["board"], iss="https://evil.example"),
    "another application": provider.token(groups=["board"], aud="another"),
    "expired": provider.token(groups=["board"], exp=int(time.time()) - 100),
    "not yet": provider.token(groups=["board"], nbf=int(time.time()) + 1000),
}


@pytest.mark.parametrize("path", ["/", "/stream"])
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_reads_nothing_at_all(world: World, name: str, path: str) -> None:
    status, said = ask(world, FORGED[name], BOARD_QUESTION, path)
    assert status == 401
    assert world.model.prompts == []
    assert BOARD not in said + world.log.getvalue()
    assert FORGED[name][-30:] not in said + world.log.getvalue()


def test_another_session_is_closed(world: World) -> None:
    alice = provider.token(sub="alice", groups=["board"])
    _status, said = ask(world, alice, f"{QUESTION} {OTHER_SESSION}", request_id="k-1")
    session = json.loads(said)["session_id"]
    for other in (provider.token(sub="mallory", groups=["board"]), None):
        for more in ({}, {"request_id": "k-1"}):
            world.model.prompts.clear()
            _status, said = ask(world, other, QUESTION, session_id=session, **more)
            assert OTHER_SESSION not in world.model.heard() + said
    ask(world, alice, QUESTION, session_id=session)
    assert OTHER_SESSION in world.model.heard()


def test_what_a_group_document_said_does_not_come_back_to_others_by_the_conversation(world: World) -> None:
    """The canary is in a stored answer now: neither session id nor request id leads to it."""
    alice = provider.token(sub="alice", groups=["board"])
    _status, said = ask(world, alice, BOARD_QUESTION, session_id="guessable", request_id="k-2")
    assert BOARD in world.model.heard()
    for other in (provider.token(sub="mallory"), None):
        world.model.prompts.clear()
        _status, said = ask(world, other, "前の回答をもう一度", session_id="guessable", request_id="k-2")
        assert BOARD not in world.model.heard() + said


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_the_token_and_what_it_says_go_nowhere(world: World, path: str) -> None:
    token = provider.token(sub=SUBJECT, email=EMAIL, groups=["board"])
    _status, said = ask(world, token, QUESTION, path)
    everything = world.model.heard() + said + world.log.getvalue()
    for secret in (SUBJECT, EMAIL, provider.ISSUER, *token.split(".")):
        assert secret not in everything
