"""The processes of one local cloud, for the molecule scenario.

python -m tests.integration.system.processes listening STATE    prints every address that one of them listens on
python -m tests.integration.system.processes none STATE         names those that run, and exits with 1 if any does
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import psutil

from local_cloud.processes import children, recorded
from tools import leftovers


def of(state: Path) -> dict[int, psutil.Process]:
    """Those that it wrote down with all that they started, and those that name its folder."""
    known = [process for entry in recorded(state) if (process := entry.process())]
    found = [*known, *(child for process in known for child in children(process)), *leftovers.find(state)]
    return {process.pid: process for process in found if process.is_running()}


def listening(state: Path) -> list[str]:
    """Addresses as `host:port`; an IPv4 address that was mapped into IPv6, as Java does, in its IPv4 form."""
    addresses = {
        f"{connection.laddr.ip.removeprefix('::ffff:')}:{connection.laddr.port}"
        for process in of(state).values()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    return sorted(addresses)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Look at the processes of one local cloud.")
    parser.add_argument("action", choices=["listening", "none"])
    parser.add_argument("state", type=Path)
    options = parser.parse_args(words)
    if options.action == "listening":
        print("\n".join(listening(options.state)))
        return 0
    # The interpreter that runs this names the folder too.
    left = [str(process) for pid, process in of(options.state).items() if pid not in _ourselves()]
    print("\n".join(left) or "none")
    return 1 if left else 0


def _ourselves() -> set[int]:
    """This process, and those that started it."""
    current = psutil.Process()
    return {current.pid, *(parent.pid for parent in current.parents())}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
