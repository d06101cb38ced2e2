"""The function behind HTTP on loopback, as API Gateway's Lambda proxy integration calls it; POST /stream streams."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock


@dataclass
class FunctionServer:
    """`tokens`: the header that each request brought, "" where there was none."""

    handler: Callable[[Any, Any], Any]
    url: str = ""
    tokens: list[str] = field(default_factory=list)


@contextmanager
def serving(handler: Callable[[Any, Any], Any]) -> Iterator[FunctionServer]:
    function = FunctionServer(handler)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(function))
    server.daemon_threads = True
    function.url = f"http://127.0.0.1:{server.server_port}/prod/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield function
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def hours_later(hours: int) -> Iterator[None]:
    """To the function's check of a token, so much time has passed: nobody waits, and a slow machine changes nothing."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(hours=hours)

    with mock.patch("jwt.api_jwt.datetime", Later):
        yield


def _handler(function: FunctionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            function.tokens.append(self.headers.get("X-Chat-Id-Token", ""))
            response = function.handler(self._event(), None)
            if isinstance(response, dict):
                self._begin(response["statusCode"], response["headers"])
                self.wfile.write(response["body"].encode())
                return
            self._begin(response.status, response.headers)
            for piece in response.body:
                self.wfile.write(piece)

        def _event(self) -> dict[str, Any]:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            return {
                "httpMethod": "POST",
                "resource": "/stream" if self.path.endswith("/stream") else "/",
                "headers": dict(self.headers.items()),
                "multiValueHeaders": {name: self.headers.get_all(name) for name in self.headers},
                "requestContext": {"requestId": secrets.token_hex(8)},
                "body": body,
            }

        def _begin(self, status: int, headers: Any) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            return

    return Handler
