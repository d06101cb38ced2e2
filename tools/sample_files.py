"""One small document of every format, made when it is needed: no binary file lies in the repository."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from openpyxl import Workbook
from pptx import Presentation
from pptx.util import Inches

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)

# A question for each file, and what the passage that is found must say.
QUESTIONS = {
    "規程/慶弔.md": ("結婚の祝い金はいくらですか", "五万円"),
    "一覧.html": ("来客用の駐車場は何台ありますか", "八台"),
    "保守.pdf": ("発電機の点検は何か月ごとですか", "六か月"),
    "手順.docx": ("名刺の発注は誰に頼みますか", "総務課の佐藤"),
    "備品.xlsx": ("プロジェクターの保管場所はどこですか", "三階倉庫"),
    "研修.pptx": ("安全研修の講師は誰ですか", "消防署"),
    "古い.txt": ("倉庫の鍵の番号は何番ですか", "①番"),
}


def write(folder: Path) -> None:
    """All of them into the folder."""
    (folder / "規程").mkdir(parents=True)
    (folder / "規程" / "慶弔.md").write_text("# 慶弔見舞金規程\n\n結婚の祝い金は五万円とする。\n", encoding="utf-8")
    (folder / "一覧.html").write_text(
        "<html><head><title>駐車場の一覧</title><style>p{}</style></head><body><h1>駐車場</h1>"
        "<p>来客用の駐車場は<b>八台</b>ある。</p><script>alert(1)</script></body></html>",
        encoding="utf-8",
    )
    (folder / "保守.pdf").write_bytes(pdf("非常用発電機の点検は六か月ごとに行う。"))
    (folder / "手順.docx").write_bytes(docx("名刺の手順", "名刺の発注は総務課の佐藤に頼む。"))
    (folder / "備品.xlsx").write_bytes(xlsx([["品名", "保管場所"], ["プロジェクター", "三階倉庫"], ["脚立", "一階"]]))
    (folder / "研修.pptx").write_bytes(pptx("安全研修", "安全研修の講師は消防署の職員が務める。"))
    (folder / "古い.txt").write_bytes("倉庫の鍵の番号は①番である。\r\n棚卸しは月末に行う。\r\n".encode("cp932"))


def docx(heading: str, text: str) -> bytes:
    body = (
        f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{heading}</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        }
    )


def zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def xlsx(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "備品"
    for row in rows:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def pptx(title: str, text: str) -> bytes:
    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.shapes.title.text = title
    slide.shapes.add_textbox(Inches(1), Inches(2), Inches(5), Inches(1)).text_frame.text = text
    data = io.BytesIO()
    slides.save(data)
    return data.getvalue()


def pdf(text: str, trailer: bytes = b"") -> bytes:
    """One page in a Japanese font that is not embedded, as office programs write them (ISO 32000-1, 9.7.5.2)."""
    shown = text.encode("utf-16-be").hex()
    content = f"BT /F1 12 Tf 72 700 Td <{shown}> Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /KozMinPr6N-Regular /Encoding /UniJIS-UTF16-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /KozMinPr6N-Regular /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> >>",
        b"<< /Type /FontDescriptor /FontName /KozMinPr6N-Regular /Flags 4 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]
    data, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    count = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    return data + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, start)


def locked_pdf(text: str) -> bytes:
    """With a password that nobody knows (ISO 32000-1, 7.6.3)."""
    keys = b"/O <%s> /U <%s>" % (b"11" * 32, b"22" * 32)
    return pdf(text, b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 %s >>" % keys)


def compound_file() -> bytes:
    """The beginning of a compound file: an Office file of before 2007, or one with a password ([MS-CFB] 2.2)."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def bomb() -> bytes:
    """An archive that says of one member that it unpacks to 8 GiB."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", "x")
        archive.filelist[0].file_size = 8 * 1024**3
    return data.getvalue()
