"""A request's parameters against the constraints of botocore's service models: pure, no service known here.

botocore itself checks types, required members and minima before it sends; patterns, maxima and enums it leaves to
AWS. A pattern must match the WHOLE value, as AWS's own frameworks read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import regex

# The longest a match may take. AWS's patterns are not made for backtracking engines.
PATTERN_SECONDS = 1.0


@dataclass(frozen=True)
class Fault:
    """One constraint that a value breaks. ``kind`` is the model's word for it, ``limit`` its value there."""

    path: tuple[str, ...]
    kind: str
    limit: Any
    value: Any
    sensitive: bool = False
    measured: str = "value"
    of_key: bool = False


@cache
def pattern(text: str) -> Any:
    r"""The compiled pattern; ``regex`` knows ``\p{...}`` and nested sets, which 57 of AWS's patterns need.

    None where the text is none that ``regex`` reads (AWS's models hold a few that are meant for other engines).
    """
    try:
        return regex.compile(text, regex.VERSION0)
    except regex.error:
        return None


def faults(shape: Any, value: Any, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Every constraint of ``shape`` that ``value`` breaks, in the order of the model's members."""
    if value is None:
        return
    kind = shape.type_name
    if kind == "structure":
        yield from _structure(shape, value, path)
    elif kind == "list":
        yield from _sized(shape, value, len(value), path)
        for number, item in enumerate(value, start=1):
            yield from faults(shape.member, item, (*path, str(number), "member"))
    elif kind == "map":
        yield from _sized(shape, value, len(value), path)
        for key, item in value.items():
            yield from (replace(each, of_key=True) for each in faults(shape.key, key, path))
            yield from faults(shape.value, item, (*path, str(key)))
    elif kind == "string":
        yield from _string(shape, value, path)
    elif kind == "blob":
        yield from _sized(shape, value, len(value), path)
    elif kind in ("integer", "long", "float", "double"):
        yield from _sized(shape, value, value, path, "value")


def _structure(shape: Any, value: Any, path: tuple[str, ...]) -> Iterator[Fault]:
    if shape.metadata.get("document") or not isinstance(value, dict):
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield Fault((*path, name), "required", True, None)
    if shape.metadata.get("union") and len([each for each in value.values() if each is not None]) != 1:
        yield Fault(path, "union", tuple(shape.members), value)
    for name, member in shape.members.items():
        if name in value:
            yield from faults(member, value[name], (*path, name))


def _string(shape: Any, value: Any, path: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(value, str):
        return
    yield from _sized(shape, value, len(value), path)
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield Fault(path, "enum", tuple(allowed), value, _hidden(shape))
    text = shape.metadata.get("pattern")
    compiled = pattern(text) if text else None
    if compiled and not compiled.fullmatch(value, timeout=PATTERN_SECONDS):
        yield Fault(path, "pattern", text, value, _hidden(shape))


def _sized(shape: Any, value: Any, size: float, path: tuple[str, ...], measured: str = "length") -> Iterator[Fault]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < float(least):
        yield Fault(path, "min", least, value, _hidden(shape), measured)
    if most is not None and size > float(most):
        yield Fault(path, "max", most, value, _hidden(shape), measured)


def _hidden(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))
