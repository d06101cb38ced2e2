"""A threaded WSGI server on loopback that keeps connections alive.

werkzeug's own handler closes every connection and waits 10 ms for leftovers after each request, which
would cost more than the request itself; this one answers in HTTP/1.1 with one buffered write.
"""

from __future__ import annotations

import io
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wsgi import LimitedStream

from local_cloud.control.gate import Gate

LOG = logging.getLogger(__name__)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class KeepAliveHandler(MotoRequestHandler):
    """One connection: reads requests one after another until the client closes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: LoopbackServer
    rfile: io.BufferedReader

    def handle_one_request(self) -> None:
        """Wait for a request outside of the gate, and answer it inside."""
        if not self.rfile.peek(1):
            self.close_connection = True
            return
        with self.server.gate.passing():
            super().handle_one_request()

    def handle_expect_100(self) -> bool:
        """Let the client send its body now, not when the answer is flushed."""
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def run_wsgi(self) -> None:
        """Answer one request; whatever the application left of its body is read away."""
        environ = self.make_environ()
        stream = self._body_stream(environ)
        environ["wsgi.input"] = stream
        try:
            status, headers, chunks = self._call(environ)
        except Exception:
            LOG.exception("request failed: %s %s", self.command, self.path)
            status, headers = "500 Internal Server Error", [("Content-Type", "text/plain")]
            chunks = [b"The local cloud's control plane failed; see its log."]
        self._answer(status, headers, chunks)
        while stream.read(1 << 16):
            continue

    def _body_stream(self, environ: dict[str, Any]) -> Any:
        if environ.get("wsgi.input_terminated"):
            return environ["wsgi.input"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        return LimitedStream(environ["wsgi.input"], length) if length else io.BytesIO()

    def _call(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        seen: dict[str, Any] = {}

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            seen["status"], seen["headers"] = status, headers
            return self.wfile.write

        chunks = self.server.app(environ, start_response)
        return seen["status"], seen["headers"], chunks

    def _answer(self, status: str, headers: list[tuple[str, str]], chunks: Iterable[bytes]) -> None:
        code, _space, reason = status.partition(" ")
        names = {name.lower() for name, _value in headers}
        if "content-length" not in names and int(code) not in (204, 304):
            chunks = [b"".join(chunks)]
            headers = [*headers, ("Content-Length", str(len(chunks[0])))]
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            for chunk in chunks:
                self.wfile.write(chunk)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are recorded by the front, with their operation; no access log."""


class LoopbackServer(ThreadedWSGIServer):
    """One thread a connection, each of whose requests passes the gate."""

    # A client that holds its connection open must not keep the process from ending.
    daemon_threads = True

    def __init__(self, host: str, port: int, app: WSGIApp, gate: Gate) -> None:
        self.gate = gate
        self._connections: set[socket.socket] = set()
        super().__init__(host, port, app, KeepAliveHandler)

    def another(self) -> LoopbackServer:
        """Of the same application on a free port."""
        return LoopbackServer(self.host, 0, self.app, self.gate)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and serve it in a thread."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, and close it."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def abandon(self) -> None:
        """In a fork that is not to serve: let go of the sockets, else they live on when their process has ended.

        They are only closed, not shut down: the process that serves them goes on.
        """
        for each in (self.socket, *self._connections):
            os.close(each.detach())
        self._connections.clear()


def make_loopback_server(host: str, port: int, app: WSGIApp, gate: Gate | None = None) -> LoopbackServer:
    """A server bound to a loopback address; port 0 lets the system choose. Any other host is refused."""
    if host not in LOOPBACK:
        raise ValueError(f"the local cloud listens on loopback only, not on {host}")
    return LoopbackServer(host, port, app, gate or Gate())


def serve_in_thread(server: LoopbackServer) -> threading.Thread:
    """Serve in a daemon thread; stop with ``server.shutdown()``."""
    thread = threading.Thread(target=server.serve_forever, name="control-plane", daemon=True)
    thread.start()
    return thread
