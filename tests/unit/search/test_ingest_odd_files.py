"""Files that are not what they should be: a line about each, in words, and the next one is read."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ingest import formats, reading
from ingest.formats import UnreadableError
from ingest.isolated import Parser
from ingest.listing import File
from ingest.reading import Reading
from openpyxl import Workbook

from tools import sample_files as samples

ODD = {
    "password.pdf": (samples.locked_pdf("秘密"), "locked by a password"),
    "scan.pdf": (samples.pdf(""), "no text in it: a scan"),
    "cut.pdf": (samples.pdf("点検")[:200], "damaged"),
    "password.docx": (samples.compound_file(), "locked by a password"),
    "password.xlsx": (samples.compound_file(), "locked by a password"),
    "password.pptx": (samples.compound_file(), "locked by a password"),
    "old.doc": (samples.compound_file(), "Word before 2007: save it as .docx"),
    "old.xls": (samples.compound_file(), "Excel before 2007: save it as .xlsx"),
    "old.ppt": (samples.compound_file(), "PowerPoint before 2007: save it as .pptx"),
    "cut.docx": (samples.docx("題", "本文")[:-30], "damaged"),
    "bomb.docx": (samples.bomb(), "it unpacks to 8,589,934,592 bytes"),
    "bomb.xlsx": (samples.bomb(), "it unpacks to 8,589,934,592 bytes"),
    "other.docx": (samples.zipped({"a.txt": "x"}), ""),
    "binary.txt": (b"\xff" * 4000, "no text"),
    "binary.md": (bytes(range(128, 256)) * 50, "no text"),
}


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as made:
        yield made


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_told_in_words(parser: Parser, name: str) -> None:
    data, words = ODD[name]
    with pytest.raises(UnreadableError) as caught:
        parser.to_markdown(os.path.splitext(name)[1], data)
    assert words in str(caught.value)
    assert parser.to_markdown(".docx", samples.docx("題", "次の本文")).text.endswith("次の本文")


def test_a_spreadsheet_with_its_last_cell_filled_is_read(parser: Parser) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.cell(1_048_576, 16_384, "右下")
    data = io.BytesIO()
    book.save(data)
    assert parser.to_markdown(".xlsx", data.getvalue()).text == "## Sheet\n\n右下"


def test_a_spreadsheet_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_MOST_CELLS", 5)
    with pytest.raises(UnreadableError, match="more than 5 cells"):
        formats.to_markdown(".xlsx", samples.xlsx([["a", "b"]] * 3))


def test_entities_that_unfold_into_billions_are_no_danger(parser: Parser) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE w [<!ENTITY e0 "あ">{entities}]><w:document {samples.W}><w:body><w:p><w:r><w:t>&e11;</w:t></w:r>'
    document = f"{body}</w:p></w:body></w:document>"
    parts = {"[Content_Types].xml": samples.TYPES, "_rels/.rels": samples.RELATIONS, "word/document.xml": document}
    with pytest.raises(UnreadableError):
        parser.to_markdown(".docx", samples.zipped(parts))


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    with Parser(seconds=0.001) as hurried, pytest.raises(UnreadableError, match=r"not read within 0.001 s"):
        hurried.to_markdown(".docx", samples.docx("題", "本文"))
    with Parser() as parser:
        assert "本文" in parser.to_markdown(".docx", samples.docx("題", "本文")).text


def test_a_file_that_takes_too_much_memory_is_named() -> None:
    parts = {"[Content_Types].xml": samples.TYPES, "_rels/.rels": samples.RELATIONS}
    unfolds = samples.zipped({**parts, "word/document.xml": f"<a>{'<a/>' * 2_000_000}</a>"})
    with Parser(memory=300 * 2**20) as parser:
        with pytest.raises(UnreadableError, match="too large"):
            parser.to_markdown(".docx", unfolds)
        with pytest.raises(UnreadableError, match="too large"):
            parser.to_markdown(".docx", bytes(200_000_000))
        assert "本文" in parser.to_markdown(".docx", samples.docx("題", "本文")).text


def test_a_parser_that_crashes_is_started_anew() -> None:
    with Parser() as parser:
        parser.to_markdown(".docx", samples.docx("題", "本文"))
        assert parser.pid is not None
        os.kill(parser.pid, signal.SIGKILL)
        with pytest.raises(UnreadableError, match="its parser crashed"):
            parser.to_markdown(".docx", samples.docx("題", "本文"))
        assert "本文" in parser.to_markdown(".docx", samples.docx("題", "本文")).text


def test_text_needs_no_other_process() -> None:
    with Parser() as parser:
        assert parser.to_markdown(".md", "本文".encode()).text == "本文"
        assert parser.pid is None


def read(path: Path, **more: int) -> list[str]:
    """What is said of the file, or the texts of its parts."""
    (todo,) = reading.todos([File(str(path), path.name, path.suffix, ())], Reading(**more))
    try:
        return [part.text for part in todo.read().parts]
    except UnreadableError as error:
        return [str(error)]


def test_an_empty_file_has_no_parts_whatever_its_name(tmp_path: Path) -> None:
    for name in ("a.md", "a.docx", "a.pdf"):
        (tmp_path / name).write_bytes(b"")
        assert read(tmp_path / name) == []


def test_a_file_that_is_gone_or_too_large_is_told_of(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.md") == ["it cannot be read: No such file or directory"]
    (tmp_path / "large.md").write_text("あ" * 1000)
    assert read(tmp_path / "large.md", most_bytes=2**20) == ["あ" * 1000]
    (said,) = read(tmp_path / "large.md", most_bytes=2000)
    assert said.startswith("larger than 0 MB: split it")
