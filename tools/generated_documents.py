"""Documents that are made for measuring: Japanese sentences by a seeded generator, a hundred files in a folder."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from tools import sample_files as samples

_WORDS = ("経費", "出張", "申請", "承認", "規程", "旅費", "休暇", "端末", "会議", "予約", "倉庫", "設備", "点検")


def markdown(folder: Path, count: int, generator: random.Random) -> None:
    """Short documents, one part each."""
    for number in range(count):
        place = folder / f"{number // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06d}.md").write_text(text(number, generator), encoding="utf-8")


def text(number: int, generator: random.Random) -> str:
    return f"# 文書{number}\n\n{sentences(generator, generator.randint(3, 30))}\n"


def sentences(generator: random.Random, count: int) -> str:
    return "".join("".join(generator.choices(_WORDS, k=6)) + "について定める。" for _sentence in range(count))


def mixed(folder: Path, count: int, generator: random.Random) -> None:
    """Markdown, HTML, Word, Excel and PowerPoint in turn, several sections and parts each."""
    writers = ((".md", _markdown), (".html", _html), (".docx", _docx), (".xlsx", _xlsx), (".pptx", _pptx))
    for number in range(count):
        place = folder / f"{number // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        suffix, writer = writers[number % len(writers)]
        sections = [sentences(generator, generator.randint(3, 30)) for _section in range(5)]
        (place / f"{number:06d}{suffix}").write_bytes(writer(sections))


def _markdown(sections: list[str]) -> bytes:
    return "\n\n".join(f"## 第{number}節\n\n{text}" for number, text in enumerate(sections, 1)).encode()


def _html(sections: list[str]) -> bytes:
    body = "".join(f"<h2>第{number}節</h2><p>{text}</p>" for number, text in enumerate(sections, 1))
    return f"<!doctype html><html><head><title>文書</title></head><body>{body}</body></html>".encode()


def _docx(sections: list[str]) -> bytes:
    return samples.docx("文書", "".join(sections))


def _xlsx(sections: list[str]) -> bytes:
    return samples.xlsx([["節", "内容"], *([f"第{number}節", text] for number, text in enumerate(sections, 1))])


def _pptx(sections: list[str]) -> bytes:
    return samples.pptx("文書", "\n".join(sections))


KINDS: dict[str, Callable[[Path, int, random.Random], None]] = {"markdown": markdown, "mixed": mixed}
