"""Copies of an account: ``POST /_local/forks`` answers the URL of a second control plane that starts where this one is.

Everything is in memory, so the copy is a fork of the process, made while no request is being worked on; it takes
milliseconds. It listens on a free port, and ends with ``DELETE /_local/forks/PORT`` of its maker, or with its maker.
Files of the registry are named by their content and shared.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from werkzeug.serving import BaseWSGIServer

# port -> (process id, the end of the pipe whose closing ends it)
Forks = dict[int, tuple[int, int]]


def make(make_server: Callable[[], BaseWSGIServer], forks: Forks, begin: Callable[[str], None]) -> dict[str, Any]:
    """Fork. ``begin`` is called in the copy with its URL, before it serves; the copy never returns from here."""
    server = make_server()
    url = f"http://{server.host}:{server.server_port}"
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _live(server, url, reading, [writing, *(end for _process, end in forks.values())], begin)
    os.close(reading)
    # This process's copy of the socket: only the other one answers on it.
    server.server_close()
    forks[server.server_port] = (process, writing)
    return {"endpoint": url}


def _live(server: BaseWSGIServer, url: str, reading: int, others: list[int], begin: Callable[[str], None]) -> None:
    """Serve until the pipe's other end is closed. ``others`` are the ends that only the maker may keep open."""
    for end in others:
        os.close(end)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(url)
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
