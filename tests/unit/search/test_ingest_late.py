"""Requests of a killed run that are still under way are waited for before the index is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from ingest import late
from ingest.server import Server
from ingest.state import indexed

TASKS = {
    "n1": {
        "tasks": {
            "n1:5": {"description": "requests[500], indices[docs-000001]"},
            "n1:6": {"description": "requests[500], indices[docs-0000012]"},
            "n1:7": {"description": "requests[2], indices[other, docs-000001]"},
        }
    },
    "n2": {"tasks": {"n2:9": {"description": "requests[1], indices[docs-000001]"}, "n2:10": {}}},
}


@dataclass
class Engine:
    """Notes what it is asked, and lists these tasks."""

    nodes: dict[str, Any] | None
    asked: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, body: object = None, *, accept: tuple[int, ...] = ()) -> dict[str, Any]:
        self.asked.append(f"{method} {path.partition('?')[0]}")
        if path.startswith("/_tasks?"):
            assert 403 in accept
            return {} if self.nodes is None else {"nodes": self.nodes}
        if path.startswith("/_tasks/"):
            assert "wait_for_completion=true" in path
            assert 404 in accept
        return {}


def test_what_writes_to_the_index_is_waited_for_before_it_is_read() -> None:
    engine = Engine(TASKS)
    assert indexed(cast(Server, engine), "docs-000001", "documents") == {}
    waited = [f"GET /_tasks/{name}" for name in ("n1%3A5", "n1%3A7", "n2%3A9")]
    assert engine.asked == ["GET /_tasks", *waited, "POST /docs-000001/_refresh", "POST /docs-000001/_search"]


@pytest.mark.parametrize("nodes", [None, {}])
def test_a_server_that_does_not_tell_is_not_waited_for(nodes: dict[str, Any] | None) -> None:
    engine = Engine(nodes)
    late.wait_for_writes(cast(Server, engine), "docs-000001")
    assert engine.asked == ["GET /_tasks"]


def test_a_dry_run_waits_for_nothing() -> None:
    engine = Engine(TASKS)
    indexed(cast(Server, engine), "docs-000001", "documents", refresh=False)
    assert engine.asked == ["POST /docs-000001/_search"]
