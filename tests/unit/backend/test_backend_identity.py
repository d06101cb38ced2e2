"""Whose question it is: the header, the groups, the owner of a conversation, what goes no further."""

from __future__ import annotations

import inspect
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from backend_fakes import Context, FakeHistory, FakeModel, FakeRetriever, World, event, told
from backend_tokens import AUDIENCE, ISSUER, SETTINGS, claims, document, token
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rag import http, identity, jwks, token_check, wiring
from rag.clock import Deadline
from rag.domain import Caller, Passage, Question
from rag.errors import IdentityUnavailableError, TokenInvalidError
from rag.handler import Handler, Manner, Service
from rag.identity_settings import IdentitySettings, identity_settings
from rag.pipeline import Pipeline
from rag.settings import Reader

KEYS = jwks.keys_of(document("one"))


@dataclass
class Retriever(FakeRetriever):
    groups: list[frozenset[str]] = field(default_factory=list)

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        self.groups.append(groups)
        return super().retrieve(query, groups, deadline)


@dataclass
class Signed:
    """A handler that knows callers by tokens."""

    settings: IdentitySettings = SETTINGS
    retriever: Retriever = field(default_factory=Retriever)
    model: FakeModel = field(default_factory=FakeModel)
    history: FakeHistory = field(default_factory=FakeHistory)

    def ask(self, given_token: str | None, path: str = "/", headers: Any = None, **body: Any) -> tuple[int, Any]:
        world = World()
        callers = identity.TokenCallers(
            self.settings, lambda one: token_check.verified_claims(one, KEYS.get, self.settings)
        )
        pipeline = Pipeline(self.retriever, self.model, self.history, world.policy)
        handler = Handler(Service(callers, pipeline), world.manner)
        sent = {"Content-Type": "application/json", **({identity.HEADER: given_token} if given_token else {})}
        asked = event({"message": "上限は？", **body}, headers=sent | (headers or {}), resource=path)
        response = handler(asked, Context())
        if isinstance(response, dict):
            return told(response)
        head, _nul, lines = b"".join(response).partition(bytes(8))
        return json.loads(head)["statusCode"], json.loads(lines.splitlines()[-1])


def test_groups_of_the_token_reach_the_search() -> None:
    world = Signed()
    assert world.ask(token(groups=["board", "sales"]))[0] == 200
    assert world.retriever.groups == [frozenset({"board", "sales"})]


def test_without_a_token_public_documents_only() -> None:
    world = Signed()
    assert world.ask(None)[0] == 200
    assert world.ask("")[0] == 200
    assert world.retriever.groups == [frozenset(), frozenset()]


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_without_a_token_nothing_where_one_is_required(path: str) -> None:
    world = Signed(replace(SETTINGS, required=True))
    status, body = world.ask(None, path)
    assert (status, body["error"]["code"]) == (401, "sign_in_required")
    assert world.ask(token(), path)[0] == 200
    assert len(world.retriever.groups) == 1


@pytest.mark.parametrize("path", ["/", "/stream"])
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("not-a-token", "token_invalid"),
        (token(exp=int(time.time()) - 100), "token_expired"),
        (token(aud="other"), "token_invalid"),
        (token("evil"), "token_invalid"),
    ],
    ids=["garbage", "expired", "audience", "unknown key"],
)
def test_a_bad_token_is_refused_and_never_taken_for_none(bad: str, code: str, path: str) -> None:
    world = Signed()
    status, body = world.ask(bad, path)
    assert (status, body["error"]["code"]) == (401, code)
    assert "もう一度サインイン" in body["error"]["message"]
    assert world.retriever.groups == []
    assert world.history.stored == {}


def test_who_asks_is_told_before_what_is_wrong_with_the_question() -> None:
    assert Signed().ask("bad", message="")[0] == 401


def test_no_question_is_read_before_it_is_known_who_asks() -> None:
    """Nothing answers without a way to know that: a handler with a pipeline alone cannot be made."""
    asked: list[object] = []

    def nobody(sent: object) -> Caller:
        asked.append(sent)
        raise TokenInvalidError("who")

    unread = event("no JSON", headers={"Content-Type": "text/plain"})
    assert told(World().handler(nobody)(unread, Context()))[1]["error"]["code"] == "token_invalid"
    assert asked == [unread]
    # Where the environment is faulty nobody can be known, and nothing of the request is looked at.
    assert told(Handler(None, Manner())(unread, Context()))[1]["error"]["code"] == "internal_error"


@pytest.mark.parametrize("made", [http.parse_question, Handler, Service, Question])
def test_who_asks_has_no_default(made: Callable[..., object]) -> None:
    needed = [one for one in inspect.signature(made).parameters.values() if one.default is one.empty]
    assert {"caller", "callers", "service"} & {one.name for one in needed}


