"""``python -m tests.integration.drift``: the whole drift walk, service by service, and its tables for docs/drift.md.

What was found is kept in ``.cache/drift``, a file for each service. A service that was walked at this commit is not
walked again, so that a walk that was cut off goes on; ``--service`` walks those that it names, whatever is kept.
``--write`` puts the tables into docs/drift.md. Exit status 1 where any row is open.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.integration.drift import kept, table
from tests.integration.drift.additions import ADDITIONS
from tests.integration.drift.deployed import recorded, walking
from tests.integration.drift.fields import Field, Request, fields
from tests.integration.drift.walk import Row, Walk
from tests.integration.system.company import running_company


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.integration.drift", description=__doc__)
    parser.add_argument("--service", action="append", help="default: all that were not walked at this commit")
    parser.add_argument("--write", action="store_true", help="the tables go into docs/drift.md")
    options = parser.parse_args(words)
    # Its cloud ends with it, also where it is ended.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    now = kept.commit()
    with tempfile.TemporaryDirectory() as directory, running_company(Path(directory)) as company:
        company.cloud.forget()
        company.site().succeeded()
        made = recorded(company.cloud)
        steady = company.site().succeeded()
        with walking(company.cloud, made, steady) as walk:
            for service in options.service or _left(made, now):
                kept.keep(service, _walked(walk, service), now)
    pieces = kept.kept()
    if options.write:
        table.write(pieces)
    print("\n".join(table.lines(pieces)))
    open_rows = [row for piece in pieces for row in piece.rows if row.faulty]
    print(*open_rows, sep="\n")
    return 1 if open_rows else 0


def _left(made: list[Request], now: str) -> list[str]:
    """The services of a deployment, in its order, without those that were walked at this commit."""
    done = {piece.service for piece in kept.kept() if piece.commit == now and not now.endswith("+")}
    return [each for each in dict.fromkeys(request.service for request in made) if each not in done]


def _walked(walk: Walk, service: str) -> list[Row]:
    began = time.process_time()
    own: list[Field] = [each for each in fields(walk.requests) if each.request.service == service]
    rows = [_told(walk.field(each)) for each in own]
    rows += [_told(walk.addition(each)) for each in ADDITIONS if each.service == service]
    print(f"{service}: {len(rows)} rows, {time.process_time() - began:.0f} s of CPU beside the cloud's", flush=True)
    return rows


def _told(row: Row) -> Row:
    if row.faulty:
        print(row, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
