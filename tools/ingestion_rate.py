"""python -m tools.ingestion_rate [DOCUMENTS] [RUNS] [KIND]: documents a second, beside the engine's own rate.

KIND `markdown`, the default: one part each; `mixed`: five formats in turn, several parts each. The engine's own rate is
that for the very same passages as ready-made `_bulk` bodies, read from files by a loop that does nothing else, over as
many connections as the ingestion's, into an index of the same definition. Both in turn, each on a new index, the first
pair not counted. The ingestion's seconds are those of the whole command, from the start of its process to its end.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from tools import generated_documents
from tools.evaluation import DOWNLOADS
from tools.ingesting import content, run, timed
from tools.real_search import opensearch

_CONNECTIONS = 2  # ingest.bulks.IN_FLIGHT
_OPERATIONS = 500
_HEADERS = {"Content-Type": "application/x-ndjson"}


def compare(url: str, folder: Path, work: Path, runs: int) -> dict[str, Any]:
    """Medians of both over `runs` pairs, and of the pairs' ratios."""
    run(url, folder, "ready")
    bodies = ready_made(url, "ready", work)
    ours, engine = [], []
    for _pair in range(runs + 1):
        ours.append(timed(lambda: run(url, folder, "rate")))
        requests.delete(f"{url}/rate-*", timeout=60).raise_for_status()
        engine.append(engine_seconds(url, "ready", bodies))
    pairs = [own / whole for own, whole in zip(engine[1:], ours[1:], strict=True)]
    documents = sum(1 for path in folder.rglob("*") if path.is_file())
    return {
        "documents": documents,
        "runs": runs,
        "documents_a_second": round(documents / statistics.median(ours[1:]), 1),
        "engine_documents_a_second": round(documents / statistics.median(engine[1:]), 1),
        "share": round(statistics.median(engine[1:]) / statistics.median(ours[1:]), 3),
        "shares": [round(pair, 2) for pair in pairs],
    }


def ready_made(url: str, index: str, folder: Path) -> list[Path]:
    """Everything that the index holds as `_bulk` bodies, a file each."""
    documents = list(content(url, index).items())
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for start in range(0, len(documents), _OPERATIONS):
        lines = []
        for key, source in documents[start : start + _OPERATIONS]:
            lines += [json.dumps({"index": {"_id": key}}), json.dumps(source, ensure_ascii=False)]
        files.append(folder / f"{start:08d}.ndjson")
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def engine_seconds(url: str, like: str, bodies: list[Path]) -> float:
    """Seconds that the engine takes for the bodies and a refresh, in a new index defined as `like` is."""
    definition = next(iter(requests.get(f"{url}/{like}", timeout=60).json().values()))
    kept = {key: definition["settings"]["index"][key] for key in ("analysis", "similarity", "number_of_shards")}
    settings = {**kept, "number_of_replicas": 0, "refresh_interval": "-1"}
    made = {"settings": {"index": settings}, "mappings": definition["mappings"]}
    requests.put(f"{url}/plain", json=made, timeout=60).raise_for_status()

    with requests.Session() as session:

        def send(path: Path) -> None:
            body = path.read_bytes()
            answer = session.post(f"{url}/plain/_bulk?filter_path=errors", data=body, headers=_HEADERS, timeout=120)
            assert answer.json() == {"errors": False}, answer.text[:500]

        def load() -> None:
            with ThreadPoolExecutor(_CONNECTIONS) as pool:
                list(pool.map(send, bodies))
            session.post(f"{url}/plain/_refresh", timeout=60).raise_for_status()

        seconds = timed(load)
    requests.delete(f"{url}/plain", timeout=60).raise_for_status()
    return seconds


def main(words: list[str]) -> int:
    """0 where the ingestion reaches half of the engine's own rate."""
    documents, runs, kind = (words + ["10000", "5", "markdown"][len(words) :])[:3]
    with tempfile.TemporaryDirectory() as name, opensearch(DOWNLOADS, Path(name) / "engine") as url:
        folder = Path(name) / "documents"
        generated_documents.KINDS[kind](folder, int(documents), random.Random(1))
        result = compare(url, folder, Path(name) / "bodies", int(runs))
    print(json.dumps({"kind": kind, **result}))
    return 0 if result["share"] >= 0.5 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