def test_keys_that_cannot_be_had_are_no_fault_of_the_caller() -> None:
    def unavailable(_token: str) -> Any:
        raise IdentityUnavailableError("keys: down")

    handler = World().handler(identity.TokenCallers(SETTINGS, unavailable))
    status, body = told(handler(event({"message": "q"}, headers={identity.HEADER: token()}), Context()))
    assert (status, body["error"]["code"]) == (503, "identity_unavailable")


def test_a_conversation_belongs_to_one_user() -> None:
    world = Signed()
    _status, mine = world.ask(token(sub="alice"), message="最初の質問")
    for other in (token(sub="mallory"), token(sub="Alice"), None):
        world.ask(other, session_id=mine["session_id"])
        assert "最初の質問" not in str(world.model.prompts[-1].messages)
    world.ask(token(sub="alice", groups=["new"]), session_id=mine["session_id"])
    assert "最初の質問" in str(world.model.prompts[-1].messages)


def test_what_was_asked_before_signing_in_is_not_ones_own() -> None:
    """An id that several may know is proof of nothing."""
    world = Signed()
    _status, before = world.ask(None, message="匿名の質問")
    world.ask(token(), session_id=before["session_id"])
    assert "匿名の質問" not in str(world.model.prompts[-1].messages)


def test_a_repeated_request_id_answers_only_its_own_user() -> None:
    world = Signed()
    for who in ("alice", "mallory"):
        assert world.ask(token(sub=who), session_id="s", request_id="r")[0] == 200
    assert len(world.model.prompts) == 2
    world.ask(token(sub="alice"), session_id="s", request_id="r")
    assert len(world.model.prompts) == 2


def test_one_subject_of_two_providers_is_two_users() -> None:
    made = {
        identity.caller_from(claims(**who), SETTINGS).user
        for who in ({}, {"iss": "https://b"}, {"sub": "b"}, {"iss": ISSUER + '","a', "sub": "lice"})
    }
    assert len(made) == 4
    assert all(len(user) == 66 and "alice" not in user for user in made)


@given(st.text(), st.text(), st.text(), st.text())
@hypothesis_settings(deadline=None)
def test_users_are_the_same_only_where_issuer_and_subject_are(iss: str, sub: str, other: str, another: str) -> None:
    one = identity.caller_from({"iss": iss, "sub": sub}, SETTINGS).user
    two = identity.caller_from({"iss": other, "sub": another}, SETTINGS).user
    assert (one == two) == ((iss, sub) == (other, another))


@pytest.mark.parametrize(
    ("claim", "body", "groups"),
    [
        ("groups", {"groups": ["a", "b", "a"]}, {"a", "b"}),
        ("cognito:groups", {"cognito:groups": ["a"]}, {"a"}),
        ("realm_access.roles", {"realm_access": {"roles": ["a"]}}, {"a"}),
        ("https://corp.example/groups", {"https://corp.example/groups": ["a"]}, {"a"}),
        ("groups", {}, set()),
        ("groups", {"groups": "board"}, set()),
        ("groups", {"groups": {"board": True}}, set()),
        ("groups", {"groups": None}, set()),
        ("groups", {"groups": [1, None, "", ["board"], "a", "x" * 300]}, {"a"}),
        ("a.b", {"a": ["b"]}, set()),
        ("groups", {"_claim_names": {"groups": "src1"}, "hasgroups": True}, set()),
    ],
)
def test_groups(claim: str, body: dict[str, Any], groups: set[str]) -> None:
    assert identity.groups_of(body, claim) == groups


def test_more_groups_than_anybody_has_are_cut() -> None:
    assert len(identity.groups_of({"groups": [f"g{n}" for n in range(5000)]}, "groups")) == identity.MAX_GROUPS


def test_the_header_in_any_case_and_only_once() -> None:
    for name in ("x-chat-id-token", "X-CHAT-ID-TOKEN"):
        assert identity.token_of({"headers": {name: " t "}}) == "t"
        assert identity.token_of({"multiValueHeaders": {name: ["t"]}, "headers": {name: "t"}}) == "t"
    with pytest.raises(TokenInvalidError):
        identity.token_of({"multiValueHeaders": {"X-Chat-Id-Token": ["a", "b"]}, "headers": {"X-Chat-Id-Token": "b"}})
    for nothing in (None, [], {}, {"headers": None}, {"headers": {"Authorization": "Bearer t"}}, {"headers": []}):
        assert identity.token_of(nothing) is None


@pytest.mark.parametrize(
    "typed",
    [
        {"groups": ["board"], "caller": {"groups": ["board"]}, "user": "chair"},
        {"claims": {"sub": "chair"}, "id_token": token(groups=["board"]), "X-Chat-Id-Token": token(groups=["board"])},
    ],
)
def test_nothing_of_the_body_counts(typed: dict[str, Any]) -> None:
    world = Signed()
    world.ask(None, **typed)
    assert world.retriever.groups == [frozenset()]
    assert {user for user, _session in world.history.stored} == {"anonymous"}


