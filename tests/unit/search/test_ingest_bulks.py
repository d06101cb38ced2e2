"""What is sent when: never more than two requests on their way, each of bounded size, in order where it matters."""

from __future__ import annotations

import threading

import pytest
from ingest import __main__ as command
from ingest import bulks
from ingest.bulks import IN_FLIGHT, Bulks
from ingest.server import IngestError
from ingest.state import Indexed


class Server:
    """Notes what is on its way at once; holds requests back until `go` is set."""

    def __init__(self) -> None:
        self.done: list[list[str]] = []
        self.most = self._now = 0
        self.go = threading.Event()
        self._lock = threading.Lock()

    def send(self, operations: list[str]) -> None:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        assert self.go.wait(30)
        with self._lock:
            self._now -= 1
            self.done.append(operations)


def test_no_more_than_two_are_on_their_way() -> None:
    server = Server()
    with Bulks(server.send) as made:
        made.add(f"{number}\n" for number in range(bulks._OPERATIONS * IN_FLIGHT))
        server.go.set()
        made.add(f"{number}\n" for number in range(bulks._OPERATIONS * 5))
    assert server.most <= IN_FLIGHT
    assert sum(map(len, server.done)) == bulks._OPERATIONS * (IN_FLIGHT + 5)
    assert {len(operations) for operations in server.done} == {bulks._OPERATIONS}


def test_one_large_document_goes_in_several_requests() -> None:
    server = Server()
    server.go.set()
    with Bulks(server.send) as made:
        made.add("x" * 2**20 for _part in range(9))
    assert sorted(map(len, server.done)) == [1, 4, 4]


def test_after_a_drain_everything_is_there() -> None:
    server = Server()
    server.go.set()
    with Bulks(server.send) as made:
        made.add(["write\n"])
        made.drain()
        assert server.done == [["write\n"]]
        made.add(["delete\n"])
    assert server.done == [["write\n"], ["delete\n"]]


def test_what_the_server_refuses_is_raised() -> None:
    def refuse(_operations: list[str]) -> None:
        raise IngestError("_bulk: refused")

    with pytest.raises(IngestError, match="_bulk: refused"), Bulks(refuse) as made:
        made.add(["x\n"])


def test_an_error_of_the_caller_is_not_hidden_by_the_server_s() -> None:
    def refuse(_operations: list[str]) -> None:
        raise IngestError("_bulk: refused")

    def work() -> None:
        with Bulks(refuse) as made:
            made.add(f"{number}\n" for number in range(bulks._OPERATIONS))
            raise KeyError

    with pytest.raises(KeyError):
        work()


@pytest.mark.parametrize(
    ("held", "is_whole"),
    [
        (Indexed({"d"}, 3, 2, 3), True),
        (Indexed({"d"}, 2, 2, 3), False),  # one is missing
        (Indexed({"d", "e"}, 3, 2, 3), False),  # one is of another version
        (Indexed({"d"}, 4, 3, 3), False),  # one too many
        (Indexed({"e"}, 3, 2, 3), False),
        (Indexed(), False),
    ],
)
def test_when_a_document_is_whole(held: Indexed, is_whole: bool) -> None:
    assert held.is_whole("d") is is_whole


def test_the_parts_that_are_left_over_are_named() -> None:
    keys = list(Indexed({"d"}, 4, 3, 4).keys_from("documents", "a.md", 2))
    assert [key[-5:] for key in keys] == ["00002", "00003"]


def test_a_run_that_is_interrupted_says_so_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", interrupt)
    assert command.main([".", "--url", "https://es.example", "--index", "documents"]) == 130
    assert capsys.readouterr().err == "ingest: interrupted; run again, it goes on where it was\n"
