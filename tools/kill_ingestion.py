"""python -m tools.kill_ingestion [DOCUMENTS] [KILLS] [SEED]: kills an ingestion at random points and runs it again.

The index must be that of an undisturbed run, then again after documents were changed and deleted. Also told: documents
a second, beside the engine's own rate for the very same `_bulk` requests. On a real OpenSearch of its own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from tools.evaluation import DOWNLOADS, PACKAGES
from tools.real_search import opensearch

_WORDS = ("経費", "出張", "申請", "承認", "規程", "旅費", "休暇", "端末", "会議", "予約", "倉庫", "設備", "点検")
_PAGE = 1000


def walk(url: str, folder: Path, *, documents: int, kills: int, seed: int) -> dict[str, Any]:
    """The whole walk; what was seen."""
    generator = random.Random(seed)
    source = folder / "documents"
    write(source, documents, generator)
    begun = time.monotonic()
    run(url, source, "undisturbed")
    seconds = time.monotonic() - begun
    killed = 0
    while killed < kills:
        # Within the time that a whole run takes; a run that ends before its kill is begun anew on an empty index.
        if killed_once(url, source, "disturbed", generator.uniform(0.15, 0.9) * seconds):
            killed += 1
        else:
            requests.delete(f"{url}/disturbed-*", timeout=60).raise_for_status()
    run(url, source, "disturbed")
    equal = content(url, "undisturbed") == content(url, "disturbed")
    change(source, generator)
    run(url, source, "disturbed")
    run(url, source, "anew")
    return {
        "documents": documents,
        "killed": killed,
        "seed": seed,
        "equal": equal,
        "after_changes_equal": content(url, "disturbed") == content(url, "anew"),
        "documents_a_second": round(documents / seconds, 1),
        "engine_documents_a_second": round(documents / bulk_seconds(url, "undisturbed"), 1),
    }


def write(folder: Path, count: int, generator: random.Random) -> None:
    """Generated documents, a hundred in a folder."""
    for number in range(count):
        place = folder / f"{number // 100:04d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06d}.md").write_text(text(number, generator), encoding="utf-8")


def text(number: int, generator: random.Random) -> str:
    sentences = [
        "".join(generator.choices(_WORDS, k=6)) + "について定める。" for _sentence in range(generator.randint(3, 30))
    ]
    return f"# 文書{number}\n\n{''.join(sentences)}\n"


def change(folder: Path, generator: random.Random) -> None:
    """A tenth of the documents deleted, a tenth changed."""
    files = sorted(folder.rglob("*.md"))
    picked = generator.sample(files, len(files) // 5)
    for path in picked[::2]:
        path.unlink()
    for path in picked[1::2]:
        path.write_text(text(generator.randrange(10**6), generator), encoding="utf-8")


def command(url: str, folder: Path, index: str) -> list[str]:
    return [sys.executable, "-m", "ingest", str(folder), "--url", url, "--index", index]


def run(url: str, folder: Path, index: str) -> None:
    environment = {**os.environ, "PYTHONPATH": PACKAGES}
    subprocess.run(command(url, folder, index), env=environment, check=True, capture_output=True)


def killed_once(url: str, folder: Path, index: str, seconds: float) -> bool:
    """Whether the run was killed before its end."""
    environment = {**os.environ, "PYTHONPATH": PACKAGES}
    process = subprocess.Popen(
        command(url, folder, index), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def content(url: str, index: str) -> dict[str, Any]:
    """Every document of an index by id."""
    requests.post(f"{url}/{index}/_refresh", timeout=60).raise_for_status()
    found: dict[str, Any] = {}
    body: dict[str, Any] = {"size": _PAGE, "sort": [{"part": "asc"}]}
    while True:
        hits = requests.post(f"{url}/{index}/_search", json=body, timeout=60).json()["hits"]["hits"]
        found |= {hit["_id"]: hit["_source"] for hit in hits}
        if len(hits) < _PAGE:
            return found
        body["search_after"] = hits[-1]["sort"]


def bulk_seconds(url: str, index: str) -> float:
    """Seconds that the engine takes for the same documents in the same mapping, sent as fast as it takes them."""
    definition = next(iter(requests.get(f"{url}/{index}", timeout=60).json().values()))
    kept = {key: definition["settings"]["index"][key] for key in ("analysis", "similarity")}
    made = {"settings": {"index": {**kept, "number_of_replicas": 0}}, "mappings": definition["mappings"]}
    requests.put(f"{url}/plain", json=made, timeout=60).raise_for_status()
    documents = list(content(url, index).items())
    pages = []
    for start in range(0, len(documents), _PAGE):
        lines = []
        for key, source in documents[start : start + _PAGE]:
            lines += [json.dumps({"index": {"_id": key}}), json.dumps(source, ensure_ascii=False)]
        pages.append(("\n".join(lines) + "\n").encode())
    headers = {"Content-Type": "application/x-ndjson"}
    begun = time.monotonic()
    for page in pages:
        requests.post(f"{url}/plain/_bulk", data=page, headers=headers, timeout=120).raise_for_status()
    requests.post(f"{url}/plain/_refresh", timeout=60).raise_for_status()
    return time.monotonic() - begun


def main(words: list[str]) -> int:
    """0 where every index was as it should be."""
    documents, kills, seed = ([int(word) for word in words] + [10_000, 10, 1][len(words) :])[:3]
    with tempfile.TemporaryDirectory() as name, opensearch(DOWNLOADS, Path(name)) as url:
        result = walk(url, Path(name), documents=documents, kills=kills, seed=seed)
    print(json.dumps(result))
    return 0 if result["equal"] and result["after_changes_equal"] else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
