"""A response whose body is still being made: what `streaming_runtime` hands to Lambda piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# API Gateway guide, 'Lambda proxy integration format for response streaming': JSON, eight NUL bytes, the body.
DELIMITER = bytes(8)


@dataclass(frozen=True, slots=True)
class StreamedResponse:
    """`body` has begun already: a failure of its first piece is known before the status is told."""

    status: int
    headers: Mapping[str, str]
    body: Iterator[bytes]

    def __iter__(self) -> Iterator[bytes]:
        """Head and first piece go out together."""
        head = json.dumps({"statusCode": self.status, "headers": dict(self.headers)}).encode() + DELIMITER
        yield head + next(self.body, b"")
        yield from self.body
