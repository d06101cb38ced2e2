"""The page's code on the import path, as in the image, and an API that says what a test tells it to."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.unit.frontend.fake_chat_api import FRONTEND, FakeApi

sys.path.insert(0, str(FRONTEND))


@pytest.fixture
def api_server() -> Iterator[FakeApi]:
    fake = FakeApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
            status, answer = fake.next_answer()
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in fake.headers.items() | {("Content-Length", str(len(data)))}:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keeps the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/prod/"
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page_env(api_server: FakeApi, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a task whose API is the fake one; proxies of the machine do not matter."""
    env = {"CHAT_API_URL": api_server.url, "CHAT_API_AUTH": "NONE", "CHAT_API_TIMEOUT_SECONDS": "5"}
    for name, value in (env | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}).items():
        monkeypatch.setenv(name, value)
    return env
