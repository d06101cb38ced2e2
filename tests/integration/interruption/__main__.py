"""``python -m tests.integration.interruption``: walk through all points, and write docs/interruption.md.

``--sample N`` takes N of the points; ``--kills N`` kills for real N times a playbook; both are drawn with ``--seed``.
``--forward`` also kills each run after its first request. Exit status 1 where any point does not converge.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from pathlib import Path

from tests.integration.interruption import report, walk
from tests.integration.system.company import DESTROY, SITE, Company, running_company


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.interruption", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, help="so many points per playbook instead of all")
    parser.add_argument("--kills", type=int, default=10, help="real kills per playbook")
    parser.add_argument("--forward", action="store_true", help="kill each run after its first request as well")
    parser.add_argument("--playbook", action="append", choices=[SITE, DESTROY], help="default: both")
    parser.add_argument("--write", type=Path, help="the report goes there, besides to the terminal")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    findings = []
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        company.cloud.put("/_local/time", walk.QUICK)
        for playbook in options.playbook or [SITE, DESTROY]:
            findings.append(_walked(playbook, company, options, Path(directory)))
    text = report.document(findings, options.seed)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(finding.faults() for finding in findings) else 0


def _walked(playbook: str, company: Company, options: argparse.Namespace, directory: Path) -> report.Finding:
    if playbook == DESTROY:
        company.playbooks.run(SITE).succeeded()
    task = walk.undisturbed(playbook, company)
    points, dice, kills = [], random.Random(options.seed), []
    chosen = set(range(task.requests + 1))
    if options.sample is not None:
        chosen = set(dice.sample(sorted(chosen), min(options.sample, len(chosen))))
    for point in walk.every_point(task, chosen.__contains__):
        report.tell(playbook, point)
        points.append(point)
    for number in sorted(dice.sample(range(1, task.requests + 1), min(options.kills, task.requests))):
        build = directory / f"build-{playbook.replace('/', '-')}-{number}"
        killed = walk.kill(task, number, dice.choice(["before", "after"]), build)
        if killed:
            report.tell(playbook, killed)
            kills.append(killed)
    forward = walk.kill_forward(task) if options.forward else None
    return report.Finding(playbook, points, kills, forward)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
