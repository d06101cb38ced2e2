"""Search, model, table and secret with no latency: one process on loopback, answers made beforehand.

`python -m tools.bench.backend.standins` prints its URL and ends with its standard input. `/_record` tells what came
since it was last asked: operation, when the request was there, when it was answered, and for a stream when its first
words were written (seconds of the monotonic clock, which all processes of one machine share). `/_pause?0.05` lets
every stream pause so long after its first words.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from local_cloud.data.bedrock import converse, eventstream, extract, prompt

DOCUMENTS = Path(__file__).resolve().parents[3] / "samples" / "documents"
HITS = 30
"""As many as the function asks for (ES_CANDIDATES)."""
LONGEST = 1000
"""Characters of a passage: the ingestion's limit, so that no index made by it costs more."""
DIFFERENT = 40
"""Answers of the search, one after the other."""
TURNS = 5
"""Of the conversation that the table holds (HISTORY_TURNS)."""
PIECE = 8
JSON, AMZ_JSON = "application/json", "application/x-amz-json-1.0"


@dataclass(frozen=True)
class Record:
    """One request. `first`: when a stream's first words were written; 0 where there were none."""

    operation: str
    received: float
    answered: float
    first: float = 0.0


def passages(search: int) -> list[dict[str, str]]:
    """HITS different ones of about LONGEST characters, made of the sample documents; each search has others, so that
    nothing is won by remembering them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.md"))]
    pairs = list(itertools.combinations(texts, 2))
    chosen = [pairs[(search + step) % len(pairs)] for step in range(0, 3 * HITS, 3)]
    return [
        {
            "title": one.splitlines()[0].strip("# "),
            "text": f"第{search}版\n{one}\n{other}"[:LONGEST],
            "source": f"規程/{number}.md",
        }
        for number, (one, other) in enumerate(chosen)
    ]


def found(search: int) -> bytes:
    hits = [
        {"_id": str(rank), "_score": 20.0 - rank / 2, "_source": source} for rank, source in enumerate(passages(search))
    ]
    return json.dumps({"hits": {"hits": hits}}, ensure_ascii=False).encode()


def mapping() -> bytes:
    fields = {name: {"type": "text"} for name in ("title", "text", "body")}
    return json.dumps({"docs": {"mappings": {"properties": fields}}}).encode()


def history() -> bytes:
    """The newest first, as the function asks."""
    items = []
    for turn in reversed(range(TURNS)):
        for role, text in (("assistant", "国内出張の宿泊費は一泊12,000円までです [1]。" * 6), ("user", "上限は？")):
            items.append(
                {
                    "sk": {"S": f"MSG#{turn}#{role}"},
                    "role": {"S": role},
                    "text": {"S": text},
                    "request_id": {"S": f"r{turn}"},
                    "ttl": {"N": "4102444800"},
                }
            )
    return json.dumps({"Items": items, "Count": len(items)}, ensure_ascii=False).encode()


SECRET = json.dumps({"SecretString": json.dumps({"username": "chatbot", "password": "none"})}).encode()
FIXED = {
    "_mapping": (mapping(), JSON),
    "Query": (history(), AMZ_JSON),
    "GetItem": (b"{}", AMZ_JSON),
    "TransactWriteItems": (b"{}", AMZ_JSON),
    "GetSecretValue": (SECRET, AMZ_JSON),
}


SEARCHES = itertools.cycle([(found(search), JSON) for search in range(DIFFERENT)])


@lru_cache(maxsize=4096)
def said(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Converse's answer, and ConverseStream's up to the first words and after them: chunked as Bedrock's, each event a
    chunk. Made once for each prompt."""
    request: dict[str, Any] = json.loads(body)
    reply = converse.cut(extract.answer(prompt.read(request["messages"])), request)
    pieces = [reply.text[at : at + PIECE] for at in range(0, len(reply.text), PIECE)]
    events = [converse.START, *(converse.delta(piece) for piece in pieces), *converse.ending(request, reply, 1)]
    encoded = [eventstream.event(kind, payload) for kind, payload in events]
    whole = json.dumps(converse.response(request, reply, 1)).encode()
    chunks = [b"%x\r\n%s\r\n" % (len(event), event) for event in encoded]
    return whole, b"".join(chunks[:2]), b"".join(chunks[2:]) + b"0\r\n\r\n"


NAMED = {name.lower(): answer for name, answer in FIXED.items()}


@dataclass
class Course:
    """What all connections share: the requests so far, and how long a stream pauses after its first words."""

    records: list[Record] = field(default_factory=list)
    pause: float = 0.0


class StandIn(asyncio.Protocol):
    """HTTP/1.1 with Content-Length, one request after the other on a connection: all that the clients use."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._seen = transport, b""

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while b"\r\n\r\n" in self._seen:
            head, _blank, rest = self._seen.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            size = int(fields.get(b"content-length", b"0"))
            if len(rest) < size:
                return
            self._seen = rest[size:]
            self._answer(head.split(b" ", 2)[1].decode(), fields, rest[:size])

    def _answer(self, path: str, fields: dict[bytes, bytes], body: bytes) -> None:
        received = monotonic()
        if path.startswith("/_"):
            self._command(path)
            return
        operation = fields.get(b"x-amz-target", b"").rpartition(b".")[2].decode() or path.rpartition("/")[2]
        named = next(SEARCHES) if operation == "_search" else NAMED.get(operation)
        if named:
            self._send(*named)
            self._note(operation, received)
            return
        whole, first, rest = said(body)
        if operation == "converse":
            self._send(whole, JSON)
            self._note(operation, received)
            return
        self._head("Transfer-Encoding: chunked", eventstream.CONTENT_TYPE)
        self._transport.write(first)
        begun = monotonic()

        def end() -> None:
            self._transport.write(rest)
            self._note(operation, received, begun)

        if self._course.pause:
            asyncio.get_running_loop().call_later(self._course.pause, end)
        else:
            end()

    def _command(self, path: str) -> None:
        if path.startswith("/_pause?"):
            self._course.pause = float(path.partition("?")[2])
        told = json.dumps([asdict(record) for record in self._course.records]).encode()
        self._course.records.clear()
        self._send(told, JSON)

    def _send(self, body: bytes, kind: str) -> None:
        self._head(f"Content-Length: {len(body)}", kind)
        self._transport.write(body)

    def _head(self, size: str, kind: str) -> None:
        self._transport.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{size}\r\n\r\n".encode())

    def _note(self, operation: str, received: float, first: float = 0.0) -> None:
        self._course.records.append(Record(operation, received, monotonic(), first))


async def main() -> None:
    loop = asyncio.get_running_loop()
    course = Course()
    server = await loop.create_server(lambda: StandIn(course), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
