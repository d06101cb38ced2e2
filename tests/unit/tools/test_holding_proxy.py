"""The proxy that holds a write: what the engine has got when its sender is killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from tools.holding_proxy import Gate, holding_proxy

_LONGEST = 30.0


class _Engine(ThreadingHTTPServer):
    """Notes what comes."""

    came: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Engine

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.came.append(f"{self.command} {self.path}")
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, format: str, *arguments: object) -> None:
        return


@pytest.fixture
def engine() -> Iterator[_Engine]:
    server = _Engine(("127.0.0.1", 0), _Handler)
    server.came = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gate(engine: _Engine) -> Iterator[Gate]:
    with holding_proxy(f"http://127.0.0.1:{engine.server_port}") as gate:
        yield gate


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def _post(gate: Gate, path: str) -> int:
    return requests.post(f"{gate.url}{path}", data=b"{}", timeout=_LONGEST).status_code


def _is_hung_up_on(request: Future[int]) -> bool:
    return isinstance(request.exception(_LONGEST), requests.ConnectionError)


def test_what_is_not_held_passes_and_only_writes_count(gate: Gate, engine: _Engine) -> None:
    assert requests.put(f"{gate.url}/a-000001", data=b"{}", timeout=_LONGEST).json() == {}
    assert requests.get(f"{gate.url}/a", timeout=_LONGEST).status_code == 201
    assert [_post(gate, path) for path in ("/a/_search?size=1", "/a/_refresh", "/_analyze")] == [201] * 3
    assert gate.writes == 1
    assert len(engine.came) == 5


@pytest.mark.parametrize(("after", "came"), [(False, ["POST /1"]), (True, ["POST /1", "POST /2"])])
def test_a_write_is_held_before_the_engine_or_after_it(
    gate: Gate, engine: _Engine, pool: ThreadPoolExecutor, after: bool, came: list[str]
) -> None:
    gate.hold(2, after=after)
    assert _post(gate, "/1") == 201
    held = pool.submit(_post, gate, "/2")
    assert gate.reached.wait(_LONGEST)
    assert engine.came == came
    gate.let_go()
    assert _is_hung_up_on(held)
    assert engine.came == came


def test_what_comes_after_the_held_one_neither_passes_nor_counts(
    gate: Gate, engine: _Engine, pool: ThreadPoolExecutor
) -> None:
    gate.hold(1, after=False)
    held = pool.submit(_post, gate, "/1")
    assert gate.reached.wait(_LONGEST)
    with pytest.raises(requests.Timeout):
        requests.post(f"{gate.url}/2", timeout=0.2)
    gate.let_go()
    assert _is_hung_up_on(held)
    assert (engine.came, gate.writes) == ([], 1)
    assert _post(gate, "/3") == 201
    assert (engine.came, gate.writes) == (["POST /3"], 2)
