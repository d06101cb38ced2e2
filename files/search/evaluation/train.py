"""`python -m evaluation.train DATA --url URL --out FILE`: how the weights in `rag/second_stage.json` came about.

The data's passages are indexed as for an evaluation. Every question of even position that has an answer is asked of the
first stage alone; those whose passage is among the first 30 candidates are what is learnt from. Odd questions are never
looked at: they are for reporting. DATA, --url, --ca-file and SEARCH_SECRET are those of `python -m evaluation`; the
weights of the project were learnt from JSQuAD v1.3 valid, with the mapping of files/search/index.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from ingest import login
from ingest.progress import Progress
from ingest.server import IngestError, Server
from rag import features
from rag.clock import Deadline
from rag.errors import RagError
from rag.search import SearchRetriever
from rag.settings import SearchSettings
from rag.text import fold

from evaluation import data, retrieval
from evaluation.configuration import Configuration, ConfigurationError, parse
from evaluation.data import Asked, DataError
from evaluation.weights import Example, fit

_L2 = 3.0
_SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 failed, 2 wrong usage."""
    options = parser().parse_args(arguments)
    try:
        train(options)
    except (DataError, ConfigurationError, IngestError, OSError, ValueError) as error:
        print(f"train: {error}", file=sys.stderr)
    except RagError as error:
        print(f"train: {error.code}: {error.reason}", file=sys.stderr)
    else:
        return 0
    return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m evaluation.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("data", type=Path, help="questions and passages, one JSON object a line")
    top.add_argument("--out", type=Path, required=True, help="the file of weights to write, as rag/second_stage.json")
    top.add_argument("--l2", type=float, default=_L2, help="how dear large weights are (default: %(default)s)")
    login.add_options(top)
    return top


def train(options: argparse.Namespace) -> None:
    """The whole of it, to the file and a last line of JSON."""
    given = data.read(options.data)
    picked = [asked for asked in given.questions if asked.pid is not None and asked.half == "even"]
    connection, configuration = login.connection(options), parse("first stage", "")
    index, _made = retrieval.make_index(Server(connection), given, configuration)
    retriever = SearchRetriever(_first_stage(configuration, connection.url, index), login.of_search(connection))
    with Progress("questions", len(picked)) as progress:
        learnt = list(examples(retriever, picked, progress))
    found = fit(learnt, options.l2)
    weights = {name: round(float(value), 4) for name, value in zip(features.NAMES, found, strict=True)}
    told = {
        "trained_on": f"{options.data.name}, the questions of even position (0, 2, 4, ...) only",
        "how": how(options.l2),
    }
    options.out.write_text(
        json.dumps({**told, "weights": weights}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(json.dumps({"questions": len(picked), "learnt_from": len(learnt), "out": str(options.out)}), flush=True)


def how(l2: float) -> str:
    """What stands beside the weights."""
    return (
        "softmax over the first 30 candidates of the mapping in files/search/index.json, "
        f"L2 {l2:g} on standardised features (python -m evaluation.train)"
    )


def examples(retriever: SearchRetriever, questions: Sequence[Asked], progress: Progress) -> Iterator[Example]:
    """The questions whose passage is among the candidates, with the features that the second stage would see."""
    for asked in questions:
        passages = retriever.retrieve(asked.question, frozenset(), Deadline(_SECONDS))
        progress.step(1)
        sources = [passage.source for passage in passages]
        if asked.pid in sources:
            candidates = [features.Candidate(fold(p.title), fold(p.text), p.score) for p in passages]
            rows = np.array(features.rows(fold(asked.question), candidates))
            yield Example(rows, sources.index(asked.pid))


def _first_stage(configuration: Configuration, url: str, index: str) -> SearchSettings:
    """The function's settings, but all candidates as the engine orders them."""
    settings = configuration.search(url, index)
    return replace(settings, second_stage=False, size=settings.candidates)


if __name__ == "__main__":
    sys.exit(main())
