"""Citations in the model's answer: only numbers of passages that it was given reach the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

# [1]  [1, 2]  [1-3]  ［１］  【1】  [出典 1]  [passage 1, 2]; \d takes full-width digits, and int() reads them.
_LABEL = r"\s*(?:passages?|sources?|id|出典|文書|資料)?\s*[=:：#]?\s*\"?"
_ITEM = r"\d+(?:\s*[-–~〜]\s*\d+)?"
_SEPARATOR = r"\s*(?:[,，、;・&]|and)\s*"
_MARKER = re.compile(rf"( ?)[\[［【]{_LABEL}({_ITEM}(?:{_SEPARATOR}{_ITEM})*)\"?\s*[\]］】]", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*[-–~〜]\s*(\d+)")
_MOST_DIGITS = 4
_LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer with valid markers only, written `[1][2]`; `cited` in order of first use."""

    text: str
    cited: tuple[int, ...]
    invented: int


def verify(text: str, count: int) -> Verified:
    """Checks every marker against the `count` passages given, numbered from 1, and removes the others."""
    invented = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal invented
        numbers = _numbers(match[2])
        valid = [number for number in numbers if 1 <= number <= count]
        invented += len(numbers) - len(valid)
        shown = "".join(f"[{number}]" for number in dict.fromkeys(valid))
        return match[1] + shown if shown else ""

    # Taking one marker out can join the text around it to another one ("[1[99]2]"), so until nothing changes.
    while (replaced := _MARKER.sub(replace, text)) != text:
        text = replaced
    return Verified(text.strip(), tuple(dict.fromkeys(map(int, re.findall(r"\[(\d+)\]", text)))), invented)


def without_markers(text: str) -> str:
    """The text with no citation at all."""
    return verify(text, 0).text


def _numbers(inside: str) -> list[int]:
    """The numbers that a marker names; -1 stands for one that is too large to be any passage's."""
    found = [
        number
        for first, last in _RANGE.findall(inside)
        if 0 <= (span := _number(last) - _number(first)) <= _LONGEST_RANGE
        for number in range(_number(first), _number(first) + span + 1)
    ]
    return sorted({*found, *map(_number, re.findall(r"\d+", inside))})


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else -1
