"""Copies of an account: ``POST /_local/forks`` answers the URL of a second control plane that starts where this one is.

Everything is in memory, so the copy is a fork of the process, which takes milliseconds. The process has a thread for
each connection, so it is forked only while no other thread is at work (gate.py). The copy listens on a free port, lets
go of its maker's sockets, and ends with ``DELETE /_local/forks/PORT`` of its maker, or with its maker. It can be copied
itself. Files of the registry are named by their content and shared.

Other ways were looked at. Pickling the account fails at moto's objects (``ecr`` holds a lock, ``awslambda`` a local
class) and at what clock.py is to do later, which are functions. A server without threads would have to stop in the
middle of a request, for a breakpoint holds one while others go on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from local_cloud.control.server import LoopbackServer

# port -> (process id, the end of the pipe whose closing ends it)
Forks = dict[int, tuple[int, int]]


def make(serving: LoopbackServer, forks: Forks, begin: Callable[[LoopbackServer], None]) -> dict[str, Any]:
    """Fork; whoever calls is alone behind the gate of ``serving``. Returns ``{"endpoint": URL}``.

    ``begin`` is called in the copy with its own server, before that serves; the copy never returns from here.
    """
    server = serving.another()
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        serving.abandon()
        _live(server, reading, [writing, *(end for _process, end in forks.values())], begin)
    os.close(reading)
    # This process's copy of the socket: only the other one answers on it.
    server.server_close()
    forks[server.server_port] = (process, writing)
    return {"endpoint": url(server)}


def url(server: LoopbackServer) -> str:
    """Where it answers."""
    return f"http://{server.host}:{server.server_port}"


def _live(server: LoopbackServer, reading: int, others: list[int], begin: Callable[[LoopbackServer], None]) -> None:
    """Serve until the pipe's other end is closed. ``others`` are the ends that only the maker may keep open."""
    for end in others:
        os.close(end)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(server)
    threading.Thread(target=_end_with, args=(reading,), daemon=True).start()
    try:
        server.serve_forever()
    finally:
        os._exit(0)


def _end_with(reading: int) -> None:
    os.read(reading, 1)
    os._exit(0)


def end(forks: Forks, port: int) -> None:
    """End the copy on that port, and wait until it is gone. Raises LookupError where there is none."""
    if port not in forks:
        raise LookupError(f"no copy listens on port {port}")
    process, writing = forks.pop(port)
    os.close(writing)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def end_all(forks: Forks) -> None:
    """End every copy that is left."""
    for port in list(forks):
        end(forks, port)
