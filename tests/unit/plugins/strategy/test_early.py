"""The modules' interpreter is asked for by the first action that knows it, once, and not waited for.

Stand-ins for Mitogen's classes: it need not be there.
"""

from __future__ import annotations

import sys
import threading
import types
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils import _early

PINNED = {"ansible_python_interpreter": "/usr/bin/python3"}


class Connection:
    """Mitogen's connection, as far as an action tells it where it runs."""

    transport = "local"
    announced: list[Any]

    def on_action_run(self, task_vars: Any, delegate_to_hostname: Any, loader_basedir: Any) -> None:
        self.announced.append((task_vars, delegate_to_hostname, loader_basedir))

    def _build_stack(self) -> Any:
        return "host", ({"method": "local"},)


class World:
    """`asked`: what was asked of Mitogen's process."""

    def __init__(self) -> None:
        self.connection: Any = type("Connection", (Connection,), dict(vars(Connection), announced=[]))
        self.asked: list[Any] = []
        service = SimpleNamespace(call_service_async=lambda **call: self.asked.append(call) or call)
        self.model = SimpleNamespace(
            get_binding=lambda _name: SimpleNamespace(get_service_context=lambda: service),
        )

    def act(self, task_vars: Any = None, delegate_to: Any = None, transport: str = "local") -> None:
        connection = self.connection()
        connection.transport = transport
        connection.on_action_run(task_vars, delegate_to, "/playbooks")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    for name, contents in {
        "ansible_mitogen": {},
        "ansible_mitogen.connection": {"Connection": made.connection},
        "ansible_mitogen.process": {"get_worker_model": lambda: made.model},
        "ansible_mitogen.utils": {},
        "ansible_mitogen.utils.unsafe": {"cast": lambda value: value},
    }.items():
        module = types.ModuleType(name)
        module.__dict__.update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(_early, "_asked", [])
    _early.connect_early.__wrapped__()
    return made


def test_the_first_action_asks_and_no_other(world: World) -> None:
    world.act(PINNED)
    world.act(PINNED)
    assert world.asked == [
        {
            "service_name": "ansible_mitogen.services.ContextService",
            "method_name": "get",
            "stack": [{"method": "local"}],
        }
    ]
    assert world.connection.announced == [(PINNED, None, "/playbooks")] * 2


@pytest.mark.parametrize(
    "other", [{"task_vars": {}}, {"task_vars": None}, {"delegate_to": "elsewhere"}, {"transport": "ssh"}]
)
def test_not_where_it_would_be_another_one_or_has_to_be_looked_for(world: World, other: dict[str, Any]) -> None:
    world.act(**{"task_vars": PINNED, **other})
    assert world.asked == []
    world.act(PINNED)
    assert len(world.asked) == 1


def test_a_worker_leaves_it_to_its_tasks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_early.os, "getpid", lambda: -1)
    world.act(PINNED)
    assert world.asked == []


def test_what_is_sent_is_prepared_once_services_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    prepared = threading.Event()
    process: Any = type("MuxProcess", (), {"_setup_services": lambda _self: done.append("set up")})
    for name, contents in {
        "ansible_mitogen": {},
        "ansible_mitogen.process": {"MuxProcess": process},
        "mitogen": {},
        "mitogen.parent": {"get_core_source_partial": lambda: done.append("prepared") or prepared.set()},
    }.items():
        module = types.ModuleType(name)
        module.__dict__.update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["mitogen"].parent = sys.modules["mitogen.parent"]  # type: ignore[attr-defined]
    _early.prepare_early.__wrapped__()
    process()._setup_services()
    assert prepared.wait(10)
    assert done == ["set up", "prepared"]
