"""The check of answers against their passages, on planted answers from the sample documents."""

from __future__ import annotations

import pytest

from tools.grounding.__main__ import ROOT, from_documents, measure
from tools.grounding.planted import WRONG, Kind, Planter, told_as


def test_planted_answers_are_told_apart_and_no_invented_source_is_shown() -> None:
    answers = list(Planter(from_documents(ROOT / "samples" / "documents"), seed=20261123).answers(240))
    counts = {kind: sum(planted.kind is kind for planted in answers) for kind in Kind}
    assert counts == {Kind.SUPPORTED: 120, **dict.fromkeys(WRONG, 30)}
    result = measure(answers)
    assert result["precision"] >= 0.95, result["missed"]
    assert result["recall"] >= 0.95, result["missed"]
    assert result["invented_shown"] == 0


def test_planting_is_seeded() -> None:
    texts = from_documents(ROOT / "samples" / "documents")
    assert list(Planter(texts, 1).answers(20)) == list(Planter(texts, 1).answers(20))
    assert list(Planter(texts, 1).answers(20)) != list(Planter(texts, 2).answers(20))


@pytest.mark.parametrize(
    ("question", "told"),
    [("梅雨がないのは北海道とどこか。", "梅雨がないのは北海道と小笠原諸島です。"), ("なぜ梅雨になるのか。", "")],
)
def test_questions_are_told_as_answers(question: str, told: str) -> None:
    assert told_as(question, "小笠原諸島") == told
