"""The parsers in a process of their own, so that one file can neither end nor hold up the run.

A PDF that crashes its library, a spreadsheet of a billion cells, a file over which a parser never ends: each costs
that process, a line about that file, and the next file is read by a new one.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import warnings
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from ingest import formats
from ingest.formats import Markdown, UnreadableError

_SECONDS = 300.0
_MEMORY = 2 * 1024**3
"""Address space of the process, in bytes (RLIMIT_AS)."""
_END_SECONDS = 5.0


class Parser:
    """`formats.to_markdown` in another process, which is started by the first file that needs one.

    What is text already is read in this process. A file has `seconds`, and the process `memory` bytes.
    """

    def __init__(self, seconds: float = _SECONDS, memory: int = _MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    @property
    def pid(self) -> int | None:
        """Of the other process, while there is one."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._end()

    def to_markdown(self, suffix: str, data: bytes) -> Markdown:
        """Raises UnreadableError, also where the parser crashes, takes too long or too much memory."""
        if suffix in formats.TEXT:
            return formats.to_markdown(suffix, data)
        connection = self._connection or self._start()
        try:
            connection.send((suffix, data))
            if not connection.poll(self._seconds):
                self._end()
                raise UnreadableError(f"not read within {self._seconds:g} s: given up")
            answer: Markdown | UnreadableError = connection.recv()
        except (EOFError, ConnectionError) as error:
            self._end()
            raise UnreadableError("its parser crashed: the file is damaged, or too large") from error
        if isinstance(answer, UnreadableError):
            raise answer
        return answer

    def _start(self) -> Connection:
        # spawn: the threads that send are not copied into it.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, self._seconds, self._memory), daemon=True)
        self._process.start()
        there.close()  # else the end of the process would not be seen here
        self._connection = here
        return here

    def _end(self) -> None:
        """A parser that is idle ends as its connection does; one that is not is killed."""
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.join(0.2)
            if self._process.is_alive():
                self._process.kill()
            self._process.join(_END_SECONDS)
        self._process = self._connection = None


def _serve(connection: Connection, seconds: float, memory: int) -> None:
    """The other process: a file, its Markdown, until there is no more to come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is interrupted, too, and closes the connection
    warnings.simplefilter("ignore")  # what a library thinks of a file is not for the operator
    while True:
        _limit(seconds, memory)
        try:
            suffix, data = connection.recv()
        except (EOFError, MemoryError):  # half of a file may still be in the connection: the next one gets another
            return
        answer: Markdown | UnreadableError
        try:
            answer = formats.to_markdown(suffix, data)
        except UnreadableError as error:
            answer = UnreadableError(str(error))  # without its cause, which need not be one that can be sent
        connection.send(answer)


def _limit(seconds: float, memory: int) -> None:
    """Memory, and processor time for the next file: nobody ends this process where the first one was killed."""
    if sys.platform != "linux":  # elsewhere a limit below what is used already is an error
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime + seconds) + 1}
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
