"""One file's bytes as Markdown. The parser of a format is imported only where a file of that format is met.

Well-kept libraries for each format rather than markitdown: that one brings onnxruntime and pandas (several hundred
MB) for the same parsers underneath.
"""

from __future__ import annotations

import io
import re
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
    except Exception as error:  # whatever a parser makes of a damaged file: the next file is read all the same
        raise UnreadableError(f"{type(error).__name__}: {str(error)[:200]}") from error


def _plain(data: bytes) -> Markdown:
    return Markdown(decode(data))


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


def _docx(data: bytes) -> Markdown:
    import mammoth

    # Images become nothing: their bytes would be taken for text.
    no_images = mammoth.images.img_element(lambda _image: {})
    return _from_html(mammoth.convert_to_html(io.BytesIO(data), convert_image=no_images).value)


def _xlsx(data: bytes) -> Markdown:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    parts: list[str] = []
    for sheet in book.worksheets:
        rows = ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
        parts += [f"## {sheet.title}", *_rows(rows)]
    return Markdown("\n\n".join(parts), str(book.properties.title or ""))


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

    slides = Presentation(io.BytesIO(data))
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

    document = pypdfium2.PdfDocument(data)
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
}
SUFFIXES = frozenset(_CONVERTERS)
