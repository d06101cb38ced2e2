"""Writes a result into docs/performance.md, between its two marks, and draws its picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.bench import conformance
from tools.bench.account import ROOT
from tools.bench.plot import plot
from tools.bench.report import tables

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "performance.svg"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write_document(document: dict[str, Any]) -> list[Path]:
    """The files that were written."""
    text = PAGE.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE} has no marks {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n{measured(document)}\n{END}{after}", encoding="utf-8")
    PICTURE.write_text(plot(document), encoding="utf-8")
    return [PAGE, PICTURE]


def measured(document: dict[str, Any]) -> str:
    """What stands between the marks."""
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    facts = "\n".join(_facts(tool, found) for tool, found in document["facts"].items())
    return "\n\n".join(
        part
        for part in (
            f"{document['date']}, {document['machine']}; {document['runs']} runs of each, taking turns. {versions}.",
            "![What a run takes, in seconds](images/performance.svg)",
            tables(document),
            facts,
        )
        if part
    )


def _facts(tool: str, found: dict[str, Any]) -> str:
    differ = "; ".join(f"{fact}: {why}" for fact, why in found["differ"].items())
    return f"- {tool}: {found['hold']} of the peer's {conformance.COUNT} facts hold. Different: {differ or 'none'}."
