"""``python -m tests.integration.interruption``: walk through all points, and write docs/interruption.md.

``--sample N`` takes N of the points; ``--kills N`` kills for real N times a playbook; both are drawn with ``--seed``.
``--forward`` also kills each run after its first request. The kills come first. What came right is kept in
``--results`` and not walked again; take the file away to begin anew. ``--minutes N`` begins no further point after so
long; the tables then tell how many are left. Exit status 1 where any point does not converge.
"""

from __future__ import annotations

import argparse
import math
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.integration.cloud import ROOT
from tests.integration.interruption import report, walk
from tests.integration.interruption.results import Found, Results
from tests.integration.system.company import DESTROY, SITE, Company, running_company

RESULTS = ROOT / ".cache" / "interruption" / "points.jsonl"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.interruption", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, help="so many points per playbook instead of all")
    parser.add_argument("--kills", type=int, default=10, help="real kills per playbook")
    parser.add_argument("--forward", action="store_true", help="kill each run after its first request as well")
    parser.add_argument("--playbook", action="append", choices=[SITE, DESTROY], help="default: both")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no further point after so long")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--write", type=Path, help="the tables go there, besides to the terminal")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    options.until = time.monotonic() + 60 * options.minutes
    results, walks = Results(options.results), []
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        company.cloud.put("/_local/time", walk.QUICK)
        for playbook in options.playbook or [SITE, DESTROY]:
            walks.append(_walked(playbook, company, options, results, Path(directory)))
    text = report.walks(walks, f"seed {options.seed}")
    if options.write:
        report.write(options.write, "walk", text)
    print(text)
    return 1 if any(found.faults for walked in walks for found in walked.all()) else 0


def _walked(
    playbook: str, company: Company, options: argparse.Namespace, results: Results, directory: Path
) -> report.Walk:
    if playbook == DESTROY:
        company.playbooks.run(SITE).succeeded()
    task = walk.undisturbed(playbook, company)
    kills = _kills(task, options, results, directory)
    points = _points(task, options, results)
    return report.Walk(playbook, points, kills, _forward(task, options, results) if options.forward else None)


def _points(task: walk.Task, options: argparse.Namespace, results: Results) -> report.Share:
    numbers: Sequence[int] = range(task.requests + 1)
    if options.sample is not None:
        dice = random.Random(f"{options.seed} {task.playbook} points")
        numbers = dice.sample(numbers, min(options.sample, len(numbers)))
    if not numbers:
        return report.Share(0, [])

    def key(point: walk.Point) -> str:
        return f"{task.playbook} {point}"

    def chosen(point: walk.Point) -> bool:
        wanted = (point.number if point.when == "after" else 0) in numbers
        if wanted and results.right(key(point)):
            known.append(results.found[key(point)])
            return False
        return wanted

    known: list[Found] = []
    with walk.copied_points(task, chosen) as (copies, _run):
        # In no order, so that a walk that is ended early has been everywhere.
        random.Random(options.seed).shuffle(copies)
        for copy in copies:
            if time.monotonic() < options.until:
                known.append(results.keep(key(copy.point), walk.finish_copy(task, copy)))
    return report.Share(len(numbers), sorted(known, key=_place))


def _place(found: Found) -> tuple[int, str]:
    """By the number in `PLAYBOOK [killed] WHEN NUMBER REQUEST`."""
    number = next(int(word) for word in found.key.split() if word.isdigit())
    return number if " before 1 " not in found.key else 0, found.key


def _kills(task: walk.Task, options: argparse.Namespace, results: Results, directory: Path) -> report.Share:
    dice = random.Random(f"{options.seed} {task.playbook} kills")
    numbers = sorted(dice.sample(range(1, task.requests + 1), min(options.kills, task.requests)))
    points = [walk.Point(number, dice.choice(walk.WHEN), "") for number in numbers]
    found = []
    for point in points:
        start = f"{task.playbook} killed {point}"
        known = next((each for each in results.found if each.startswith(start) and results.right(each)), None)
        if known:
            found.append(results.found[known])
        elif time.monotonic() < options.until:
            build = directory / f"build-{task.playbook.replace('/', '-')}-{point.number}"
            requested, faults = walk.kill(task, point, build)
            found.append(results.keep(f"{task.playbook} killed {requested}", faults))
    return report.Share(len(points), found)


def _forward(task: walk.Task, options: argparse.Namespace, results: Results) -> report.Share:
    key = f"{task.playbook} killed in a row"
    if not results.right(key) and time.monotonic() < options.until:
        requests, faults = walk.kill_forward(task)
        print(f"{len(requests)} runs were killed, each after its first mutating request: {', '.join(requests)}")
        results.keep(key, faults)
    return report.Share(1, [results.found[key]] if key in results.found else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
