"""The circuit breaker of the search."""

from __future__ import annotations

import pytest
from backend_fakes import FakeTime
from rag.circuit import Circuit
from rag.errors import SearchTimeoutError, SearchUnavailableError


def fail(circuit: Circuit) -> None:
    with pytest.raises(SearchTimeoutError), circuit.call():
        raise SearchTimeoutError("slow")


def test_after_failures_in_a_row_nobody_waits() -> None:
    now = FakeTime()
    circuit = Circuit(2, 10, now)
    fail(circuit)
    with circuit.call():
        pass  # a success: the count begins anew
    fail(circuit)
    fail(circuit)
    called = []
    with pytest.raises(SearchUnavailableError, match="circuit open"), circuit.call():
        called.append(1)
    assert called == []


def test_after_a_while_one_call_tries() -> None:
    now = FakeTime()
    circuit = Circuit(2, 10, now)
    fail(circuit)
    fail(circuit)
    now.sleep(11)
    fail(circuit)  # it was let through, and opened the circuit again at once
    with pytest.raises(SearchUnavailableError, match="circuit open"), circuit.call():
        raise AssertionError("called")
    now.sleep(11)
    with circuit.call():
        pass
    fail(circuit)  # closed: one failure does not open it
    with circuit.call():
        pass