def test_an_authorizers_claims_do_not_stand_in_for_a_token() -> None:
    context = {"requestContext": {"authorizer": {"claims": {"sub": "alice"}}}}
    assert identity.TokenCallers(SETTINGS, lambda _token: {})(event({}, **context)) == Caller()


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_neither_token_nor_claims_stand_in_logs_errors_history_or_prompt(path: str, logs: io.StringIO) -> None:
    canary = {"sub": "canary-sub", "email": "canary@corp.example", "name": "CANARY", "groups": ["canary-group"]}
    sound, bad = token(**canary), token(**canary, aud="canary-aud")
    expired = token(**canary, exp=int(time.time()) - 100)
    world = Signed()
    told_all = [world.ask(one, path) for one in (sound, bad, expired, sound + "canary")]
    assert [status for status, _body in told_all] == [200, 401, 401, 401]
    written = "".join([logs.getvalue(), str(told_all), str(world.history.stored), str(world.model.prompts)])
    for secret in ("canary", "CANARY", sound[-40:], bad[-40:], expired[-40:], sound.split(".")[1][:40]):
        assert secret not in written
    assert '"reason": "InvalidAudienceError"' in logs.getvalue()


ENV = {"IDENTITY_ISSUER": ISSUER, "IDENTITY_AUDIENCES": f"{AUDIENCE} other", "IDENTITY_JWKS_URL": f"{ISSUER}/keys"}


def read(env: dict[str, str]) -> tuple[IdentitySettings | None, list[str]]:
    reader = Reader(env)
    return identity_settings(reader), reader.faults


def test_settings() -> None:
    found, faults = read(ENV)
    assert faults == []
    assert found == IdentitySettings(
        ISSUER, frozenset({AUDIENCE, "other"}), replace(SETTINGS.keys, url=f"{ISSUER}/keys"), "groups", 60, False
    )
    assert read({}) == (None, [])


@pytest.mark.parametrize(
    ("env", "fault"),
    [
        ({"IDENTITY_REQUIRED": "true"}, "IDENTITY_REQUIRED"),
        (ENV | {"IDENTITY_ISSUER": "http://login.corp.example"}, "IDENTITY_ISSUER"),
        (ENV | {"IDENTITY_ISSUER": "login.corp.example"}, "IDENTITY_ISSUER"),
        (ENV | {"IDENTITY_AUDIENCES": ""}, "IDENTITY_AUDIENCES"),
        (ENV | {"IDENTITY_JWKS_URL": ""}, "IDENTITY_ISSUER needs exactly one"),
        (ENV | {"IDENTITY_JWKS_SECRET_ID": "keys"}, "IDENTITY_ISSUER needs exactly one"),
        (ENV | {"IDENTITY_JWKS_URL": "http://login.corp.example/keys"}, "IDENTITY_JWKS_URL"),
        (ENV | {"IDENTITY_JWKS_URL": "", "IDENTITY_JWKS_FILE": "none.json"}, "IDENTITY_JWKS_FILE"),
        (ENV | {"IDENTITY_CA_FILE": "none.pem"}, "IDENTITY_CA_FILE"),
        (ENV | {"IDENTITY_LEEWAY_SECONDS": "3600"}, "IDENTITY_LEEWAY_SECONDS"),
        (ENV | {"IDENTITY_REQUIRED": "maybe"}, "IDENTITY_REQUIRED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_settings_that_are_no_good(env: dict[str, str], fault: str) -> None:
    _found, faults = read(env)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


NEEDED = {
    "AWS_REGION": "ap-northeast-1",
    "ES_HOST": "search.corp.example:9200",
    "ES_INDEX": "company-documents",
    "BEDROCK_MODEL_ID": "jp.anthropic.claude-opus-5-5",
    "DYNAMODB_TABLE_NAME": "ChatHistory",
}


def test_a_fault_of_identity_stops_the_function(capsys: pytest.CaptureFixture[str], logs: io.StringIO) -> None:
    handler = wiring.start(NEEDED | {"IDENTITY_REQUIRED": "true", "ES_SIZE": "0"})
    assert told(handler(event({"message": "q"}), Context()))[0] == 500
    assert len(json.loads(capsys.readouterr().out.splitlines()[0])["faults"]) == 2


def test_wired_with_keys_in_the_package(tmp_path: Path, logs: io.StringIO) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(document("one"))
    env = NEEDED | ENV | {"IDENTITY_JWKS_URL": "", "IDENTITY_JWKS_FILE": str(path)}
    handler = wiring.start(env)
    for given_token, status in ((token(), 400), (token("two"), 401), (None, 400)):
        headers = {identity.HEADER: given_token} if given_token else {}
        assert told(handler(event("no json", headers=headers), Context()))[0] == status


def test_what_verifies_is_imported_only_where_it_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "rag.token_check" or name.split(".")[0] == "jwt"]:
        monkeypatch.delitem(sys.modules, name)
    wiring.start(NEEDED)
    assert "jwt" not in sys.modules
