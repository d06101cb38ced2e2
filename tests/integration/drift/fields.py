"""Every field of every mutating request that a deployment sent, found by walking through what was recorded.

A field is a leaf of a request's parameters; a JSON text (a policy) goes on inside. Lists and maps count once more
each: with one item less (`-`), and with one more (`+`).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
LESS, MORE = "-", "+"


@dataclass(frozen=True)
class Request:
    """A recorded request.

    `number` counts those of the same operation, from 1; `of` says whose the resource is, unless ours.
    """

    service: str
    operation: str
    parameters: dict[str, Any]
    number: int = 1
    of: str = ""

    @property
    def kind(self) -> str:
        """As the list of what is unmanaged names it."""
        return f"{self.operation} ({self.of})" if self.of else self.operation

    @property
    def label(self) -> str:
        """As tables show it."""
        return f"{self.kind} #{self.number}"


@dataclass(frozen=True)
class Field:
    """A place in a request's parameters. `value` is what was sent there; `how`: "" for another value, LESS or MORE."""

    request: Request
    path: Path
    value: Any
    how: str = ""

    @property
    def member(self) -> str:
        """The request's own parameter that the field lies in."""
        return str(self.path[0])

    @property
    def name(self) -> str:
        """As tables show it."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".") + (f" ({self.how})" if self.how else "")

    def replaced(self, value: Any) -> dict[str, Any]:
        """The request's parameters with another value in this place."""
        return _put(copy.deepcopy(self.request.parameters), self.path, value)


def fields(requests: list[Request]) -> Iterator[Field]:
    """All fields, in the order of the requests."""
    for request in requests:
        for name, value in request.parameters.items():
            yield from _below(request, (name,), value)


def _below(request: Request, path: Path, value: Any) -> Iterator[Field]:
    inner = json_of(value)
    steps: list[tuple[str | int, Any]] = []
    if isinstance(inner, dict):
        steps = list(inner.items())
    elif isinstance(inner, list):
        steps = list(enumerate(inner))
    if not steps:
        yield Field(request, path, value)
        return
    for step, item in steps:
        yield from _below(request, (*path, step), item)
    # The parts of a structure have names of their own: only maps and lists take one more.
    if isinstance(inner, list) or is_map(path, inner):
        yield from (Field(request, path, value, how) for how in (LESS, MORE))


def is_map(path: Path, value: Any) -> bool:
    """Whether the keys are data: AWS's structures have plain words as keys, and maps are variables, headers or tags."""
    names = {"Variables", "tags", "Tags", "responseParameters", "requestTemplates", "responseModels", "options"}
    return isinstance(value, dict) and str(path[-1]) in names


def json_of(value: Any) -> Any:
    """What a JSON text holds, or the value itself."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _put(tree: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    inner = json_of(tree)
    inner[path[0]] = _put(inner[path[0]], path[1:], value)
    return json.dumps(inner) if isinstance(tree, str) else inner
