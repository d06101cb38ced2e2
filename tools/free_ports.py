"""TCP ports that nobody uses on 127.0.0.1."""

from __future__ import annotations

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """Different ports: all are held until the last is found."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _probe in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
