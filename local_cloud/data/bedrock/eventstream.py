"""Encoder of AWS's binary event stream (`application/vnd.amazon.eventstream`); botocore has the decoder only.

A message is: total length, length of headers, CRC-32 of those eight bytes, headers, payload, CRC-32 of all
before it; integers big-endian. Source: Smithy specification, 'Amazon Event Stream'.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"
STRING = 7
"""Header value type: UTF-8 string with a 16-bit length."""


def event(kind: str, payload: Mapping[str, object]) -> bytes:
    """One event of a response stream, e.g. event("messageStop", {"stopReason": "end_turn"})."""
    headers = {":event-type": kind, ":content-type": "application/json", ":message-type": "event"}
    return message(headers, json.dumps(payload, ensure_ascii=False).encode())


def message(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message; header values are strings."""
    encoded = b"".join(_header(name, value) for name, value in headers.items())
    total = 12 + len(encoded) + len(payload) + 4
    prelude = struct.pack("!II", total, len(encoded))
    head = prelude + struct.pack("!I", zlib.crc32(prelude))
    whole = head + encoded + payload
    return whole + struct.pack("!I", zlib.crc32(whole))


def _header(name: str, value: str) -> bytes:
    raw_name, raw_value = name.encode(), value.encode()
    return struct.pack("!B", len(raw_name)) + raw_name + struct.pack("!BH", STRING, len(raw_value)) + raw_value
