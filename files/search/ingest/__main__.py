"""`python -m ingest FOLDER --url URL --index NAME`: makes the index hold what the folder holds.

Run again, it writes what is new or changed and deletes what is gone. Killed, it is simply run again. The last line
printed is a JSON object. Exit status: 0 done, 1 failed, or files that could not be read (all others are done; what the
index held of these files stays), 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ingest import guard, index, login, reading, vectors
from ingest.definition import Bm25, Vectors, Wanted
from ingest.embedding import Embedder, with_vectors
from ingest.guard import Guard
from ingest.isolated import Parser
from ingest.listing import Listing, Patterns, listing
from ingest.progress import Progress
from ingest.reading import Reading
from ingest.server import IngestError, Server
from ingest.state import Indexed, indexed
from ingest.sync import Report, Todo, synchronise


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = parser().parse_args(arguments)
    try:
        result = run(options)
    except (IngestError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ingest: interrupted; run again, it goes on where it was", file=sys.stderr)
        return 130
    for source, reason in result["failed"].items():
        print(f"ingest: {source}: {reason}", file=sys.stderr)
    for source in result["empty"]:
        print(f"ingest: {source}: nothing in it", file=sys.stderr)
    if result["passed_over"]:
        counts = ", ".join(f"{count} {kind}" for kind, count in result["passed_over"].items())
        print(f"ingest: passed over: {counts}", file=sys.stderr)
    print(json.dumps(result, ensure_ascii=False), flush=True)
    return 1 if result["failed"] else 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m ingest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Bm25()
    top.add_argument("folder", type=Path)
    top.add_argument("--index", required=True, help="the alias that questions are asked of")
    top.add_argument("--collection", default="documents", help="what this folder is called in the index")
    top.add_argument("--rebuild", action="store_true", help="fill a new index, then move the alias to it")
    top.add_argument("--dry-run", action="store_true", help="tell what would be done, and write nothing")
    top.add_argument("--include", action="append", default=[], metavar="PATTERN", help="only these files, as '*.md'")
    top.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="not these files, as 'drafts/*'; what the index holds of them is deleted",
    )
    top.add_argument(
        "--max-deleted-percent",
        type=int,
        default=guard.PERCENT,
        help="of the documents in the index that one run may delete (0 to 100)",
    )
    top.add_argument("--part-chars", type=int, default=1000, help="longest part of a document (200 to 10000)")
    top.add_argument("--shards", type=int, default=1)
    top.add_argument("--replicas", type=int, default=0)
    top.add_argument("--k1", type=float, default=default.k1, help="BM25 over characters")
    top.add_argument("--b", type=float, default=default.b)
    top.add_argument("--morphemes-k1", type=float, default=default.morphemes_k1, help="BM25 over morphemes")
    top.add_argument("--morphemes-b", type=float, default=default.morphemes_b)
    vectors.add_options(top)
    login.add_options(top)
    return top


def run(options: argparse.Namespace) -> dict[str, Any]:
    """The whole run; what was done, for the last line. Raises IngestError."""
    if not 200 <= options.part_chars <= 10_000:
        raise IngestError("--part-chars is not from 200 to 10000")
    if not 0 <= options.max_deleted_percent <= 100:
        raise IngestError("--max-deleted-percent is not from 0 to 100")
    found = listing(options.folder, Patterns(tuple(options.include), tuple(options.exclude)))
    server = Server(login.connection(options))
    dry_run = options.dry_run
    embedder, left_out = _embedder(options, server)
    wanted = _wanted(options, embedder)
    target = index.prepare(server, options.index, wanted, rebuild=options.rebuild, dry_run=dry_run)
    known = _known(server, target, options, found.sources)
    with Parser() as parser, Progress("documents", len(found.files)) as progress:
        report = synchronise(
            server,
            target.name,
            options.collection,
            _todos(found, parser, options, embedder),
            known=known,
            dry_run=dry_run,
            vector_field=options.vector_field,
            progress=progress.step,
        )
    if not dry_run:
        _publish(server, target, options.collection)
    return {**_result(report, target, found), "vectors": _told(embedder, left_out)}


def _known(
    server: Server, target: index.Target, options: argparse.Namespace, sources: frozenset[str]
) -> dict[str, Indexed]:
    """What the target holds already. Raises IngestError where too much of what can be found now would be gone."""
    refresh = not options.dry_run
    known = indexed(server, target.name, options.collection, refresh=refresh) if target.is_there else {}
    standing = set(known)
    for name in set(target.previous) - {target.name}:
        standing |= indexed(server, name, options.collection, refresh=False).keys()
    Guard(options.max_deleted_percent).check(str(options.folder), standing, sources)
    return known


def _todos(found: Listing, parser: Parser, options: argparse.Namespace, embedder: Embedder | None) -> Iterator[Todo]:
    todos = reading.todos(found.files, Reading(options.part_chars, to_markdown=parser.to_markdown))
    if not embedder:
        return todos
    return _without_vectors(todos, embedder) if options.dry_run else with_vectors(todos, embedder)


def _without_vectors(todos: Iterator[Todo], embedder: Embedder) -> Iterator[Todo]:
    """For a dry run: the digests as with vectors, but the model is not called."""
    for todo in todos:
        for filled in with_vectors([todo], embedder):
            yield replace(filled, read=todo.read)


def _publish(server: Server, target: index.Target, collection: str) -> None:
    if not target.is_published:
        _keep_others(server, target, collection)
    index.refresh(server, target.name)
    index.publish(server, target)


def _keep_others(server: Server, target: index.Target, collection: str) -> None:
    """A new index takes over what other runs, and others than us, put into the old one."""
    others = {"bool": {"must_not": [{"term": {"collection": collection}}]}}
    for before in target.previous:
        body = {"source": {"index": before, "query": others}, "dest": {"index": target.name}}
        server.ask("POST", "/_reindex", body)


def _embedder(options: argparse.Namespace, server: Server) -> tuple[Embedder | None, str]:
    """Who makes the vectors, tried once; or why there are none on this server. Raises IngestError."""
    if not options.embedding_model:
        return None, ""
    size = vectors.size_of(options.embedding_model, options.dimensions)
    if reason := vectors.missing(server):
        print(f"ingest: the documents are indexed without vectors: {reason}", file=sys.stderr)
        return None, reason
    embedder = Embedder.of_bedrock(options.embedding_model, size)
    if not options.dry_run:
        embedder.try_out()
    return embedder, ""


def _told(embedder: Embedder | None, left_out: str) -> str:
    """For the last line: the model with its dimensions, or why there are no vectors."""
    return f"{embedder.model_id} {embedder.dimensions}" if embedder else left_out or "not asked for"


def _wanted(options: argparse.Namespace, embedder: Embedder | None) -> Wanted:
    bm25 = Bm25(options.k1, options.b, options.morphemes_k1, options.morphemes_b)
    wanted = Vectors(embedder.dimensions, options.vector_field) if embedder else None
    return Wanted(bm25, options.shards, options.replicas, wanted)


def _result(report: Report, target: index.Target, found: Listing) -> dict[str, Any]:
    return {
        "has_changed": report.has_changed or not target.is_published,
        **asdict(report),
        "passed_over": dict(sorted(found.passed_over.items())),
        "index": target.name,
        "layers": list(target.layers),
    }


if __name__ == "__main__":
    sys.exit(main())
