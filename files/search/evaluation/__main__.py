"""`python -m evaluation DATA --url URL --out FOLDER`: how good retrieval and answers are, by the function's own code.

The data's passages are indexed by the project's own ingestion first (one passage, one document), in an index of the
evaluation's own; with --index an index that is there already is asked instead. With --model, some of the questions are
answered too, each twice: as it is, and with the document that answers it held out. The last line printed is a JSON
object.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest import login, vectors
from ingest.progress import Progress
from ingest.server import Connection, IngestError, Server
from rag.bedrock import BedrockModel
from rag.errors import RagError
from rag.settings import SearchSettings

from evaluation import answer_metrics, answering, data, report, retrieval, summary
from evaluation.answering import Answered, Asking
from evaluation.configuration import Configuration, ConfigurationError, parse
from evaluation.data import Asked, Data, DataError
from evaluation.metrics import Ranking


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 failed, 2 wrong usage."""
    options = parser().parse_args(arguments)
    try:
        evaluate(options)
    except (DataError, ConfigurationError, IngestError, OSError) as error:
        print(f"evaluation: {error}", file=sys.stderr)
    except RagError as error:
        print(f"evaluation: {error.code}: {error.reason}", file=sys.stderr)
    else:
        return 0
    return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m evaluation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("data", type=Path, help="questions and passages, one JSON object a line")
    top.add_argument("--out", type=Path, required=True, help="folder for report.html, report.json and rankings.jsonl")
    top.add_argument("--index", default="", help="an index that is there already; question.pid is its `source`")
    top.add_argument("--config", default="", help="a configuration, as JSON or as a file of it")
    top.add_argument("--compare", default="", help="a second configuration, compared with the first by a paired test")
    top.add_argument(
        "--half", choices=("all", "even", "odd"), default="all", help="only these questions (tuning: even)"
    )
    top.add_argument("--model", default="", help="id of a Bedrock model or inference profile; without it, no answers")
    top.add_argument("--model-name", default="", help="what the report calls it, if not by its id")
    top.add_argument("--answers", type=int, default=100, help="questions to be answered, with --model; 0: none")
    login.add_options(top)
    return top


def evaluate(options: argparse.Namespace) -> None:
    """The whole of it, to the last line."""
    given = data.read(options.data)
    picked = [q for q in given.questions if q.pid is not None and options.half in ("all", q.half)]
    connection = login.connection(options)
    configurations = [parse("A", options.config)]
    if options.compare:
        configurations.append(parse("B", options.compare))
    _check_aws(options, configurations)
    runs, rankings, answered = [], [], []
    for configuration in configurations:
        run, found, said = _run(options, connection, given, picked, configuration)
        runs.append(run)
        rankings.append(found)
        answered.append(said)
    result: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "engine": Server(connection).engine(),
        "questions": len(picked),
        "documents": len(given.documents),
        "configurations": runs,
    }
    if len(rankings) == 2:
        result["comparison"] = summary.of_pair(picked, *rankings)
        if answered[0]:
            result["answer_comparison"] = answer_metrics.of_pair(*answered)
    _write(options.out, result, picked, rankings)
    more = {"comparison": result["comparison"]["all"]} if "comparison" in result else {}
    if "answers" in runs[0]:
        more["answers"] = answer_metrics.headline(runs[0]["answers"])
    print(json.dumps(summary.headline(runs[0], result["engine"], more), ensure_ascii=False), flush=True)


def _run(
    options: argparse.Namespace,
    connection: Connection,
    given: Data,
    picked: Sequence[Asked],
    configuration: Configuration,
) -> tuple[dict[str, Any], list[Ranking], list[Answered]]:
    server, more = Server(connection), configuration.more
    index = options.index
    if not index:
        index, made = retrieval.make_index(server, given, configuration)
        print(f"{configuration.name}: index {index}: {made.added} passages added, {made.unchanged} there", flush=True)
    elif more.vectors:  # words alone would be measured otherwise
        vectors.check(server, index, more.vectors.field, more.vectors.dimensions)
    settings = configuration.search(connection.url, index, connection.ca_file)
    with Progress(f"{configuration.name}: questions", len(picked)) as progress:
        found = retrieval.rank(settings, more, login.of_search(connection), picked, progress.step)
    seconds = retrieval.latencies(settings, more, login.of_search(connection), picked)
    figures = summary.of_run(picked, found, seconds)
    run = {"name": configuration.name, "configuration": summary.describe(configuration), **figures}
    if not _asks_the_model(options):
        return run, found, []
    answered = _answers(options, connection, given, configuration, settings)
    return {**run, "answers": answer_metrics.of_run(answered, options.model_name or options.model)}, found, answered


def _asks_the_model(options: argparse.Namespace) -> bool:
    return bool(options.model) and options.answers > 0


def _answers(
    options: argparse.Namespace,
    connection: Connection,
    given: Data,
    configuration: Configuration,
    settings: SearchSettings,
) -> list[Answered]:
    """Of --answers questions, those without a passage among them."""
    picked = [q for q in given.questions if options.half in ("all", q.half)]
    size = configuration.passages
    more, secret = configuration.more, login.of_search(connection)
    asking = Asking(
        retrieval.retriever_of(replace(settings, size=size), more, secret),
        retrieval.retriever_of(replace(settings, size=answering.DEPTH), more, secret),
        BedrockModel(configuration.model(options.model), retrieval.aws_clients().bedrock),
        size,
        settings.min_coverage,
    )
    some = answering.chosen(picked, options.answers)
    with Progress(f"{configuration.name}: answers", len(some)) as progress:
        return answering.answers(asking, some, given, progress.step)


def _check_aws(options: argparse.Namespace, configurations: Sequence[Configuration]) -> None:
    """Raises ConfigurationError before anything is asked, where something on AWS is to be and it is not said where."""
    asked = ["--model"] if _asks_the_model(options) else []
    asked += [f"configuration {each.name}" for each in configurations if each.asks_aws]
    if asked and not login.region():
        raise ConfigurationError(f"no region is set (AWS_REGION) in which to ask AWS, for {', '.join(asked)}")
    for each in configurations:
        if options.model:
            each.model(options.model)


def _write(folder: Path, result: dict[str, Any], picked: Sequence[Asked], rankings: Sequence[list[Ranking]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    (folder / "report.html").write_text(report.html(result), encoding="utf-8")
    with (folder / "rankings.jsonl").open("w", encoding="utf-8") as lines:
        for place, asked in enumerate(picked):
            found = {
                run["name"]: ranks[place].found for run, ranks in zip(result["configurations"], rankings, strict=True)
            }
            lines.write(json.dumps({"qid": asked.qid, "pid": asked.pid, "found": found}, ensure_ascii=False) + "\n")
    print(f"report: {folder / 'report.html'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
