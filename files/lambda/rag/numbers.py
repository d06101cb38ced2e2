"""Numbers in a text with the unit that follows them, however written: 12,000円, 1万2千円. Pure."""

from __future__ import annotations

import re

from rag.text import fold

_KANJI_DIGITS = dict(zip("〇一二三四五六七八九", range(10), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_COUNTERS = "年月日時分秒週回人名円度歳才番個本件台店校社県市町村階位条項号章点倍割種類世代か月泊杯枚冊巻話"
_KANJI = re.compile(rf"(?<!\d)[{''.join(_KANJI_DIGITS)}十百千万億兆]+(?=[{_COUNTERS}])")
_MIXED = re.compile(r"(?:\d+(?:\.\d+)?[千万億兆])+(?:\d+(?:\.\d+)?)?")
_STEP = re.compile(r"(\d+(?:\.\d+)?)([千万億兆]?)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"\s?(パーセント|キロ|メートル|[%a-z\u3400-\u4dbf\u4e00-\u9fff\u30a1-\u30fa])")

Number = tuple[str, str]


def numbers(text: str) -> frozenset[Number]:
    """(value, unit) of every number; the unit is the next character, "" where none of its kind follows."""
    return numbers_of(normal(text))


def numbers_of(plain: str) -> frozenset[Number]:
    """The same of a text that is `normal` already."""
    found = set()
    for match in _NUMBER.finditer(plain):
        unit = _UNIT.match(plain, match.end())
        found.add((_value(match[0]), "%" if unit and unit[1] == "パーセント" else unit[1][:1] if unit else ""))
    return frozenset(found)


def normal(text: str) -> str:
    """The folded text with its numbers in Arabic digits, without separators."""
    plain = _KANJI.sub(lambda match: str(_kanji(match[0])), _THOUSANDS.sub("", fold(text)))
    return _MIXED.sub(lambda match: _value(str(_mixed(match[0]))), plain)


def missing(claimed: frozenset[Number], given: frozenset[Number]) -> frozenset[Number]:
    """The claimed numbers that are not among the given ones; a unit counts where both have one."""
    return frozenset(
        (value, unit)
        for value, unit in claimed
        if not any(value == other and (not unit or not its or unit == its) for other, its in given)
    )


def _kanji(text: str) -> int:
    """五十三 = 53, 二〇二四 = 2024, 一万二千 = 12000."""
    if not any(char in _TENS or char in _MYRIADS for char in text):
        return int("".join(str(_KANJI_DIGITS[char]) for char in text))
    total = section = digit = 0
    for char in text:
        if char in _KANJI_DIGITS:
            digit = digit * 10 + _KANJI_DIGITS[char]
        elif char in _TENS:
            section, digit = section + (digit or 1) * _TENS[char], 0
        else:
            total, section, digit = total + (section + digit or 1) * _MYRIADS[char], 0, 0
    return total + section + digit


def _mixed(text: str) -> float:
    return sum(float(number) * {**_TENS, **_MYRIADS}.get(step, 1) for number, step in _STEP.findall(text))


def _value(number: str) -> str:
    """Without leading and trailing noughts, so that 3.50 equals 3.5."""
    whole, point, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if point and fraction else "")
