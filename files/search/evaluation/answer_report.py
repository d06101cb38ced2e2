"""The part of the report about answers, in Japanese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

TITLES = {
    "citation_validity": "モデルが挙げた出典番号のうち、渡した文書を指すもの",
    "shown_validity": "表示された出典のうち、渡した文書であるもの",
    "citation_precision": "表示された出典のうち、正解の文書であるもの（下限）",
    "citation_recall": "正解の文書が出典に含まれる回答",
    "supported": "出典に裏づけられた文",
    "answer_found": "正解の語句を含む回答",
    "refusal": "答えのない質問に「記載なし」と答えた割合",
    "false_refusal": "答えのある質問に「記載なし」と答えた割合（低いほどよい）",
}
Table = Any
"""report._table."""


def section(runs: Sequence[Mapping[str, Any]], comparison: Mapping[str, Any], table: Table) -> list[str]:
    """Of all runs that asked a model; empty where none did."""
    asked = [run for run in runs if "answers" in run]
    if not asked:
        return []
    parts = ["<h2>回答</h2>"]
    for run in asked:
        parts += _run(run["name"], run["answers"], table)
    if comparison:
        rows = [
            [
                TITLES[name],
                f"{gap['mean']:+.4f} ({gap['low']:+.4f} – {gap['high']:+.4f})",
                f"{gap['p']:.4f}",
                f"{gap['better']} / {gap['worse']}",
            ]
            for name, gap in comparison.items()
        ]
        parts += ["<h3>構成の比較（2 番目 − 1 番目）</h3>", table(["", "差 (95 %)", "p", "増加 / 減少した質問"], rows)]
    return parts


def _run(name: str, run: Mapping[str, Any], table: Table) -> list[str]:
    counts = f"答えのある質問 {run['answerable']} 件、答えのない質問 {run['unanswerable']} 件（正解の文書を除いて質問）"
    rows = [
        [TITLES[metric], f"{it['mean']:.3f} ({it['low']:.3f}–{it['high']:.3f})", str(it["answers"])]
        for metric, it in run["metrics"].items()
    ]
    told = {"失敗": run["failed"], "結果": run["outcomes"], "全体": run["latency"], "最初の語": run["first_words"]}
    facts = "、".join(f"{what} {_pairs(found)}" for what, found in told.items() if found)
    head = f"<h3>{escape(name)}（モデル: {escape(run['model'])}）</h3><p>{counts}</p>"
    return [head, table(["", "平均 (95 %)", "件数"], rows), f"<p>{escape(facts)}</p>"]


def _pairs(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in found.items())
