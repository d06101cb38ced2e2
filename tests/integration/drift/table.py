"""The tables of docs/drift.md, from what a walk kept: counts, why a field cannot be changed alone, additions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.integration.drift.kept import Piece
from tests.integration.drift.unmanaged import DOCUMENT
from tests.integration.drift.walk import ADDED, FIXED, OWNER, REPAIRED, UNMANAGED, Row

BEGIN = "<!-- written by: tests/integration/drift/table.py -->"
END = "<!-- end of what is written by: tests/integration/drift/table.py -->"
COLUMNS = (REPAIRED, FIXED, OWNER, UNMANAGED)
# A refusal begins with AWS's error code.
CODE = re.compile(r"([\w.]+): ")


def lines(pieces: Iterable[Piece]) -> Iterator[str]:
    """All that stands between the marks."""
    pieces = list(pieces)
    yield from _counts(pieces)
    yield ""
    yield from _reasons(pieces)
    yield ""
    yield from _additions(pieces)


def write(pieces: list[Piece], document: Path = DOCUMENT) -> None:
    """In place of what stood there."""
    before, _begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n".join([f"{before}{BEGIN}", *lines(pieces), f"{END}{after}"])
    document.write_text(text, encoding="utf-8")


def _counts(pieces: list[Piece]) -> Iterator[str]:
    yield "| service | fields | repaired | cannot be changed alone | refused, by design | unmanaged | open | walked |"
    yield "|---|---|---|---|---|---|---|---|"
    whole: Counter[str] = Counter()
    for piece in pieces:
        rows = [row for row in piece.rows if row.request != ADDED]
        counts = Counter(row.outcome if row.outcome in COLUMNS else "open" for row in rows)
        whole += counts
        yield _line(piece.service, counts, f"{piece.day}, `{piece.commit[:7]}{'+' * piece.commit.endswith('+')}`")
    yield _line("**all**", whole, "")


def _line(name: str, counts: Counter[str], walked: str) -> str:
    figures = [sum(counts.values()), *(counts[each] for each in (*COLUMNS, "open"))]
    return " | ".join([f"| {name}", *map(str, figures), f"{walked} |"])


def _reasons(pieces: list[Piece]) -> Iterator[str]:
    """Why, and how many fields: our own rule's words, or AWS's error code with a field that met it."""
    yield "| cannot be changed alone, since | fields | services | for example |"
    yield "|---|---|---|---|"
    found: dict[str, list[tuple[str, Row]]] = {}
    for piece in pieces:
        for row in piece.rows:
            if row.outcome == FIXED:
                found.setdefault(_reason(row), []).append((piece.service, row))
    for reason, rows in sorted(found.items(), key=lambda it: (-len(it[1]), it[0])):
        services = ", ".join(sorted({service for service, _row in rows}))
        example = rows[0][1]
        yield f"| {reason} | {len(rows)} | {services} | `{example.request} {example.name}` |"


def _reason(row: Row) -> str:
    code = CODE.match(row.words)
    if not code:
        return _plain(row.words)
    # Of several values that were refused, the first.
    return f"AWS refuses it: `{code[1]}`, {_plain(row.words[code.end() :].partition('; ')[0])}"


def _plain(words: str) -> str:
    """Without what is another in every account, and what a table takes for its own."""
    quoted = re.sub(r"(?<!\w)['\u2018][^'\u2019]*['\u2019]?", "...", words)
    return re.sub(r"\s+", " ", quoted).replace("|", "/").strip(" .")


def _additions(pieces: list[Piece]) -> Iterator[str]:
    yield "| service | added by hand | what becomes of it |"
    yield "|---|---|---|"
    for piece in pieces:
        for row in piece.rows:
            if row.request == ADDED:
                outcome = "taken away" if row.outcome == REPAIRED else f"{row.outcome}: {row.words}"
                yield f"| {piece.service} | {row.name} | {outcome} |"
