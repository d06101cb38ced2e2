"""Which interpreter a module runs in is asked once a run, until it ends or something goes wrong with it.

Stand-ins for Mitogen's classes: it need not be there.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils import _mitogen

Happening = Callable[[Any], Any]


class Connection:
    """Mitogen's connection: what its process is asked for and told is written down."""

    asked: list[Any]
    put: list[Any]
    context: Any = None

    def _connect_stack(self, stack: Any) -> None:
        self.asked.append(stack)
        self.context = self.login_context = SimpleNamespace(ended=[])
        self.init_child_result = {"home_dir": "/home"}

    def _put_connection(self) -> None:
        self.put.append(self.context)

    def reset(self) -> None:
        """Nothing of interest here."""


def call_chain(_connection: Any, _context: Any, pipelined: bool) -> Any:
    return SimpleNamespace(reset=lambda: None, pipelined=pipelined)


def listen(context: Any, _event: str, callback: Any) -> None:
    context.ended.append(callback)


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Makes a connection and connects it."""
    kind: Any = type("Connection", (Connection,), dict(vars(Connection), asked=[], put=[]))
    for name, contents in {
        "ansible_mitogen": {},
        "ansible_mitogen.connection": {"Connection": kind, "CallChain": call_chain},
        "mitogen": {},
        "mitogen.core": {"listen": listen},
    }.items():
        module = types.ModuleType(name)
        module.__dict__.update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    _mitogen._keep_contexts()

    def connected(stack: str = "local") -> Any:
        connection = kind()
        connection._connect_stack([stack])
        return connection

    yield connected
    _mitogen._contexts.clear()


def test_it_is_asked_for_once(connect: Callable[..., Any]) -> None:
    first, second, other = connect(), connect(), connect("elsewhere")
    assert other.asked == [["local"], ["elsewhere"]]
    assert first.context is second.context is not other.context
    assert second.init_child_result == {"home_dir": "/home"}


def test_it_is_kept_after_a_task(connect: Callable[..., Any]) -> None:
    connect()
    connection = connect()
    connection._put_connection()
    assert (connection.context, connection.chain, connection.put) == (None, None, [])


@pytest.mark.parametrize(
    "happening",
    [
        lambda connection: connection.context.ended[0](),
        lambda connection: connection.reset(),
        lambda _connection: _mitogen.leave_interpreters(),
    ],
    ids=["ended", "reset", "left"],
)
def test_it_is_asked_for_anew(connect: Callable[..., Any], happening: Happening) -> None:
    connection = connect()
    happening(connection)
    assert connect().asked == [["local"], ["local"]]
