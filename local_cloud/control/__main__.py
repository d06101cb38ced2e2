"""``python -m local_cloud.control --port 4566 --host 127.0.0.1``: serve until told to stop."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from types import FrameType

from local_cloud.control.settings import DEFAULT_PORT, configure_moto


def main() -> int:
    """Start the control plane; returns the process's exit status."""
    parser = argparse.ArgumentParser(prog="local_cloud.control", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    configure_moto()
    # moto reads its switches when imported, so everything that imports it comes after them.
    from local_cloud.control.app import start

    try:
        server = start(options.host, options.port)
    except (OSError, ValueError) as error:
        print(f"local cloud: cannot start on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    stopped.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
