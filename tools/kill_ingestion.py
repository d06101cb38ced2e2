"""python -m tools.kill_ingestion [DOCUMENTS] [KILLS] [SEED]: kills an ingestion at random points and runs it again.

The index must be that of an undisturbed run. Then documents are changed and deleted, again with kills (a third as many)
and with further changes between them: deleted and changed ones must be gone or new. On a real OpenSearch of its own,
which is also asked for documents a second, beside its own rate for the same passages (`tools.ingestion_rate`).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tools.evaluation import DOWNLOADS
from tools.generated_documents import markdown, text
from tools.ingesting import command, content, environment, run, timed
from tools.ingestion_rate import compare
from tools.real_search import opensearch

_START = 0.3
"""Seconds in which a run only starts; kills before that are of no interest."""
_END = 120.0


@dataclass(frozen=True)
class Walk:
    """A server, a folder of documents, and how it is disturbed."""

    url: str
    source: Path
    generator: random.Random

    def killed(self, index: str, longest: float) -> bool:
        """A run, killed within `longest` seconds of its work. False where it ended before."""
        process = subprocess.Popen(
            command(self.url, self.source, index),
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(_START + self.generator.uniform(0, longest))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END)
            return True
        return False

    def load(self, index: str, kills: int, seconds: float) -> list[int]:
        """Kills one load after another; how many documents were in the index after each.

        One kill comes after about a `kills`th of the work, so that they lie all over it. A load that ends before its
        last kill is begun anew on an empty index.
        """
        held: list[int] = []
        while len(held) < kills:
            if self.killed(index, 2 * seconds / kills):
                held.append(count(self.url, index))
            else:
                requests.delete(f"{self.url}/{index}-*", timeout=60).raise_for_status()
                held = []
        return held

    def update(self, index: str, kills: int, seconds: float) -> int:
        """Changes the documents and kills the run that follows, until so many were killed; how many that were.

        A run that ends before its kill is one more change, and the next one gets less time.
        """
        killed = 0
        for _round in range(4 * kills):
            self.change()
            if self.killed(index, seconds):
                killed += 1
            else:
                seconds /= 2
            if killed == kills:
                break
        self.change()
        return killed

    def change(self) -> None:
        """A twentieth of the documents deleted, a twentieth changed."""
        files = sorted(self.source.rglob("*.md"))
        picked = self.generator.sample(files, len(files) // 10)
        for path in picked[::2]:
            path.unlink()
        for path in picked[1::2]:
            path.write_text(text(self.generator.randrange(10**6), self.generator), encoding="utf-8")


def walk(url: str, folder: Path, *, documents: int, kills: int, seed: int) -> dict[str, Any]:
    """The whole walk; what was seen."""
    generator = random.Random(seed)
    markdown(folder / "documents", documents, generator)
    disturbed = Walk(url, folder / "documents", generator)
    run(url, disturbed.source, "warm")  # the engine is slow at first: the kills would come too late
    seconds = timed(lambda: run(url, disturbed.source, "undisturbed"))
    held = disturbed.load("disturbed", kills, seconds)
    run(url, disturbed.source, "disturbed")
    equal = content(url, "undisturbed") == content(url, "disturbed")
    updates_killed = disturbed.update("disturbed", max(1, kills // 3), seconds / 4)
    run(url, disturbed.source, "disturbed")
    run(url, disturbed.source, "anew")
    return {
        "documents": documents,
        "killed": len(held),
        "documents_after_each_kill": held,
        "updates_killed": updates_killed,
        "seed": seed,
        "equal": equal,
        "after_changes_equal": content(url, "disturbed") == content(url, "anew"),
    }


def count(url: str, index: str) -> int:
    """Parts in the numbered indices; 0 where a run was killed before it made one."""
    requests.post(f"{url}/{index}-*/_refresh", timeout=60).raise_for_status()
    answer = requests.get(f"{url}/{index}-*/_count", timeout=60)
    answer.raise_for_status()
    return int(answer.json()["count"])


def main(words: list[str]) -> int:
    """0 where every index was as it should be."""
    documents, kills, seed = ([int(word) for word in words] + [10_000, 10, 1][len(words) :])[:3]
    with tempfile.TemporaryDirectory() as name, opensearch(DOWNLOADS, Path(name)) as url:
        result = walk(url, Path(name), documents=documents, kills=kills, seed=seed)
        markdown(Path(name) / "same", documents, random.Random(seed))
        result |= compare(url, Path(name) / "same", Path(name) / "bodies", runs=3)
    print(json.dumps(result))
    return 0 if result["equal"] and result["after_changes_equal"] else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
