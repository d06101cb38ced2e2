"""``python -m tests.integration.interruption.trouble --runs 20``: deploy while AWS is slow, forgetful and busy.

Each run deploys into an account of its own in which everything takes its time, new roles are not known at once, reads
are stale, and 5 % of all calls are throttled; the dice are thrown from the run's number. A run passes if ``site.yml``
succeeds, the account then holds what an untroubled run leaves, and the run after that, untroubled, changes nothing.
What passed is kept in ``--results`` and not run again. Exit status 1 where any does not pass.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.integration.cloud import ROOT
from tests.integration.interruption import report, walk
from tests.integration.interruption.results import Results
from tests.integration.system.company import SITE, running_company

RESULTS = ROOT / ".cache" / "interruption" / "trouble.jsonl"

# Seconds are AWS's and are multiplied by the scale: a twentieth of what AWS takes to make things, but role delays of
# 12 s and stale reads of 3 s as on AWS, since the run itself is no faster than there.
SCALE = 0.05
TROUBLE: dict[str, Any] = {
    "scale": SCALE,
    "role_delay_seconds": 12 / SCALE,
    "stale_read_seconds": 3 / SCALE,
    "interface_release_seconds": 100,
    "throttle_percent": 5,
    "error_percent": 1,
}


def troubled(task: walk.Task, seed: int) -> list[str]:
    """One troubled run on a copy of the account: what is wrong afterwards, in words."""
    with task.start.copy() as company:
        company.cloud.put("/_local/time", {**TROUBLE, "seed": seed})
        run = task.begin(company).finish()
        company.cloud.put("/_local/time", walk.QUICK)
        if run.status:
            return [f"failed: {message}" for message in run.messages() or [run.errors]]
        return walk.faults_after(task, company)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.interruption.trouble", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each next one has the next")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--write", type=Path, help="the table goes there, besides to the terminal")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    results = Results(options.results)
    seeds = {f"seed {seed}": seed for seed in range(options.seed, options.seed + options.runs)}
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        company.cloud.put("/_local/time", walk.QUICK)
        task = walk.undisturbed(SITE, company)
        for key, seed in seeds.items():
            if not results.right(key):
                results.keep(key, troubled(task, seed))
    found = [results.found[key] for key in seeds]
    text = report.runs(found, f"seeds {options.seed} to {options.seed + options.runs - 1}")
    if options.write:
        report.write(options.write, "trouble", text)
    print(text)
    return 1 if any(each.faults for each in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
