"""Documents that are made for measuring: Japanese sentences by a seeded generator, a hundred files in a folder."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

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


KINDS: dict[str, Callable[[Path, int, random.Random], None]] = {"markdown": markdown}
