"""A cloud that refuses: what AWS refuses is refused with a client error, what AWS takes is taken."""

from __future__ import annotations

import pytest

from tests.integration.cloud import Cloud
from tests.integration.refusals.rate import Answer, each_alone, fresh, one_after_another, prepared, send
from tests.integration.refusals.sets import FAULTY, MENDED, OF_RULES, ONLY_MEASURED, SANE_SETS

ENOUGH = 0.9


@pytest.fixture(scope="module")
def answers(control_plane: Cloud) -> list[Answer]:
    """What became of every faulty call."""
    return each_alone(control_plane, (*MENDED, *OF_RULES))


def test_faulty_calls_are_refused(answers: list[Answer]) -> None:
    of_the_set = [answer for answer in answers if answer.case in FAULTY]
    taken = [str(answer) for answer in of_the_set if not answer.refused]
    assert len(of_the_set) >= 100
    assert len(taken) <= (1 - ENOUGH) * len(of_the_set), taken


def test_calls_that_no_rule_was_made_for_are_refused(control_plane: Cloud) -> None:
    # Only the number: who reads which calls went through would make rules for them, and the rate would say nothing.
    refused = sum(answer.refused for answer in each_alone(control_plane, ONLY_MEASURED))
    wanted = ENOUGH * len(ONLY_MEASURED)
    assert refused >= wanted


def test_no_call_breaks_the_control_plane(answers: list[Answer]) -> None:
    # An operation that the local cloud does not have is answered in so many words, with 501.
    broken = [answer for answer in answers if answer.status >= 500 and answer.code != "NotImplemented"]
    assert [str(answer) for answer in broken] == []


def test_a_refusal_has_words(answers: list[Answer]) -> None:
    assert [str(answer) for answer in answers if answer.refused and not (answer.code and answer.message)] == []


@pytest.mark.parametrize("told", SANE_SETS)
def test_sane_calls_are_taken(control_plane: Cloud, told: str) -> None:
    sent = one_after_another(control_plane, SANE_SETS[told])
    assert len(sent) >= 30
    assert [str(answer) for answer in sent if answer.status >= 400] == []


def test_every_rule_is_needed(control_plane: Cloud, answers: list[Answer]) -> None:
    """Each rule refuses some case with its own code; taken out, it does not, and no other rule says the same."""
    rules = {rule["id"]: rule for rule in control_plane.get("/_local/refusals")["rules"]}
    refused = {answer.refused_by: answer for answer in answers if answer.refused_by in rules}
    assert sorted(rules.keys() - refused.keys()) == []
    assert {name: answer.code for name, answer in refused.items()} == {
        name: rule["code"] for name, rule in rules.items()
    }
    assert [name for name, told in _without_each(control_plane, refused).items() if told == _told(refused[name])] == []


def _told(answer: Answer) -> tuple[str, str]:
    return answer.refused_by, answer.message


def _without_each(cloud: Cloud, refused: dict[str, Answer]) -> dict[str, tuple[str, str]]:
    """What each rule's case is told while that rule is switched off, and nothing is executed."""
    told: dict[str, tuple[str, str]] = {}
    world = fresh(cloud)
    for name, answer in refused.items():
        made, changed = prepared(world, answer.case)  # while everything works: some make what they are refused in
        cloud.put("/_local/refusals", {"disabled": [name, "moto"]})
        told[name] = _told(send(world, made))
        cloud.put("/_local/refusals", {"disabled": []})
        world = fresh(cloud) if changed else world
    return told
