"""`python -m ingest FOLDER --url URL --index NAME`: makes the index hold what the folder holds.

Run again, it writes what is new or changed and deletes what is gone. Killed, it is simply run again. The last line
printed is a JSON object. Exit status: 0 done, 1 failed, or files that could not be read (all others are done).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest import folder, index, login, vectors
from ingest.definition import Bm25, Vectors, Wanted
from ingest.embedding import Embedder, with_vectors
from ingest.folder import Reading
from ingest.progress import Progress
from ingest.server import IngestError, Server
from ingest.sync import Report, synchronise


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    options = parser().parse_args(arguments)
    try:
        result = run(options)
    except (IngestError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    for source, reason in result["failed"].items():
        print(f"ingest: {source}: {reason}", file=sys.stderr)
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
    found = folder.files(options.folder)
    server = Server(login.connection(options))
    embedder, left_out = _embedder(options, server)
    target = index.prepare(server, options.index, _wanted(options, embedder), rebuild=options.rebuild)
    wanted = folder.todos(found, Reading(options.part_chars))
    if embedder:
        wanted = with_vectors(wanted, embedder)
    with Progress("documents", len(found)) as progress:
        report = synchronise(
            server,
            target.name,
            options.collection,
            wanted,
            vector_field=options.vector_field,
            progress=progress.step,
        )
    if not target.is_published:
        _keep_others(server, target, options.collection)
    index.refresh(server, target.name)
    index.publish(server, target)
    return {**_result(report, target), "vectors": _told(embedder, left_out)}


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
    embedder.try_out()
    return embedder, ""


def _told(embedder: Embedder | None, left_out: str) -> str:
    """For the last line: the model with its dimensions, or why there are no vectors."""
    return f"{embedder.model_id} {embedder.dimensions}" if embedder else left_out or "not asked for"


def _wanted(options: argparse.Namespace, embedder: Embedder | None) -> Wanted:
    bm25 = Bm25(options.k1, options.b, options.morphemes_k1, options.morphemes_b)
    wanted = Vectors(embedder.dimensions, options.vector_field) if embedder else None
    return Wanted(bm25, options.shards, options.replicas, wanted)


def _result(report: Report, target: index.Target) -> dict[str, Any]:
    has_changed = report.has_changed or not target.is_published
    return {"has_changed": has_changed, **asdict(report), "index": target.name, "layers": list(target.layers)}


if __name__ == "__main__":
    sys.exit(main())
