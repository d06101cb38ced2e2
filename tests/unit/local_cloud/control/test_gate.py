"""The gate: whoever is alone behind it is alone, and all others go on afterwards."""

from __future__ import annotations

import threading

import pytest

from local_cloud.control.gate import Gate

LIMIT = 10


class Worker(threading.Thread):
    """Goes in, tells so, and stays until it is let out."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(daemon=True)
        self.gate, self.inside, self.leave = gate, threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with self.gate.passing():
            self.inside.set()
            self.leave.wait(LIMIT)


class Parked(Worker):
    """Goes in, and stays parked until it is let out."""

    def run(self) -> None:
        with self.gate.passing(), self.gate.parked():
            self.inside.set()
            self.leave.wait(LIMIT)


def test_alone_waits_for_those_inside_and_keeps_others_out() -> None:
    gate = Gate()
    first = Worker(gate)
    assert first.inside.wait(LIMIT)
    alone, done = threading.Event(), threading.Event()

    def fork() -> None:
        with gate.passing(), gate.alone():
            alone.set()
            done.wait(LIMIT)

    forker = threading.Thread(target=fork, daemon=True)
    forker.start()
    first.leave.set()
    assert alone.wait(LIMIT)
    second = Worker(gate)
    assert not second.inside.wait(0.05)
    done.set()
    assert second.inside.wait(LIMIT)
    second.leave.set()
    for thread in (first, second, forker):
        thread.join(LIMIT)
        assert not thread.is_alive()


def test_too_long_inside() -> None:
    gate = Gate()
    first = Worker(gate)
    assert first.inside.wait(LIMIT)
    with gate.passing(), pytest.raises(TimeoutError, match="other requests"), gate.alone(0.01):
        pass
    first.leave.set()
    first.join(LIMIT)
    with gate.passing(), gate.alone():
        assert not first.is_alive()


def test_who_is_parked_does_not_count() -> None:
    gate = Gate()
    parked = Parked(gate)
    assert parked.inside.wait(LIMIT)
    with gate.passing(), gate.alone():
        parked.leave.set()
        parked.join(0.05)
        assert parked.is_alive(), "it came back in while somebody was alone"
    parked.join(LIMIT)
    assert not parked.is_alive()


def test_two_at_once_are_alone_one_after_the_other() -> None:
    gate, together = Gate(), threading.Barrier(2)
    inside: list[int] = []
    most: list[int] = []

    def fork(number: int) -> None:
        with gate.passing():
            together.wait(LIMIT)
            with gate.alone():
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    threads = [threading.Thread(target=fork, args=(number,), daemon=True) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert most == [1, 1]
