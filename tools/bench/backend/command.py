"""`make bench ONLY=backend [RUNS=20]`: what the backend itself costs, everything except search and model.

Asks 15 times RUNS questions of each route, starts the function RUNS times (at least 10), and streams 3 times RUNS
answers. The result goes to .cache/bench/, its tables to docs/backend-costs.md. The last line is a JSON object.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tools.bench import result
from tools.bench.backend import function, measures, report
from tools.bench.backend.measures import Measured
from tools.bench.sitting import say

NAME = "backend"
LEAST_STARTS = 10
QUESTIONS_OF_A_RUN, STREAMS_OF_A_RUN = 15, 3
PACKAGES = ("boto3", "botocore")


def main(runs: int) -> int:
    """Exit status: 0 measured, whatever the figures; 1 something failed."""
    try:
        document = measure(runs)
    except (RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    path = result.new_file().with_suffix(f".{NAME}.json")
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    report.write(document)
    print("\n" + report.tables(document))
    say(f"the result: {path}; written: {report.PAGE}")
    print(json.dumps({promise.title: round(promise.value, 2) for promise in report.promises(document)}))
    return 0


def measure(runs: int) -> report.Document:
    """Raises RuntimeError where the function does not answer."""
    into, load = Measured(), [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix="bench-") as name, function.standins() as others:
        built = function.build(Path(name))
        workplace = function.Workplace.of(built.path, Path(name, "functions"), others.url)
        say(f"package: {built.size / 1e6:.2f} MB")
        asyncio.run(measures.overhead(workplace, others, QUESTIONS_OF_A_RUN * runs, into))
        say(", ".join(f"{route}: {median(into.values[route]):.1f} ms" for route in measures.ROUTES))
        asyncio.run(measures.cold(workplace, max(LEAST_STARTS, runs), into))
        measures.parts(workplace, max(LEAST_STARTS, runs), into)
        say(f"cold start: {median(into.values['cold start']):.0f} ms")
        asyncio.run(measures.first_words(workplace, others, STREAMS_OF_A_RUN * runs, into))
        say(f"first words: {median(into.values['first words']):.1f} ms")
        slowest = measures.imports(workplace)
    load.append(os.getloadavg()[0])
    return {
        "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "machine": result.machine(),
        "versions": {"Python": platform.python_version(), **{package: version(package) for package in PACKAGES}},
        "package_bytes": built.size,
        "values": into.values,
        "cpu": into.cpu,
        "stages": into.stages,
        "imports": slowest,
        "load": load,
    }
