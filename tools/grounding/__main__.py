"""How well the verifier tells supported answers from others.

    .venv/bin/python -m tools.grounding [--data passages.jsonl] [--half odd|even|all]
        [--count 500] [--seed N]

`--data`: lines with `type: passage` (`title`, `text`, `pid`) and `type: question` (`text`, `pid`, `answers`), such as
JSQuAD's; without it the sample documents. `--half` takes every other passage: odd ones for tuning, even ones to report.
The last line is a JSON object; exit 1 where precision or recall is below .95, or an invented source was shown.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag import citations
from rag.composing import Composer, Style
from rag.domain import Passage

from tools.grounding.planted import Kind, Planted, Planter, Text

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    texts = from_lines(options.data, options.half) if options.data else from_documents(ROOT / "samples" / "documents")
    print(f"{len(texts)} passages, seed {options.seed}")
    answers = list(Planter(texts, options.seed).answers(options.count))
    result = measure(answers)
    for line in result.pop("missed"):
        print(line)
    print(json.dumps(result, ensure_ascii=False))
    return 0 if min(result["precision"], result["recall"]) >= 0.95 and not result["invented_shown"] else 1


def measure(answers: Sequence[Planted]) -> dict[str, Any]:
    """Precision and recall of finding the answers that are not supported, and what was judged wrongly."""
    outcome: Counter[str] = Counter()
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    missed, invented_shown = [], 0
    for planted in answers:
        flagged, shown = judged(planted)
        wrong = planted.kind is not Kind.SUPPORTED
        outcome[f"{flagged}{wrong}"] += 1
        kinds[planted.kind][0] += flagged == wrong
        kinds[planted.kind][1] += 1
        invented_shown += sum(number > len(planted.passages) for number in shown)
        if flagged != wrong:
            missed.append(f"{planted.kind}: {planted.answer}")
    hits = outcome["TrueTrue"]
    return {
        "answers": len(answers),
        "precision": round(hits / max(1, hits + outcome["TrueFalse"]), 4),
        "recall": round(hits / max(1, hits + outcome["FalseTrue"]), 4),
        "right_by_kind": {kind: f"{right} of {count}" for kind, (right, count) in sorted(kinds.items())},
        "invented_shown": invented_shown,
        "missed": missed,
    }


def judged(planted: Planted) -> tuple[bool, list[int]]:
    """Whether a sentence of the answer is not accepted, and the numbers that the reader would see."""
    passages = tuple(Passage(str(n), text.title, text.text, "", 0.0) for n, text in enumerate(planted.passages))
    composer = Composer("質問", passages, Style())
    shown = [*composer.take(planted.answer), *composer.end()]
    flagged = set(composer.verdicts) - {"supported", "no_claim"}
    cited = citations.verify("".join(item.text for item in shown), 10**4 - 1).cited
    return bool(flagged), list(cited)


def from_lines(path: Path, half: str = "all") -> list[Text]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in lines:
        if line["type"] == "question" and line.get("answers"):
            asked[line["pid"]].append((line["question"], line["answers"][0]))
    passages = [line for line in lines if line["type"] == "passage"]
    chosen = passages[{"odd": 1, "even": 0}.get(half, 0) :: 1 if half == "all" else 2]
    return [Text(line["title"], line["text"], tuple(asked[line["pid"]])) for line in chosen]


def from_documents(folder: Path) -> list[Text]:
    """Each section of a Markdown document."""
    texts = []
    for path in sorted(folder.glob("*.md")):
        title, *sections = path.read_text(encoding="utf-8").split("\n## ")
        texts += [Text(title.strip("# \n").splitlines()[0], section) for section in sections]
    return texts


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.grounding")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--half", choices=["odd", "even", "all"], default="all")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261123)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
