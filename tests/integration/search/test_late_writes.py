"""A real engine carries a bulk out though its sender is gone; it tells so, and can be waited for."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import requests
from ingest import late
from ingest.server import Connection, Server

INDEX = "late-000001"
ATTEMPTS = 50


def send_and_leave(url: str, number: int) -> None:
    """A whole request of some MB; the connection is closed before its answer."""
    text = " ".join(str(number * each) for each in range(1500))
    lines = [f'{{"index":{{"_id":"{number}-{each}"}}}}\n{json.dumps({"text": text})}\n' for each in range(400)]
    body = "".join(lines).encode()
    head = f"POST /{INDEX}/_bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
    parts = urlsplit(url)
    with socket.create_connection((str(parts.hostname), parts.port)) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def test_what_nobody_waits_for_any_more_is_seen_and_waited_for(opensearch: str) -> None:
    server = Server(Connection(opensearch))
    requests.put(f"{opensearch}/{INDEX}", timeout=60).raise_for_status()
    seen: list[str] = []
    for number in range(1, ATTEMPTS + 1):
        send_and_leave(opensearch, number)
        if seen := late.under_way(server, INDEX):
            break
    assert seen, "no request was ever seen under way"
    late.wait_for_writes(server, INDEX)
    assert not set(seen) & set(late.under_way(server, INDEX))
    assert late.under_way(server, "late-00000") == []
