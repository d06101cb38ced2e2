"""``python -m tests.integration.interruption``: walk through all points, and write docs/interruption.md.

``--sample N`` takes N of the points; ``--kills N`` kills for real N times a playbook; both are drawn with ``--seed``.
``--forward`` also kills each run after its first request. What came right is kept in ``--results`` and not walked
again; take the file away to begin anew. Exit status 1 where any point does not converge.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
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
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--write", type=Path, help="the tables go there, besides to the terminal")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
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
    points = _points(task, options, results)
    kills = _kills(task, options, results, directory)
    return report.Walk(playbook, points, kills, _forward(task, results) if options.forward else None)


def _points(task: walk.Task, options: argparse.Namespace, results: Results) -> list[Found]:
    numbers: Sequence[int] = range(task.requests + 1)
    if options.sample is not None:
        dice = random.Random(f"{options.seed} {task.playbook} points")
        numbers = dice.sample(numbers, min(options.sample, len(numbers)))
    wanted: list[str] = []

    def key(point: walk.Point) -> str:
        return f"{task.playbook} {point}"

    def chosen(point: walk.Point) -> bool:
        if (point.number if point.when == "after" else 0) not in numbers:
            return False
        wanted.append(key(point))
        return not results.right(key(point))

    for point, faults in walk.every_point(task, chosen):
        results.keep(key(point), faults)
    return [results.found[each] for each in wanted]


def _kills(task: walk.Task, options: argparse.Namespace, results: Results, directory: Path) -> list[Found]:
    dice = random.Random(f"{options.seed} {task.playbook} kills")
    found = []
    for number in sorted(dice.sample(range(1, task.requests + 1), min(options.kills, task.requests))):
        point = walk.Point(number, dice.choice(walk.WHEN), "")
        start = f"{task.playbook} killed {point}"
        known = next((each for each in results.found if each.startswith(start) and results.right(each)), None)
        if known:
            found.append(results.found[known])
            continue
        killed = walk.kill(task, point, directory / f"build-{task.playbook.replace('/', '-')}-{number}")
        if killed:
            found.append(results.keep(f"{task.playbook} killed {killed[0]}", killed[1]))
    return found


def _forward(task: walk.Task, results: Results) -> Found:
    key = f"{task.playbook} killed in a row"
    if not results.right(key):
        requests, faults = walk.kill_forward(task)
        print(f"{len(requests)} runs were killed, each after its first mutating request: {', '.join(requests)}")
        results.keep(key, faults)
    return results.found[key]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
