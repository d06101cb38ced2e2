"""A real HTTP(S) server on loopback that answers by a script."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. `parts` are sent one by one, with `pause` before each; `hang_up` closes without a word."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    parts: int = 1
    hang_up: bool = False


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Script:
    """`replies` by "METHOD last-part-of-path"; the last one of a list is repeated."""

    replies: dict[str, list[Reply]]
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def next(self, key: str) -> Reply:
        left = self.replies.get(key, [Reply({"error": {"type": "unscripted"}}, 500)])
        return left.pop(0) if len(left) > 1 else left[0]

    def paths(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.seen]


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server looks for
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(data) if data else None
            script.seen.append(Seen(self.command, self.path, dict(self.headers), body))
            reply = script.next(f"{self.command} {self.path.rsplit('/', 1)[-1]}")
            if reply.hang_up:
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            size = -(-len(data) // reply.parts)
            try:
                if script.closing.wait(reply.pause):
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                for start in range(0, len(data), size or 1):
                    self.wfile.write(data[start : start + size])
                    if reply.parts > 1 and script.closing.wait(reply.pause):
                        return
            except ConnectionError:  # the client had enough
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Handler


@contextmanager
def serve(replies: dict[str, list[Reply]], tls: ssl.SSLContext | None = None) -> Iterator[Script]:
    script = Script({key: list(value) for key, value in replies.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    script.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
