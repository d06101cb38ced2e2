"""`python -m evaluation` with a model, on a real server: retrieval and answers in one report and one last line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.search.commands import environment
from tests.integration.search.test_training import SUBJECTS, written
from tools import stand_in_model

CONTRACT = {"R@1", "R@10", "RR@10", "nDCG@10", "engine"}


def lines() -> list[dict[str, Any]]:
    """A passage on each subject, and a question about it."""
    made: list[dict[str, Any]] = []
    for place, subject in enumerate(SUBJECTS):
        text = f"{subject}の申請は{place + 3}日前までに行う。承認は所属長が行い、{subject}の窓口は総務部である。"
        made.append({"type": "passage", "pid": f"p{place}", "title": f"{subject}規程", "text": text})
    for place, subject in enumerate(SUBJECTS):
        question = {"qid": f"q{place}", "question": f"{subject}の申請は何日前までに行いますか", "pid": f"p{place}"}
        made.append({"type": "question", **question, "answers": [f"{place + 3}日前"]})
    return made


def evaluate(*arguments: str, **env: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "evaluation", *arguments]
    done = subprocess.run(command, env=environment(**env), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert set(last) >= CONTRACT
    return last


def test_answers_stand_beside_retrieval(opensearch: str, tmp_path: Path) -> None:
    data = str(written(tmp_path, lines()))
    with stand_in_model.running() as url:
        compared = json.dumps({"ES_SECOND_STAGE": "false"})
        last = evaluate(
            *(data, "--url", opensearch, "--out", str(tmp_path), "--compare", compared, "--answers", "6"),
            *("--model", stand_in_model.ID, "--model-name", stand_in_model.NAME),
            **stand_in_model.environment(url),
        )
    found = last["answers"]
    assert (found["model"], found["answerable"], found["unanswerable"]) == ("stand-in", 6, 6)
    assert (found["shown_validity"], found["citation_recall"], found["answer_found"]) == (1.0, 1.0, 1.0)
    assert "failed" not in found
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert set(told["answer_comparison"]) == set(told["configurations"][0]["answers"]["metrics"])
    assert all(run["answers"]["latency"]["p50_ms"] > 0 for run in told["configurations"])
    assert "<h2>回答</h2>" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [(), ("--model", stand_in_model.ID, "--answers", "0")])
def test_without_a_model_retrieval_alone_is_measured(opensearch: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    last = evaluate(str(written(tmp_path, lines())), "--url", opensearch, "--out", str(tmp_path), *options)
    assert "answers" not in last
    assert "<h2>回答</h2>" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_model_that_is_not_allowed_loses_no_retrieval_figure(opensearch: str, tmp_path: Path) -> None:
    """Nothing listens there."""
    last = evaluate(
        *(str(written(tmp_path, lines())), "--url", opensearch, "--out", str(tmp_path), "--answers", "1"),
        *("--model", stand_in_model.ID),
        **stand_in_model.environment("http://127.0.0.1:1"),
    )
    assert last["answers"]["failed"]["model_unavailable"] >= 1
