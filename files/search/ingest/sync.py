"""Makes one collection of the index equal to a set of documents; what is equal already is not touched.

The index itself is the only record of what was done: every part bears the digest of its document and the number of
its parts. So a run that was killed anywhere is simply run again, on any machine: documents that are whole are passed
over, and those that are in part are written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from ingest.bulks import Bulks
from ingest.formats import UnreadableError
from ingest.parts import Document, operations_of
from ingest.server import IngestError, Server
from ingest.state import Indexed, indexed


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


def synchronise(
    server: Server,
    index: str,
    collection: str,
    wanted: Iterable[Todo],
    *,
    known: Mapping[str, Indexed] | None = None,
    dry_run: bool = False,
    vector_field: str = "vector",
    progress: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Adds, replaces and deletes until the collection holds the wanted documents; the index is not refreshed.

    `known` is what the index holds (asked of it where not given). `dry_run` writes nothing, and tells the same.
    `progress` is told of each document that is settled. Deletes come last: a file that was renamed is never missing.
    """
    known = indexed(server, index, collection) if known is None else known
    report, seen = Report(), set()
    with Bulks(_nowhere if dry_run else partial(server.bulk, index)) as bulks:
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
        bulks.drain()
        for source in sorted(known.keys() - seen):
            bulks.add(_deletions(known[source], collection, source))
            report.deleted += 1
    return report


def _write(
    bulks: Bulks, todo: Todo, collection: str, before: Indexed | None, report: Report, vector_field: str
) -> None:
    try:
        document = todo.read()
    except UnreadableError as error:
        report.failed[todo.source] = " ".join(str(error).split())
        return
    if not document.parts:
        report.empty.append(todo.source)
        if before:
            bulks.add(_deletions(before, collection, todo.source))
            report.deleted += 1
        return
    bulks.add(operations_of(document, collection, vector_field))
    report.parts += len(document.parts)
    if before:
        bulks.add(_deletions(before, collection, todo.source, len(document.parts)))
        report.changed += 1
    else:
        report.added += 1


def _deletions(before: Indexed, collection: str, source: str, first: int = 0) -> Iterable[str]:
    return (f'{{"delete":{{"_id":"{key}"}}}}\n' for key in before.keys_from(collection, source, first))


def _nowhere(_operations: list[str]) -> None:
    """A dry run's requests."""


def at_hand(document: Document) -> Todo:
    """A document whose parts are made already."""
    return Todo(document.source, document.digest, lambda: document)
