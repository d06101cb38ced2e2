"""One invocation, end to end on stand-ins: every way in, every way it can fail."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import pytest
from backend_fakes import (
    EXPENSES,
    QUESTION,
    REQUEST_ID,
    Context,
    FakeHistory,
    FakeModel,
    FakeRetriever,
    World,
    event,
    told,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rag import answers, errors, identity, log
from rag.domain import Passage
from rag.pipeline import Policy

JAPANESE = re.compile("[\u3040-\u30ff]")


def test_an_answer_has_the_contract_s_fields() -> None:
    status, body = World().ask(session_id="s-1")
    assert status == 200
    assert body == {
        "response": "上限は一泊12,000円です [1]。",
        "session_id": "s-1",
        "citations": [{"id": "1", "title": EXPENSES.title, "source": EXPENSES.source, "snippet": EXPENSES.text}],
        "request_id": REQUEST_ID,
    }


def test_a_session_id_is_made_of_128_random_bits() -> None:
    made = {World().ask()[1]["session_id"] for _round in range(50)}
    assert len(made) == 50
    assert all(len(base64.urlsafe_b64decode(f"{one}==")) == 16 for one in made)


def test_the_headers_agree_with_the_options_response() -> None:
    handler = World().handler()
    answer, preflight = handler(event({"message": "q"}), Context()), handler({"httpMethod": "OPTIONS"}, Context())
    assert answer["headers"] == preflight["headers"]
    assert answer["headers"]["Access-Control-Allow-Origin"] == "https://chat.example"
    assert answer["headers"]["Access-Control-Allow-Methods"] == "OPTIONS,POST"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert answer["headers"]["Content-Type"] == "application/json; charset=utf-8"


def base64_event(data: bytes) -> dict[str, Any]:
    return event(base64.b64encode(data).decode(), isBase64Encoded=True)


@pytest.mark.parametrize(
    "given_event",
    [
        base64_event(json.dumps({"message": QUESTION}).encode()),
        base64_event(b"\xef\xbb\xbf" + json.dumps({"message": QUESTION}).encode()),
        event({"message": QUESTION}, headers=None),
        event({"message": QUESTION}, headers={"content-type": "Application/JSON; charset=utf-8"}),
        event({"message": QUESTION, "session_id": None, "more": [1]}),
        event({"message": f"  {QUESTION}\u200b "}),
        {"body": json.dumps({"message": QUESTION})},
    ],
)
def test_forms_of_a_question_that_are_understood(given_event: dict[str, Any]) -> None:
    world = World()
    status, body = told(world.handler()(given_event, Context()))
    assert (status, len(body["citations"])) == (200, 1)
    assert world.retriever.queries == [QUESTION]


LONG = "長" * 4001
REFUSED = [
    (event({"message": ""}), 400, "invalid_request"),
    (event({"message": " \n\u200b\U000e0041 "}), 400, "invalid_request"),
    (event({"message": 5}), 400, "invalid_request"),
    (event({"message": ["q"]}), 400, "invalid_request"),
    (event({}), 400, "invalid_request"),
    (event([1]), 400, "invalid_request"),
    (event("null"), 400, "invalid_request"),
    (event("{"), 400, "invalid_request"),
    (event("[" * 60_000), 400, "invalid_request"),
    (event("1" * 5000), 400, "invalid_request"),
    (event(""), 400, "invalid_request"),
    (event("\ud800"), 400, "invalid_request"),
    (event("") | {"body": None}, 400, "invalid_request"),
    (event("") | {"body": {"message": "q"}}, 400, "invalid_request"),
    (event("%%%", isBase64Encoded=True), 400, "invalid_request"),
    (event("日本", isBase64Encoded=True), 400, "invalid_request"),
    (base64_event(b"\xff\xfe\x00"), 400, "invalid_request"),
    (event({"message": "q", "session_id": "../etc"}), 400, "invalid_request"),
    (event({"message": "q", "session_id": "a#b"}), 400, "invalid_request"),
    (event({"message": "q", "session_id": "x" * 129}), 400, "invalid_request"),
    (event({"message": "q", "session_id": "s\n"}), 400, "invalid_request"),
    (event({"message": "q", "session_id": {"a": 1}}), 400, "invalid_request"),
    (event({"message": "q", "request_id": "a b"}), 400, "invalid_request"),
    (event({"message": "q"}, headers={"Content-Type": "text/plain"}), 415, "invalid_request"),
    (event({"message": "q"}, httpMethod="GET"), 405, "invalid_request"),
    (event({"message": LONG}), 413, "too_long"),
    (event({"message": "q", "pad": "x" * 66_000}), 413, "too_long"),
    (event("x" * 200_000), 413, "too_long"),
    (base64_event(b"x" * 66_000), 413, "too_long"),
    (None, 400, "invalid_request"),
    ([], 400, "invalid_request"),
    ("text", 400, "invalid_request"),
]


@pytest.mark.parametrize(("given_event", "status", "code"), REFUSED)
def test_what_is_not_a_question_is_refused_in_japanese(given_event: Any, status: int, code: str) -> None:
    world = World()
    got, body = told(world.handler()(given_event, Context()))
    assert (got, body["error"]["code"]) == (status, code)
    assert JAPANESE.search(body["error"]["message"])
    assert set(body["error"]) == {"code", "message", "request_id"}
    assert world.retriever.queries == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {}, optional={name: JSON | st.text() for name in ("message", "session_id", "request_id")}
)


@settings(deadline=None)
@given(
    body=FIELDS.map(json.dumps) | st.text(st.characters(codec=None)) | JSON,
    headers=JSON,
    context=JSON,
    encoded=st.booleans(),
)
def test_nothing_that_comes_in_is_our_fault(body: Any, headers: Any, context: Any, encoded: bool) -> None:
    sent = {"httpMethod": "POST", "body": body, "headers": headers, "requestContext": context}
    response = World().handler()({**sent, "isBase64Encoded": encoded}, Context())
    assert response["statusCode"] in (200, 400, 413, 415)
    assert json.loads(response["body"])
    assert response["body"].encode()


@pytest.mark.parametrize("request_id", [None, 5, "", "a b", "x" * 200, "<script>"])
def test_without_api_gateway_s_request_id_the_lambda_s_own_is_told(request_id: Any) -> None:
    sent = event({"message": "q"}, requestContext={"requestId": request_id})
    assert told(World().handler()(sent, Context()))[1]["request_id"] == "lambda-request"


def test_the_user_is_who_the_authorizer_verified_and_nobody_else() -> None:
    claims = {"authorizer": {"claims": {"sub": "u-1"}}}
    assert identity.authorizer_caller(event({}, requestContext=claims)).user == "u-1"
    typed = event({"message": "q", "user": "u-2", "sub": "u-2"}, headers={"x-user": "u-2"})
    assert identity.authorizer_caller(typed).user == "anonymous"
    assert (
        identity.authorizer_caller(event({}, requestContext={"authorizer": {"claims": {"sub": "a#b"}}})).user
        == "anonymous"
    )


SECRET = "hunter2 https://10.30.0.10:9200 Traceback"
FAILURES = [
    ("retriever", errors.SearchUnavailableError(SECRET), 503, "search_unavailable"),
    ("retriever", errors.SearchTimeoutError(SECRET), 504, "timeout"),
    ("model", errors.ModelUnavailableError(SECRET), 503, "model_unavailable"),
    ("model", errors.ModelThrottledError(SECRET), 503, "model_throttled"),
    ("model", errors.ModelTimeoutError(SECRET), 504, "timeout"),
    ("history", errors.HistoryUnavailableError(SECRET), 503, "history_unavailable"),
    ("retriever", ValueError(SECRET), 500, "internal_error"),
    ("model", RuntimeError(SECRET), 500, "internal_error"),
    ("history", KeyError(SECRET), 500, "internal_error"),
]


def failing(stage: str, error: Exception) -> World:
    return World(
        retriever=FakeRetriever(error) if stage == "retriever" else FakeRetriever(),
        model=FakeModel(error) if stage == "model" else FakeModel(),
        history=FakeHistory(reading=error if stage == "history" else None),
    )


@pytest.mark.parametrize(("stage", "error", "status", "code"), FAILURES)
def test_every_failure_is_told_plainly_and_without_internals(
    stage: str, error: Exception, status: int, code: str, logs: io.StringIO
) -> None:
    world = failing(stage, error)
    response = world.handler()(event({"message": QUESTION}), Context())
    got, body = told(response)
    assert (got, body["error"]["code"], body["error"]["request_id"]) == (status, code, REQUEST_ID)
    assert JAPANESE.search(body["error"]["message"])
    assert "hunter2" not in response["body"]
    assert ("Retry-After" in response["headers"]) == (status == 503)
    entry = json.loads(logs.getvalue().splitlines()[-1])
    assert (entry["level"], entry["code"], entry["request_id"]) == ("ERROR", code, REQUEST_ID)
    assert entry["error"]["classes"][0] == type(error).__name__
    assert all(not turns for turns in world.history.stored.values())


def test_an_unforeseen_error_is_logged_without_its_message(logs: io.StringIO) -> None:
    failing("model", RuntimeError(SECRET)).ask()
    assert "hunter2" not in logs.getvalue()
    assert "generate" in logs.getvalue()


def test_logs_have_figures_and_no_content(logs: io.StringIO) -> None:
    World().ask("極秘QQ17の出張の宿泊費の上限は？", session_id="s-1")
    World(retriever=FakeRetriever(())).ask("極秘QQ17は？")
    World().ask("")
    text = logs.getvalue()
    assert not [word for word in ("QQ17", "極秘", "12,000", "旅費", "s-1") if word in text]
    answered, not_found, refused = [json.loads(line) for line in text.splitlines()]
    assert answered["event"] == "answered"
    assert {"history_read", "rewrite", "search", "ground", "model", "history_write"} == set(answered["stage_ms"])
    assert (answered["retrieved"], answered["grounded"], answered["cited"]) == (2, 1, 1)
    assert (answered["input_tokens"], answered["output_tokens"]) == (100, 20)
    assert (not_found["outcome"], refused["code"]) == ("not_found", "invalid_request")


def test_content_is_logged_only_where_it_was_asked_for(logs: io.StringIO) -> None:
    stream = io.StringIO()
    log.configure("INFO", content=True, stream=stream)
    World().ask()
    assert QUESTION in stream.getvalue()
    assert "12,000" in stream.getvalue()


@pytest.mark.parametrize(
    ("question", "words"),
    [("火星の首都の人口は？", "見つかりませんでした"), ("What is the capital of Mars?", "could not find")],
)
@pytest.mark.parametrize("found", [(), (EXPENSES,)])
def test_nothing_found_is_an_honest_answer_without_model_and_source(
    question: str, words: str, found: tuple[Passage, ...]
) -> None:
    world = World(retriever=FakeRetriever(found))
    status, body = world.ask(question)
    assert (status, body["citations"]) == (200, [])
    assert words in body["response"]
    assert world.model.prompts == []


def test_invented_citations_never_reach_the_reader() -> None:
    _status, body = World(model=FakeModel("上限です [1][5]。制限なし [99]。[7](https://evil.example)")).ask()
    assert re.findall(r"\[(\d+)\]", body["response"]) == ["1"]
    assert [citation["id"] for citation in body["citations"]] == ["1"]
    assert "evil" not in body["response"]


@pytest.mark.parametrize(
    ("stop_reason", "says", "ending", "citations"),
    [
        ("end_turn", "答え [1]", "答え [1]", 1),
        ("stop_sequence", "答え [1]", "答え [1]", 1),
        ("max_tokens", "答え [1]", answers.cut_off("あ"), 1),
        ("model_context_window_exceeded", "答え [1]", answers.cut_off("あ"), 1),
        ("guardrail_intervened", "遮断 [1]", answers.blocked("あ"), 0),
        ("content_filtered", "", answers.blocked("あ"), 0),
    ],
)
def test_stop_reasons(stop_reason: str, says: str, ending: str, citations: int) -> None:
    status, body = World(model=FakeModel(says, stop_reason)).ask()
    assert (status, len(body["citations"])) == (200, citations)
    assert body["response"].endswith(ending)


def test_a_context_that_leaves_no_room_for_an_answer_is_the_question_s_length() -> None:
    status, body = World(model=FakeModel("", "model_context_window_exceeded")).ask()
    assert (status, body["error"]["code"]) == (413, "too_long")


@pytest.mark.parametrize("says", ["", " \n ", "[99]", "\u200b"])
def test_an_empty_answer_is_no_answer(says: str) -> None:
    status, body = World(model=FakeModel(says)).ask()
    assert (status, body["error"]["code"]) == (503, "model_unavailable")


def test_the_next_turn_knows_the_last_one() -> None:
    world = World()
    session = world.ask()[1]["session_id"]
    world.ask("それは海外でも同じですか", session_id=session)
    assert world.retriever.queries[1] == f"{QUESTION}\nそれは海外でも同じですか"
    assert [message.role for message in world.model.prompts[1].messages] == ["user", "assistant", "user"]
    assert world.model.prompts[1].messages[0].text == QUESTION


def test_another_session_knows_nothing_of_it() -> None:
    world = World()
    world.ask(session_id="mine")
    world.ask("それは海外の宿泊費でも同じですか", session_id="theirs")
    assert world.retriever.queries[1] == "それは海外の宿泊費でも同じですか"
    assert len(world.model.prompts[1].messages) == 1


def test_the_same_request_is_answered_and_stored_once() -> None:
    world = World()
    first = world.ask(session_id="s", request_id="r-1")
    world.model.says = "別の答え [2]"
    assert world.ask(session_id="s", request_id="r-1") == first
    assert len(world.model.prompts) == 1
    assert [len(turns) for turns in world.history.stored.values()] == [1]


def test_a_repeat_that_overtakes_the_first_gets_the_stored_answer() -> None:
    world = World()
    first = world.ask(session_id="s")
    world.model.says = "別の答え [1]"
    assert world.ask(session_id="s") == first  # the same API Gateway request id
    assert len(world.model.prompts) == 2


def test_an_answer_that_cannot_be_stored_is_given_and_says_so(logs: io.StringIO) -> None:
    status, body = World(history=FakeHistory(writing=errors.HistoryUnavailableError("Throttled"))).ask()
    assert (status, body["history_saved"], body["notices"]) == (200, False, [answers.HISTORY_NOT_SAVED])
    assert json.loads(logs.getvalue().splitlines()[-1])["history_error"] == "Throttled"


def test_where_history_is_not_required_a_question_survives_its_loss() -> None:
    down = errors.HistoryUnavailableError("down")
    world = World(history=FakeHistory(reading=down, writing=down), policy=Policy(history_required=False))
    status, body = world.ask()
    assert (status, body["history_saved"]) == (200, False)
    assert body["notices"] == [answers.HISTORY_NOT_READ, answers.HISTORY_NOT_SAVED]


def test_the_model_leaves_time_for_storing() -> None:
    world = World()
    world.handler()(event({"message": QUESTION}), Context(millis=10_000))
    assert 4.0 < world.model.seconds[0] <= 5.0


def test_without_a_context_a_question_is_answered_all_the_same() -> None:
    assert told(World().handler()(event({"message": QUESTION}), None))[0] == 200
