"""Everything that the function reaches, behind real sockets on loopback, each operation healthy until told otherwise.

Search and model answer by themselves; DynamoDB and Secrets Manager are moto's, every call through this edge. An
operation's name is its AWS name, `_search` or `_mapping`; what stands in `faults` under it takes the place of its
answer. `calls` is every request that came, in order.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from local_cloud.data.bedrock import converse, eventstream

DOCUMENT = {"title": "出張旅費規程", "text": "国内出張の宿泊費の上限は一泊12,000円です。", "source": "規程/旅費.md"}
SAID = "国内出張の宿泊費の上限は一泊12,000円です [1]。"
PIECE = 6
MODEL_OPERATIONS = {"converse": "Converse", "converse-stream": "ConverseStream"}
Events = list[tuple[str, Mapping[str, Any]]]


class Exchange(BaseHTTPRequestHandler):
    """One request, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    edge: Edge
    body: bytes

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self._operation()
        self.edge.calls.append(operation)
        try:
            self.edge.faults.get(operation, HEALTHY.get(operation, forwarded))(self)
        except ConnectionError:  # the function had enough of it
            self.close_connection = True

    def _operation(self) -> str:
        last = self.path.rpartition("/")[2]
        target: str = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        return MODEL_OPERATIONS.get(last, target or last)

    def reply(self, body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer; bytes as they are, everything else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.begin(len(data), status, headers)
        self.wfile.write(data)

    def begin(self, size: int, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """The head alone."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def events(self, events: Events, *, whole: bool = True) -> None:
        """An event stream in chunks; `whole` False leaves it without its end."""
        self.send_response(200)
        self.send_header("Content-Type", eventstream.CONTENT_TYPE)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for kind, payload in events:
            data = eventstream.event(kind, payload)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        if whole:
            self.wfile.write(b"0\r\n\r\n")

    def hang_up(self) -> None:
        """The connection ends here, as one that is lost."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def silence(self, seconds: float | None = None) -> None:
        """Nothing comes until the test is over, or for so long."""
        if self.edge.over.wait(seconds):
            self.close_connection = True

    def log_message(self, format: str, *arguments: Any) -> None:
        return


Fault = Callable[[Exchange], None]


@dataclass
class Edge:
    """`search_port` is refused until `listen`: the search server that is down."""

    moto: str
    url: str = ""
    search_url: str = ""
    faults: dict[str, Fault] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    listen: Callable[[], None] = field(default=lambda: None)
    transaction: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *operations: str) -> int:
        return sum(call in operations for call in self.calls)


def found(exchange: Exchange) -> None:
    exchange.reply({"hits": {"hits": [{"_id": "d1", "_score": 3.0, "_source": DOCUMENT}]}})


def mapped(exchange: Exchange) -> None:
    fields = {name: {"type": "text"} for name in DOCUMENT}
    exchange.reply({"docs": {"mappings": {"properties": fields}}})


def said(exchange: Exchange) -> None:
    request = json.loads(exchange.body)
    exchange.reply(converse.response(request, converse.Reply(SAID, "end_turn"), 1))


def pieces(text: str = SAID) -> Events:
    return [converse.START, *(converse.delta(text[at : at + PIECE]) for at in range(0, len(text), PIECE))]


def streamed(exchange: Exchange) -> None:
    reply = converse.Reply(SAID, "end_turn")
    exchange.events([*pieces(), *converse.ending(json.loads(exchange.body), reply, 1)])


def forwarded(exchange: Exchange) -> None:
    """moto's answer."""
    answer = at_moto(exchange)
    exchange.reply(answer.content, answer.status_code, {"Content-Type": answer.headers["Content-Type"]})


def at_moto(exchange: Exchange) -> requests.Response:
    headers = {name: value for name, value in exchange.headers.items() if name.lower() not in ("host", "connection")}
    # One at a time: two transactions of moto's at once undo each other's writes.
    with exchange.edge.transaction:
        return requests.post(exchange.edge.moto, data=exchange.body, headers=headers, timeout=60)


HEALTHY: dict[str, Fault] = {"_search": found, "_mapping": mapped, "Converse": said, "ConverseStream": streamed}


@contextmanager
def edge(moto: str) -> Iterator[Edge]:
    """One server for AWS, one for search, which listens only once it is told to."""
    opened = Edge(moto)
    handler = type("Handler", (Exchange,), {"edge": opened})
    aws = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    search = ThreadingHTTPServer(("127.0.0.1", 0), handler, bind_and_activate=False)
    search.server_bind()
    opened.url, opened.search_url = (f"http://127.0.0.1:{server.server_address[1]}" for server in (aws, search))
    threads = [_serving(aws)]

    def listen() -> None:
        search.server_activate()
        threads.append(_serving(search))

    opened.listen = listen
    try:
        yield opened
    finally:
        opened.over.set()
        for server, thread in zip((aws, search), threads, strict=False):
            server.shutdown()
            thread.join()
        aws.server_close()
        search.server_close()


def _serving(server: ThreadingHTTPServer) -> threading.Thread:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    return thread
