"""``python -m tests.integration.interruption.trouble --runs 20``: deploy while AWS is slow, forgetful and busy.

Each run deploys into an account of its own in which everything takes its time, new roles are not known at once, reads
are stale, and 5 % of all calls are throttled; the dice are thrown from the run's number. A run passes if ``site.yml``
succeeds, the account then holds what an untroubled run leaves, and the run after that, untroubled, changes nothing.
Exit status 1 where any does not.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.integration.interruption import walk
from tests.integration.interruption.census import census, difference
from tests.integration.system.company import SITE, Company, running_company

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
        faults = difference(task.expected, census(company.cloud.client))
        again = task.begin(company).finish().succeeded()
        return faults + [f"changed again: {name}" for name in again.changed()]


def runs(company: Company, seeds: range) -> Iterator[tuple[int, list[str]]]:
    """(seed, faults) of one run after the other."""
    company.cloud.put("/_local/time", walk.QUICK)
    task = walk.undisturbed(SITE, company)
    for seed in seeds:
        yield seed, troubled(task, seed)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.interruption.trouble", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each next one has the next")
    options = parser.parse_args(words)
    # Its clouds end with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    failed = 0
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        for seed, faults in runs(company, range(options.seed, options.seed + options.runs)):
            print(f"seed {seed}: {'; '.join(faults) or 'passed'}", flush=True)
            failed += bool(faults)
    print(f"{options.runs - failed} of {options.runs} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
