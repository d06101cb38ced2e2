"""One sentence against the passages that it cites."""

from __future__ import annotations

import pytest
from backend_fakes import EXPENSES, LEAVE
from rag.domain import Passage
from rag.numbers import missing, normal, numbers
from rag.support import Evidence, Verdict

RULES = Passage(
    "d3",
    "在宅勤務規程",
    "在宅勤務は週に3日まで認める。申請は前日の17時までに行う。通信費として月額1万2千円を支給する。深夜の勤務は認めない。",
    "規程/在宅.md",
    1.0,
)
EVIDENCE = Evidence((EXPENSES, LEAVE, RULES))


@pytest.mark.parametrize(
    ("claim", "cited", "invented", "verdict"),
    [
        ("宿泊費の上限は一泊12,000円です。", (1,), 0, Verdict.SUPPORTED),
        ("宿泊費の上限は１泊１２０００円です。", (1,), 0, Verdict.SUPPORTED),
        ("- 在宅勤務は週に3日まで認められます。", (3,), 0, Verdict.SUPPORTED),
        ("通信費は月額12,000円が支給されます。", (3,), 0, Verdict.SUPPORTED),
        ("宿泊費の上限は12,000円、年次有給休暇は6か月後に10日です。", (1, 2), 0, Verdict.SUPPORTED),
        ("在宅勤務は週に5日まで認める。", (3,), 0, Verdict.NUMBERS),
        ("在宅勤務は週に17日まで認める。", (3,), 0, Verdict.NUMBERS),
        ("宿泊費の上限は一泊12,000ドルです。", (1,), 0, Verdict.NUMBERS),
        ("年次有給休暇は10日付与されます。", (1,), 0, Verdict.TERMS),
        ("保養所は無料で利用できます。", (2,), 0, Verdict.TERMS),
        ("宿泊費の上限は一泊12,000円です。", (), 0, Verdict.UNCITED),
        ("宿泊費の上限は一泊12,000円です。", (), 1, Verdict.INVENTED),
        ("宿泊費の上限は一泊12,000円です。", (1,), 1, Verdict.SUPPORTED),
        ("海外出張については、文書に記載がありません。", (), 0, Verdict.NO_CLAIM),
        ("記載がないため、上限は99,000円と考えられます。", (), 0, Verdict.UNCITED),
        ("以下のとおりです。", (), 0, Verdict.NO_CLAIM),
        ("（ローカル環境の代替モデルによる回答です）", (), 0, Verdict.NO_CLAIM),
        ("The documents provided do not say anything about this.", (), 0, Verdict.NO_CLAIM),
    ],
)
def test_verdicts(claim: str, cited: tuple[int, ...], invented: int, verdict: Verdict) -> None:
    assert EVIDENCE.judge(claim, cited, invented) is verdict


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12,000円", {("12000", "円")}),
        ("1万2千円と３.50%", {("12000", "円"), ("3.5", "%")}),
        ("三十日と二〇二四年、一般の一方", {("30", "日"), ("2024", "年")}),
        ("1.5億円、08:30", {("150000000", "円"), ("8", ""), ("30", "")}),
        ("5パーセント", {("5", "%")}),
        ("なし", set()),
    ],
)
def test_numbers_however_they_are_written(text: str, found: set[tuple[str, str]]) -> None:
    assert numbers(text) == found


def test_units_count_where_both_have_one() -> None:
    assert missing(numbers("10日"), numbers("10時")) == {("10", "日")}
    assert not missing(numbers("2024/4/1"), numbers("2024年4月1日"))
    assert normal("二十件") == "20件"
