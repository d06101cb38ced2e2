"""One file's bytes as Markdown. The parser of a format is imported only where a file of that format is met.

Well-kept libraries for each format rather than markitdown: that one brings onnxruntime and pandas (several hundred
MB) for the same parsers underneath.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ingest.encodings import decode


class UnreadableError(Exception):
    """The file is damaged, locked by a password, or not what its name says."""


@dataclass(frozen=True)
class Markdown:
    """`title` is what the file says of itself, '' where it says nothing."""

    text: str
    title: str = ""


def to_markdown(suffix: str, data: bytes) -> Markdown:
    """Raises UnreadableError; KeyError for a suffix that is not in SUFFIXES."""
    convert = _CONVERTERS[suffix.lower()]
    try:
        return convert(data)
    except ImportError as error:
        raise UnreadableError(f"the package {error.name} for {suffix} is not installed (requirements.lock)") from error
    except UnreadableError:
        raise
    except MemoryError as error:
        raise UnreadableError("too large: its text does not fit into memory; split it") from error
    except zipfile.BadZipFile as error:
        raise UnreadableError(f"damaged: {error}") from error
    except Exception as error:  # whatever a parser makes of a damaged file: the next file is read all the same
        raise UnreadableError(f"{type(error).__name__}: {str(error)[:200]}") from error


def _plain(data: bytes) -> Markdown:
    text = decode(data)
    if len(_NO_TEXT.findall(text)) > _MOST_UNKNOWN * len(text):
        raise UnreadableError("no text: its bytes are of no encoding that is known here")
    return Markdown(text)


def _html(data: bytes) -> Markdown:
    return _from_html(decode(data, declared=_declared(data)))


def _declared(data: bytes) -> str:
    found = re.search(rb"charset=[\"']?([\w-]+)", data[:2048], re.IGNORECASE)
    return found[1].decode("ascii") if found else ""


def _from_html(html: str) -> Markdown:
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(html, "html.parser")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    for unseen in soup(["script", "style", "noscript", "template", "nav", "head", "svg"]):
        unseen.decompose()
    converter = MarkdownConverter(heading_style="ATX", strip=["a", "img"], escape_misc=False)
    return Markdown(converter.convert_soup(soup), title)


def _old(name: str, new: str) -> Callable[[bytes], Markdown]:
    def refuse(_data: bytes) -> Markdown:
        raise UnreadableError(f"the format of {name} before 2007: save it as {new}, or leave it out (--exclude)")

    return refuse


def _unpacked(data: bytes) -> io.BytesIO:
    """An Office file (a zip archive, ECMA-376) to read. Raises UnreadableError for what is none, or far too large.

    zipfile reads no more of a member than the archive declares, so that the declared sizes can be relied on.
    """
    if data.startswith(_COMPOUND):  # [MS-OFFCRYPTO]: an encrypted one is a compound file, as the old formats are
        raise UnreadableError("locked by a password, or of an old format under a new name")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > _MOST_UNPACKED:
        raise UnreadableError(f"it unpacks to {size:,} bytes, more than {_MOST_UNPACKED:,}")
    return io.BytesIO(data)


def _docx(data: bytes) -> Markdown:
    import mammoth

    # Images become nothing: their bytes would be taken for text.
    no_images = mammoth.images.img_element(lambda _image: {})
    return _from_html(mammoth.convert_to_html(_unpacked(data), convert_image=no_images).value)


def _xlsx(data: bytes) -> Markdown:
    from openpyxl import load_workbook

    book = load_workbook(_unpacked(data), read_only=True, data_only=True)
    parts: list[str] = []
    cells = _Cells()
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size is often far more than it holds
        rows = ([_cell(value) for value in row] for row in cells.counted(sheet.iter_rows(values_only=True)))
        parts += [f"## {sheet.title}", *_rows(rows)]
    return Markdown("\n\n".join(parts), str(book.properties.title or ""))


class _Cells:
    """Counts the cells of a workbook, empty rows as one. Raises UnreadableError where there are too many."""

    def __init__(self) -> None:
        self._count = 0

    def counted(self, rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        for row in rows:
            self._count += max(len(row), 1)
            if self._count > _MOST_CELLS:
                raise UnreadableError(f"more than {_MOST_CELLS:,} cells: split it")
            yield row


def _rows(rows: Iterable[list[str]]) -> Iterator[str]:
    """Each row as a line that can stand alone: `heading: value`, by the first row that is not empty."""
    head: list[str] = []
    for row in rows:
        if not any(row):
            continue
        if not head:
            head = row
            yield " / ".join(filter(None, row))
        else:
            named = zip_longest(head, row, fillvalue="")
            yield " / ".join(f"{name}: {value}" if name else value for name, value in named if value)


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _pptx(data: bytes) -> Markdown:
    from pptx import Presentation

    slides = Presentation(_unpacked(data))
    parts: list[str] = []
    for number, slide in enumerate(slides.slides, 1):
        title = slide.shapes.title
        parts.append(f"## {_cell(title.text_frame.text) if title is not None else f'スライド {number}'}")
        parts += [text for shape in slide.shapes if shape is not title for text in _shape(shape)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            parts.append(slide.notes_slide.notes_text_frame.text)
    return Markdown("\n\n".join(filter(None, parts)), str(slides.core_properties.title or ""))


def _shape(shape: Any) -> Iterator[str]:
    """Text of a shape (python-pptx has no types): of its frame, its table, or the shapes in a group."""
    for inner in getattr(shape, "shapes", ()):
        yield from _shape(inner)
    if getattr(shape, "has_text_frame", False):
        yield shape.text_frame.text
    if getattr(shape, "has_table", False):
        yield from _rows([_cell(cell.text) for cell in row.cells] for row in shape.table.rows)


def _pdf(data: bytes) -> Markdown:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise UnreadableError("locked by a password") from error
        raise UnreadableError(f"damaged: {error}") from error
    try:
        title = str(document.get_metadata_value("Title") or "")
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    text = "\n\n".join(unwrap(page) for page in pages)
    if pages and not text.strip():
        raise UnreadableError("no text in it: a scan? (run OCR on it first)")
    return Markdown(text, title)


def unwrap(page: str) -> str:
    """Lines that were broken only by the page's width, joined: Japanese without a space, others with one."""
    lines = [line.strip() for line in page.splitlines()]
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        if not line or not before or before[-1] in "。．.!?！？:：」）)" or len(before) < _FULL_LINE:
            joined.append(line)
        else:
            wide = ord(before[-1]) > 0x2E7F or ord(line[0]) > 0x2E7F
            joined[-1] = before + ("" if wide else " ") + line
    return "\n".join(joined)


# A shorter line is a heading or an item: no page is as narrow.
_FULL_LINE = 20
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # [MS-CFB] 2.2
_MOST_UNPACKED = 1024**3
_MOST_CELLS = 5_000_000
# Replaced characters, controls, and what Windows' table makes of bytes that stand for nothing.
_NO_TEXT = re.compile("[\ufffd\u0080-\u009f\uf8f0-\uf8f3]")
_MOST_UNKNOWN = 0.1
"""The share of them above which bytes are no text."""

_CONVERTERS: dict[str, Callable[[bytes], Markdown]] = {
    ".md": _plain,
    ".markdown": _plain,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".pptx": _pptx,
    # Documents that people believe to be found: passing them over in silence would not be true.
    ".doc": _old("Word", ".docx"),
    ".xls": _old("Excel", ".xlsx"),
    ".ppt": _old("PowerPoint", ".pptx"),
}
TEXT = frozenset(suffix for suffix, converter in _CONVERTERS.items() if converter is _plain)
SUFFIXES = frozenset(_CONVERTERS)
