"""The sample documents answer the sample questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

SAMPLES = Path(__file__).parents[3] / "samples"
DOCUMENTS = sorted((SAMPLES / "documents").glob("*.md"))
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "questions.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_a_title_and_a_text(path: Path) -> None:
    _before, head, text = path.read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(head)["title"].strip()
    assert 400 <= len(text) <= 1300


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["source"])
def test_a_question_is_answered_by_its_document(question: dict[str, Any]) -> None:
    text = (SAMPLES / "documents" / question["source"]).read_text(encoding="utf-8")
    assert [words for words in question["contains"] if words not in text] == []


def test_every_document_is_asked_about() -> None:
    assert {path.name for path in DOCUMENTS} == {question["source"] for question in QUESTIONS}
