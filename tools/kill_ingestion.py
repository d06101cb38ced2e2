"""python -m tools.kill_ingestion [DOCUMENTS] [KILLS] [SEED]: kills an ingestion at random points and runs it again.

A point is one of the requests that write: the run is killed before the engine gets it, or after it was carried out. The
index must be that of an undisturbed run. Then documents are changed and deleted, again with kills (a third as many) and
with further changes between them: deleted and changed ones must be gone or new. On a real OpenSearch of its own, which
is also asked for documents a second, beside its own rate for the same passages (`tools.ingestion_rate`).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tools.evaluation import DOWNLOADS
from tools.generated_documents import markdown, text
from tools.holding_proxy import Gate, holding_proxy
from tools.ingesting import command, content, environment, run
from tools.ingestion_rate import compare
from tools.real_search import opensearch

_END = 300.0
"""Seconds after which a run that neither writes nor ends is an error."""
_UPDATE_WRITES = 3
"""The fewest writes of an update: what is changed, what is deleted, the index's settings."""


class NotKilledError(Exception):
    """A run did not come to where it was to be killed; the message says why."""


@dataclass(frozen=True)
class Walk:
    """A gate before the server, a folder of documents, and how it is disturbed."""

    gate: Gate
    source: Path
    generator: random.Random

    def kill(self, index: str, write: int) -> None:
        """A run, killed at this write, counted since the gate's last `count_from_zero`. Raises NotKilledError."""
        self.gate.hold(write, after=self.generator.random() < 0.5)
        process = subprocess.Popen(
            command(self.gate.url, self.source, index),
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(process.communicate)
            ended.add_done_callback(lambda _ended: self.gate.reached.set())
            self.gate.reached.wait(_END)
            process.kill()
            said = ended.result()[1]
        is_killed = self.gate.is_holding
        self.gate.let_go()
        if not is_killed:
            raise NotKilledError(f"no write {write} came, only {self.gate.writes}: {said[-2000:]}")

    def load(self, index: str, kills: int, writes: int) -> list[int]:
        """Kills one load again and again; how many documents were in the index after each kill.

        The points are drawn from the `writes` of an undisturbed load, and counted through all runs of this one. It
        makes at least as many: each bulk holds at most as many documents, and none is delivered twice. So every kill
        is certain. More kills than writes begin anew on an empty index.
        """
        held: list[int] = []
        while len(held) < kills:
            requests.delete(f"{self.gate.engine}/{index}-*", timeout=60).raise_for_status()
            self.gate.count_from_zero()
            for write in sorted(self.generator.sample(range(1, writes + 1), min(writes, kills - len(held)))):
                self.kill(index, write)
                held.append(count(self.gate.engine, index))
        return held

    def update(self, index: str, kills: int) -> None:
        """Changes the documents and kills the run that follows, so many times; then changes them once more."""
        for _kill in range(kills):
            self.change()
            self.gate.count_from_zero()
            self.kill(index, self.generator.randint(1, _UPDATE_WRITES))
        self.change()

    def change(self) -> None:
        """A twentieth of the documents deleted, a twentieth changed."""
        files = sorted(self.source.rglob("*.md"))
        picked = self.generator.sample(files, len(files) // 10)
        for path in picked[::2]:
            path.unlink()
        for path in picked[1::2]:
            path.write_text(text(self.generator.randrange(10**6), self.generator), encoding="utf-8")


def walk(url: str, folder: Path, *, documents: int, kills: int, seed: int) -> dict[str, Any]:
    """The whole walk; what was seen. Of at least 20 documents, so that an update changes and deletes some.

    Raises NotKilledError.
    """
    generator = random.Random(seed)
    source = folder / "documents"
    markdown(source, documents, generator)
    updates = max(1, kills // 3)
    with holding_proxy(url) as gate:
        run(gate.url, source, "undisturbed")
        disturbed = Walk(gate, source, generator)
        held = disturbed.load("disturbed", kills, gate.writes)
        run(url, source, "disturbed")
        equal = content(url, "undisturbed") == content(url, "disturbed")
        disturbed.update("disturbed", updates)
    run(url, source, "disturbed")
    run(url, source, "anew")
    return {
        "documents": documents,
        "killed": len(held),
        "documents_after_each_kill": held,
        "updates_killed": updates,
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
