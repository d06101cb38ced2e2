"""Logs: one JSON object a line, on standard output (CloudWatch Logs takes it from there).

Figures, codes and classes only. Questions, answers and passages are logged by `content` alone, and only
where LOG_CONTENT=true. An exception is logged as its class and the places it went through, never with its
message: messages quote what they choke on.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from pathlib import PurePath
from typing import Any, TextIO

NAME = "rag"
_LOGGER = logging.getLogger(NAME)
_MOST_FRAMES = 8


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        entry: dict[str, Any] = {
            "timestamp": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            entry["error"] = describe(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False, default=str)


class _Setup:
    content = False


def configure(level: str, *, content: bool, stream: TextIO | None = None) -> None:
    """Sends our own events to `stream` (standard output), once, and not to the runtime's handler as well."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    _LOGGER.handlers[:] = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(level)
    _Setup.content = content


def info(event: str, **fields: Any) -> None:
    _LOGGER.info(event, extra={"fields": fields})


def warning(event: str, **fields: Any) -> None:
    _LOGGER.warning(event, extra={"fields": fields})


def error(event: str, cause: BaseException | None = None, **fields: Any) -> None:
    _LOGGER.error(event, exc_info=cause, extra={"fields": fields})


def content(event: str, **fields: Any) -> None:
    """What people wrote: logged only where the operator asked for it."""
    if _Setup.content:
        _LOGGER.info(event, extra={"fields": fields})


def describe(cause: BaseException) -> dict[str, Any]:
    """An exception without its message: classes from the outermost to the first cause, and where it arose."""
    classes: list[str] = []
    current: BaseException | None = cause
    while current is not None and len(classes) < _MOST_FRAMES:
        classes.append(type(current).__name__)
        current = current.__cause__ or current.__context__
    frames = traceback.extract_tb(cause.__traceback__)[-_MOST_FRAMES:]
    return {
        "classes": classes,
        "frames": [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
