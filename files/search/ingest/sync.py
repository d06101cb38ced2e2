"""Makes one collection of the index equal to a set of documents; what is equal already is not touched.

The index itself is the only record of what was done: every part bears the digest of its document and the number of
its parts. So a run that was killed anywhere is simply run again, on any machine: documents that are whole are passed
over, and those that are in part are written anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

from ingest.formats import UnreadableError
from ingest.parts import Document, lines_of, part_id
from ingest.server import IngestError, Server

_PAGE = 2000
_BULK_BYTES = 2 * 1024 * 1024
_BULK_LINES = 2000


@dataclass
class Indexed:
    """What the index holds of one source."""

    digests: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    expected: int = 0

    def is_whole(self, digest: str) -> bool:
        return self.digests == {digest} and len(self.parts) == self.expected


@dataclass
class Report:
    """How many documents of each kind; `parts` were written.

    `empty`: sources without text. `failed`: sources that could not be read, with the reason; what the index held of
    them stays.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    parts: int = 0
    empty: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def has_changed(self) -> bool:
        return bool(self.added or self.changed or self.deleted)


@dataclass(frozen=True)
class Todo:
    """One document that may have to be written. `read` makes its parts; it is called only if so."""

    source: str
    digest: str
    read: Callable[[], Document]


def indexed(server: Server, index: str, collection: str) -> dict[str, Indexed]:
    """What the index holds of the collection, by source."""
    found: dict[str, Indexed] = defaultdict(Indexed)
    body: dict[str, object] = {
        "size": _PAGE,
        "_source": ["source", "digest", "parts", "part"],
        "query": {"bool": {"filter": [{"term": {"collection": collection}}]}},
        "sort": [{"part": "asc"}],
    }
    while True:
        hits = server.ask("POST", f"/{quote(index)}/_search", body)["hits"]["hits"]
        for hit in hits:
            fields = hit["_source"]
            entry = found[fields["source"]]
            entry.digests.add(fields["digest"])
            entry.parts.add(hit["_id"])
            entry.expected = fields["parts"]
        if len(hits) < _PAGE:
            return dict(found)
        body["search_after"] = hits[-1]["sort"]


def synchronise(
    server: Server,
    index: str,
    collection: str,
    wanted: Iterable[Todo],
    *,
    vector_field: str = "vector",
    progress: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Adds, replaces and deletes until the collection holds the wanted documents; the index is not refreshed.

    `progress` is told of each document that is settled. Deletes come last: a file that was renamed is never missing.
    """
    known = indexed(server, index, collection)
    report, seen = Report(), set()
    with _Bulks(server, index) as bulks:
        for todo in wanted:
            if todo.source in seen:
                raise IngestError(f"two documents bear the source {todo.source}")
            seen.add(todo.source)
            before = known.get(todo.source)
            if before and before.is_whole(todo.digest):
                report.unchanged += 1
            else:
                _write(bulks, todo, collection, before, report, vector_field)
            progress(1)
        for source in sorted(known.keys() - seen):
            bulks.add(_deletions(known[source].parts))
            report.deleted += 1
    return report


def _write(
    bulks: _Bulks, todo: Todo, collection: str, before: Indexed | None, report: Report, vector_field: str
) -> None:
    try:
        document = todo.read()
    except UnreadableError as error:
        report.failed[todo.source] = str(error)
        return
    if not document.parts:
        report.empty.append(todo.source)
        if before:
            bulks.add(_deletions(before.parts))
            report.deleted += 1
        return
    bulks.add(list(lines_of(document, collection, vector_field)))
    report.parts += len(document.parts)
    if before:
        kept = {part_id(collection, todo.source, number) for number in range(len(document.parts))}
        bulks.add(_deletions(before.parts - kept))
        report.changed += 1
    else:
        report.added += 1


def _deletions(keys: Iterable[str]) -> list[str]:
    return [json.dumps({"delete": {"_id": key}}) for key in sorted(keys)]


class _Bulks:
    """Gathers lines, and sends them while the next are made: one request at a time is on its way."""

    def __init__(self, server: Server, index: str) -> None:
        self._server, self._index = server, index
        self._lines: list[str] = []
        self._bytes = 0
        self._pool = ThreadPoolExecutor(1)
        self._sent: Future[None] | None = None

    def __enter__(self) -> _Bulks:
        return self

    def __exit__(self, kind: object, _value: object, _trace: object) -> None:
        try:
            if kind is None:
                self._send()
            if self._sent:
                self._sent.result()
        finally:
            self._pool.shutdown()

    def add(self, lines: list[str]) -> None:
        self._lines += lines
        self._bytes += sum(map(len, lines))
        if self._bytes >= _BULK_BYTES or len(self._lines) >= _BULK_LINES:
            self._send()

    def _send(self) -> None:
        if self._sent:
            self._sent.result()
        if self._lines:
            self._sent = self._pool.submit(self._server.bulk, self._index, self._lines)
        self._lines, self._bytes = [], 0


def at_hand(document: Document) -> Todo:
    """A document whose parts are made already."""
    return Todo(document.source, document.digest, lambda: document)
