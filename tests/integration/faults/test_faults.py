"""The fault drill: whatever fails, the reader is told it in Japanese, in time, and nothing is lost or doubled."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from rag import answers, errors, wiring
from rag.pipeline import Policy

from tests.integration.faults.edge import HEALTHY, SAID, Edge, Exchange, Fault
from tests.integration.faults.faults import (
    ANSWERS,
    ERRORS,
    MALFORMED,
    MODEL,
    TABLE_THROTTLED,
    Case,
    hits,
    table_refusal,
)
from tests.integration.faults.world import ONE_TURN, ROUTES, Told, World, wired

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff].*。$", re.DOTALL)
DOCS = Path(__file__).resolve().parents[3] / "docs"
BEFORE, FAULTY = "the-turn-before", "the-faulty-turn"


def break_down(world: World, case: Case) -> None:
    for operation, fault in case.at.items():
        world.edge.faults[operation] = fault if inspect.signature(fault).parameters else fault()  # type: ignore[call-arg]
    world.edge.calls.clear()


def truthful(told: Told, case: Case) -> None:
    """Code and status of the fault, a sentence that names what failed, the request id, no word of the machinery."""
    assert told.in_time
    assert told.code == case.code
    assert told.body["error"]["request_id"] == told.request_id
    assert JAPANESE.search(told.message), told.message
    assert case.said in told.message
    assert not re.search(r"Error|Exception|Traceback|127\.0\.0\.1|http", told.message)


def asked_no_more_than(case: Case, edge: Edge) -> None:
    assert edge.count("_search") <= case.searches
    assert edge.count(*MODEL) <= case.models


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
def test_a_fault_is_told_and_a_second_attempt_is_stored_once(world: World, case: Case, route: str) -> None:
    assert world.ask(route, BEFORE).status == 200
    break_down(world, case)
    told = world.ask(route, FAULTY)
    truthful(told, case)
    assert told.status == (case.streamed_status if route == "/stream" and case.streamed_status else case.status)
    asked_no_more_than(case, world.edge)
    assert world.stored() == {BEFORE: ONE_TURN}
    assert world.counted() == 2

    world.heal()
    again = world.ask(route, FAULTY)
    assert (again.status, again.body["response"]) == (200, SAID)
    assert world.stored() == {BEFORE: ONE_TURN, FAULTY: ONE_TURN}
    assert world.counted() == 4


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.name)
def test_an_answer_in_spite_of_a_fault_says_whether_it_was_kept(world: World, case: Case, route: str) -> None:
    assert world.ask(route, BEFORE).status == 200
    break_down(world, case)
    told = world.ask(route, FAULTY)
    assert told.in_time
    assert (told.status, told.body["response"]) == (200, SAID)
    assert told.body["request_id"] == told.request_id
    assert [citation["source"] for citation in told.body["citations"]] == ["規程/旅費.md"]
    asked_no_more_than(case, world.edge)
    assert told.body.get("history_saved", True) is case.stored
    assert all(case.said in notice and JAPANESE.search(notice) for notice in told.body.get("notices", []))
    assert bool(told.body.get("notices")) is not case.stored
    kept = {BEFORE: ONE_TURN, FAULTY: ONE_TURN}
    assert world.stored() == (kept if case.stored else {BEFORE: ONE_TURN})

    world.heal()
    again = world.ask(route, FAULTY)
    assert again.body["response"] == SAID
    assert world.stored() == kept
    assert world.counted() == 4


@pytest.mark.parametrize("route", ROUTES)
def test_a_search_server_that_is_down(around: Edge, monkeypatch: pytest.MonkeyPatch, route: str) -> None:
    """The port refuses. After three failures in a row it is not even tried, until it is back."""
    with wired(around, monkeypatch) as world:
        case = Case("down", {}, 503, "search_unavailable", "検索", 0, 0)
        for attempt in range(4):
            told = world.ask(route, f"attempt-{attempt}")
            truthful(told, case)
            assert told.status == case.status
        assert world.stored() == {}
        assert around.count(*MODEL) == 0
        around.listen()
        pipeline = world.handler._service.pipeline
        pipeline._retriever._circuit._until = 0.0  # its ten seconds are over
        assert world.ask(route, "attempt-3").status == 200
        assert world.stored() == {"attempt-3": ONE_TURN}


@pytest.mark.parametrize("fault", [table_refusal("ThrottlingException"), table_refusal("ResourceNotFoundException")])
def test_a_search_login_that_cannot_be_read(world: World, fault: Fault) -> None:
    """Secrets Manager is asked by the first question; what fails is not remembered."""
    world.edge.faults["GetSecretValue"] = fault
    told = world.ask("/", FAULTY)
    truthful(told, Case("secret", {}, 503, "search_unavailable", "検索"))
    assert world.edge.count("_search", *MODEL) == 0
    assert world.stored() == {}
    world.heal()
    assert world.ask("/", FAULTY).status == 200


@pytest.mark.parametrize("route", ROUTES)
def test_a_table_that_is_not_there(world: World, route: str) -> None:
    """Nothing is paid for before the history is read."""
    world.drop_table()
    told = world.ask(route, FAULTY)
    truthful(told, Case("absent", {}, 503, "history_unavailable", "履歴"))
    assert told.status == 503
    assert world.edge.count("_search", *MODEL) == 0
    world.make_table()
    assert world.ask(route, FAULTY).status == 200
    assert world.stored() == {FAULTY: ONE_TURN}


@pytest.mark.parametrize("fault", [TABLE_THROTTLED, None], ids=["throttled", "absent"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_history_that_is_not_required(
    around: Edge, monkeypatch: pytest.MonkeyPatch, route: str, fault: Fault | None
) -> None:
    """HISTORY_REQUIRED=false: an answer all the same, which says what it was made without and that it is not kept."""
    around.listen()
    with wired(around, monkeypatch, HISTORY_REQUIRED="false") as world:
        if fault is None:
            world.drop_table()
        else:
            around.faults |= dict.fromkeys(("Query", "GetItem", "TransactWriteItems"), fault)
        told = world.ask(route, FAULTY)
        assert (told.status, told.body["response"]) == (200, SAID)
        assert told.body["notices"] == [answers.HISTORY_NOT_READ, answers.HISTORY_NOT_SAVED]
        assert told.body["history_saved"] is False
        assert around.count(*MODEL) == 1


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_but_malformed_passages_is_nothing_found(world: World, route: str) -> None:
    """No model is asked to answer from nothing, and no source is named."""
    world.edge.faults["_search"] = hits(*MALFORMED[:8])
    told = world.ask(route, FAULTY)
    assert (told.status, told.body["response"]) == (200, answers.not_found("ですか"))
    assert told.body["citations"] == []
    assert world.edge.count(*MODEL) == 0
    assert world.stored() == {FAULTY: ONE_TURN}


@pytest.mark.parametrize("route", ROUTES)
def test_an_invocation_whose_time_is_up_asks_no_model(world: World, route: str) -> None:
    """What is left, below 5 s to store and 2 s for a model, is kept for storing and telling."""
    told = world.ask(route, FAULTY, seconds=6.9)
    truthful(told, Case("late", {}, 504, "timeout", "AI モデル"))
    assert world.edge.count(*MODEL) == 0
    assert world.stored() == {}


@pytest.mark.parametrize("route", ROUTES)
def test_two_attempts_at_once_are_stored_once(world: World, route: str) -> None:
    """While the first waits for the model the second one, of the same key, answers and stores."""
    inner: list[Told] = []
    operation = MODEL[ROUTES.index(route)]

    def second_comes_first(exchange: Exchange) -> None:
        world.edge.faults.clear()
        inner.append(world.ask(route, FAULTY))
        healthy(exchange)

    healthy = HEALTHY[operation]
    world.edge.faults[operation] = second_comes_first
    told = world.ask(route, FAULTY)
    assert [each.body["response"] for each in (told, *inner)] == [SAID, SAID]
    assert world.stored() == {FAULTY: ONE_TURN}
    assert world.counted() == 2


def test_the_time_that_is_kept_for_storing_covers_the_slowest_write() -> None:
    """Standard retries pause at most 2 ** (attempt - 1) seconds after an attempt (botocore.retries.standard)."""
    quick = wiring._QUICK
    attempts = quick.retries["total_max_attempts"]
    pauses = sum(2 ** (attempt - 1) for attempt in range(1, attempts))
    assert attempts * (quick.connect_timeout + quick.read_timeout) + pauses <= Policy().reserve_seconds


def test_every_code_of_a_fault_is_in_the_documents() -> None:
    """docs/faults.md names every case, the operators' guide every message."""
    table = (DOCS / "faults.md").read_text(encoding="utf-8")
    assert [case.name for case in (*ERRORS, *ANSWERS) if f"| {case.name} |" not in table] == []
    guide = (DOCS / "operations.ja.md").read_text(encoding="utf-8")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.RagError)]
    told = [kind for kind in kinds if "message" in vars(kind)]
    assert [kind.__name__ for kind in told if re.split("[、。]", kind.message)[0] not in guide] == []
