"""Bytes of unknown encoding as text: UTF-8, UTF-16 with its mark, and what Japanese offices wrote before."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Both are supersets of what the names promise: Windows' own characters (①, ㈱, ～) are in them.
_OLD = ("cp932", "euc_jis_2004")
_ESCAPE = b"\x1b$"
# What a text read by the wrong table is full of, and a real one is not.
_UNLIKELY = re.compile("[\uff61-\uff9f\ue000-\uf8ff\u0080-\u009f]")
_LIKELY = re.compile("[\u3040-\u30ff]")


def decode(data: bytes, declared: str = "") -> str:
    """The text. What a mark or the file itself says is believed if it fits; at last what does not fit is replaced."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    for encoding in filter(None, (_known(declared), "iso2022_jp_ext" if _ESCAPE in data else "", "utf-8")):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    texts = [text for encoding in _OLD if (text := _try(data, encoding)) is not None]
    return min(texts, key=_strangeness) if texts else data.decode("cp932", errors="replace")


def _known(declared: str) -> str:
    if not declared:
        return ""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return ""
    return "cp932" if name == "shift_jis" else name


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _strangeness(text: str) -> float:
    return len(_UNLIKELY.findall(text)) - 0.5 * len(_LIKELY.findall(text))
