"""A proxy before the search engine that holds one request that writes, so that who sent it can be killed at that point.

Where a run stands is told by its requests, not by a clock: the same on every machine. Only what can change an index is
counted, since between two of these a kill leaves the same index wherever it comes.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_READS = frozenset({"_analyze", "_count", "_refresh", "_search"})
_SECONDS = 120.0


@dataclass
class Gate:
    """`writes` came since `count_from_zero`. The one that `hold` names is held: `reached` is set, no other passes."""

    engine: str
    url: str = ""
    writes: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    _held: int = 0
    _after: bool = False
    _is_closed: bool = False
    _under_way: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def count_from_zero(self) -> None:
        with self._changed:
            self.writes = 0

    def hold(self, number: int, *, after: bool) -> None:
        """Holds this write: before the engine gets it, or `after` it was carried out and before that is told."""
        with self._changed:
            self._held, self._after = number, after
            self.reached.clear()

    @property
    def is_holding(self) -> bool:
        return self._is_closed

    def let_go(self) -> None:
        """Hangs up on whoever is held, and returns when nothing more is under way to the engine. Writes pass again."""
        with self._changed:
            self._held = 0
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: not self._under_way, _SECONDS):
                raise TimeoutError(f"{self._under_way} writes are not answered by the engine")
            self._is_closed = False

    def write(self, exchange: _Exchange) -> None:
        """A write's way through the gate."""
        with self._changed:
            self._under_way += 1
            passes = is_last = False
            if not self._is_closed:
                self.writes += 1
                is_last = self._is_closed = self.writes == self._held
                passes = not is_last or self._after
        try:
            answer = exchange.forward() if passes else None
            if is_last:
                self.reached.set()
            if answer and not is_last:
                exchange.reply(*answer)
            else:
                with self._changed:
                    self._changed.wait_for(lambda: not self._held)
                exchange.close_connection = True
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()


@contextmanager
def holding_proxy(engine: str) -> Iterator[Gate]:
    """The gate before the engine of this URL, on loopback; everything passes until `hold`."""
    gate = Gate(engine)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Exchange", (_Exchange,), {"gate": gate}))
    gate.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    protocol_version = "HTTP/1.1"
    gate: Gate
    body: bytes

    def _answer(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self._is_read():
                self.reply(*self.forward())
            else:
                self.gate.write(self)
        except ConnectionError:  # who asked was killed
            self.close_connection = True

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _is_read(self) -> bool:
        path = urlsplit(self.path).path
        return self.command in ("GET", "HEAD") or path.rpartition("/")[2] in _READS

    def forward(self) -> tuple[int, str, bytes]:
        """Status, content type and body of the engine's answer."""
        parts = urlsplit(self.gate.engine)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=_SECONDS)
        try:
            kind = self.headers.get("Content-Type", "application/json")
            connection.request(self.command, self.path, self.body or None, {"Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", "application/json"), answer.read()
        finally:
            connection.close()

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        return
