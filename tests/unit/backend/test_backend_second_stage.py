"""The second stage: features that mean what they say, and an order that follows them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rag import features, second_stage
from rag.domain import Passage
from rag.features import Candidate
from rag.text import fold


def passages(*texts: str, title: str = "旅費規程") -> tuple[Passage, ...]:
    return tuple(Passage(str(n), title, text, f"{n}.md", 10.0 - n / 100) for n, text in enumerate(texts))


def row(question: str, text: str, other: str = "まったく別の話。", title: str = "題") -> dict[str, float]:
    first, _second = features.rows(fold(question), [Candidate(title, fold(text), 2.0), Candidate("", other, 1.0)])
    return dict(zip(features.NAMES, first, strict=True))


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        # The number that was asked for, not another one.
        (
            "第22回総選挙はいつ行われたか",
            ("2010年の第12回総選挙では議席を失った。", "1946年4月の第22回総選挙で議席を得た。"),
        ),
        # A passage in which the words stand together.
        ("宿泊費の上限はいくらか", ("宿泊費は後日払う。申請に上限はない。", "宿泊費の上限は一泊12,000円とする。")),
        # The kind of what was asked for.
        ("入党費はいくらですか", ("入党費を納めた人が党員となる。", "入党費は300円である。")),
    ],
)
def test_the_passage_that_answers_comes_first(question: str, texts: tuple[str, str]) -> None:
    assert second_stage.order(question, passages(*texts))[0].text == texts[1]


def test_each_feature_tells_what_its_name_says() -> None:
    told = row("富士山の高さは何メートルか", "富士山の高さは3,776メートルである。")
    assert told["score_ratio"] == 1.0
    assert told["counter_in_sentence"] == 1.0
    assert 0.4 < told["matched_runs"] < 1
    assert row("2019年の売上は", "2019年の売上は増えた。")["numbers"] == 1.0
    assert row("2019年の売上は", "12019年と2020年の売上。")["numbers"] == 0.0
    assert row("題の期限は", "本文。")["title_named"] == 1.0
    assert row("休暇はどこに申請するか", "休暇は人事部の窓口のある横浜市で申請する。")["place_in_sentence"] == 1.0
    assert row("いつ始まるか", "始まるのは4月1日。")["kind_in_sentence"] == 1.0


def test_nothing_found_and_nothing_asked() -> None:
    assert second_stage.order("質問", ()) == ()
    assert [p.document_id for p in second_stage.order("？", passages("あ", "い"))] == ["0", "1"]


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=6))
def test_whatever_is_asked_the_same_passages_come_back(question: str, texts: list[str]) -> None:
    given_passages = passages(*texts)
    ordered = second_stage.order(question, given_passages)
    assert sorted(p.document_id for p in ordered) == sorted(p.document_id for p in given_passages)
    assert all(math.isfinite(p.score) for p in ordered)
    assert [p.score for p in ordered] == sorted((p.score for p in ordered), reverse=True)


def test_weights_that_do_not_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    second_stage.weights.cache_clear()
    with monkeypatch.context() as changed:
        changed.setattr(features, "NAMES", (*features.NAMES, "another"))
        with pytest.raises(ValueError, match="does not fit"):
            second_stage.weights()
    assert len(second_stage.weights()) == len(features.NAMES)
