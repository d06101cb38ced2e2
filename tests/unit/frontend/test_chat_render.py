"""Answers as safe markup, hostile ones above all."""

from __future__ import annotations

import re

import pytest
from chat import render
from chat.answers import Answer, Citation

HOSTS = frozenset({"docs.example.co.jp"})
ONE = (Citation("1", "規程", "rule.md", "本文"),)


def html(text: str, citations: tuple[Citation, ...] = ()) -> str:
    return render.answer_html(Answer(text, "s", citations), "source-1", HOSTS)


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](https://evil.example/a.png)",
        "![x][r]\n\n[r]: https://evil.example/a.png",
        "<img src=https://evil.example/a.png onerror=alert(1)>",
        "<script>alert(1)</script>",
        '<a href="https://evil.example">x</a>',
        "<details open ontoggle=alert(1)>",
        "[押す](https://evil.example/)",
        "[押す](javascript:alert(1))",
        "[押す](data:text/html;base64,AAAA)",
        "<https://evil.example/>",
        "https://evil.example/",
        "[r]\n\n[r]: https://docs.example.co.jp@evil.example/",
        "[x](https://docs.example.co.jp@evil.example/)",
        "[x](https://docs.example.co.jp:8443/)",
        "[x](http://docs.example.co.jp/)",
        "[x](//docs.example.co.jp/)",
        "[x](https://docs.example.co.jp.evil.example/)",
    ],
)
def test_nothing_loads_and_nothing_leads_away(hostile: str) -> None:
    out = html(hostile)
    assert not re.search(r"<(img|script|a|iframe|details|style|link)\b", out)
    assert not re.search(r"<[^>]*\bon\w+=", out)


def test_hostile_titles_sources_and_snippets_are_text() -> None:
    bad = '"><img src=x onerror=alert(1)>'
    out = html("[1]", (Citation("1", bad, "javascript:alert(1)", bad),))
    assert "<img" not in out
    assert 'href="javascript' not in out
    assert out.count("&lt;img") == 4  # chip label and title, the source's title, its snippet


def test_a_hostile_citation_id_is_no_number_and_so_is_its_place() -> None:
    assert '"><b' not in html("[1]", (Citation('"><b>', "規程", "rule.md", ""),))


def test_links_to_allowed_hosts_are_active_in_a_new_tab() -> None:
    out = html(
        "[内部](https://docs.example.co.jp/a?b=1&c=2)", (Citation("1", "t", "https://docs.example.co.jp/x", ""),)
    )
    assert '<a href="https://docs.example.co.jp/a?b=1&amp;c=2" target="_blank" rel="noopener' in out
    assert '<a href="https://docs.example.co.jp/x"' in out


def test_markers_become_chips_that_lead_to_their_source() -> None:
    out = html("です[1]。", ONE)
    assert 'href="#source-1-1"' in out
    assert 'id="source-1-1"' in out
    assert "[1]" not in out


def test_several_markers_in_one_pair_of_brackets() -> None:
    two = (*ONE, Citation("2", "手引き", "guide.md", ""))
    assert html("です[1, 2]。", two).count('class="rag-cite"') == 2


def test_a_marker_without_its_citation_stays_text() -> None:
    out = html("[2] と [1, 2] と配列 a[0]", ONE)
    assert "rag-cite" not in out
    assert "[1, 2]" in out


def test_markers_in_code_stay_text() -> None:
    assert "rag-cite" not in html("`a[1]`\n\n```\nb[1]\n```", ONE)


def test_numbers_follow_the_ids_where_these_are_numbers_and_the_order_otherwise() -> None:
    third = Citation("3", "三", "c.md", "")
    assert render.number_citations([*ONE, third]) == {"1": ONE[0], "3": third}
    named = Citation("doc-7", "七", "g.md", "")
    assert render.number_citations([named, third]) == {"1": named, "2": third}


def test_common_markdown_is_kept() -> None:
    out = html("# 見出し\n\n- **太字**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n一行目\n二行目")
    for part in ("<h3>見出し</h3>", "<strong>太字</strong>", "<td>1</td>", "一行目<br />\n二行目"):
        assert part in out


def test_invisible_characters_are_taken_out() -> None:
    hidden = "見\u200bえ\u2060な\U000e0041い\u202e字\ufe0f\x00"
    assert render.clean(hidden) == "見えない字"
    assert render.clean("行\r\n\t行") == "行\n\t行"


def test_questions_and_errors_are_text() -> None:
    assert render.question_html("<b>&") == '<div class="rag-question" lang="ja">&lt;b&gt;&amp;</div>'
    out = render.error_html("<i>だめ", "id-<1>")
    assert "&lt;i&gt;だめ" in out
    assert "受付番号: <code>id-&lt;1&gt;</code>" in out
    assert "受付番号" not in render.error_html("だめ", "")
