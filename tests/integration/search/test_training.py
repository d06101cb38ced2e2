"""`python -m evaluation.train` on a real server: weights for the second stage, learnt from even questions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rag import features

from tests.integration.search.commands import environment

SUBJECTS = [
    "経費",
    "出張",
    "休暇",
    "研修",
    "備品",
    "会議室",
    "社員証",
    "健康診断",
    "育児休業",
    "情報機器",
    "名刺",
    "駐車場",
]


def train(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evaluation.train", *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)


def lines() -> list[dict[str, Any]]:
    """A passage on each subject, an even question about it, and an odd one that claims another passage's answer."""
    made: list[dict[str, Any]] = []
    for place, subject in enumerate(SUBJECTS):
        text = f"{subject}の申請は{place + 3}日前までに行う。承認は所属長が行い、{subject}の窓口は総務部である。"
        made.append({"type": "passage", "pid": f"p{place}", "title": f"{subject}規程", "text": text})
    for place, subject in enumerate(SUBJECTS):
        for pid in (f"p{place}", f"p{(place + 1) % len(SUBJECTS)}"):
            question = {"type": "question", "qid": f"q{len(made)}", "question": f"{subject}の申請は何日前までか"}
            made.append({**question, "pid": pid})
    return made


def written(folder: Path, entries: list[dict[str, Any]]) -> Path:
    path = folder / "data.jsonl"
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
    return path


def test_weights_are_learnt_from_the_even_questions(opensearch: str, tmp_path: Path) -> None:
    out = tmp_path / "weights.json"
    done = train(str(written(tmp_path, lines())), "--url", opensearch, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "questions": len(SUBJECTS),
        "learnt_from": len(SUBJECTS),
        "out": str(out),
    }
    told = json.loads(out.read_text(encoding="utf-8"))
    assert tuple(told["weights"]) == features.NAMES
    # Every odd question says the opposite: were they learnt from, too, the two would weigh each other up.
    assert told["weights"]["title_share"] > 0.5
    assert told["weights"]["matched_runs"] > 0.5


def test_its_help_tells_what_the_file_of_the_function_says() -> None:
    said = train("--help")
    assert said.returncode == 0
    kept = json.loads((Path(features.__file__).with_name("second_stage.json")).read_text(encoding="utf-8"))
    assert "evaluation.train" in said.stdout
    assert "python -m evaluation.train" in kept["how"]


def test_questions_that_nothing_answers_teach_nothing(opensearch: str, tmp_path: Path) -> None:
    entries = [{**entry, "pid": "nowhere"} if entry["type"] == "question" else entry for entry in lines()]
    done = train(str(written(tmp_path, entries)), "--url", opensearch, "--out", str(tmp_path / "weights.json"))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        "train: no question has its passage among the candidates",
    )
    assert not (tmp_path / "weights.json").exists()
