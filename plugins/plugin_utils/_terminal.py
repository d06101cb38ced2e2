# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One line at the end of a terminal's text, which comes and goes."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any, TextIO

CLEAR = "\r\x1b[2K"  # ECMA-48: carriage return, erase the whole line
# ansible-runner, and so AWX, runs playbooks on a terminal of its own whose text is kept: there a line cannot go away.
RECORDED = "AWX_ISOLATED_DATA_DIR"


class LiveLine:
    """Any other text that Ansible displays makes it go away first, so that it never mixes with it."""

    def __init__(self, display: Any, stream: TextIO) -> None:
        self._stream = stream
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._shown = ""
        shown = display.display

        def display_without_line(*args: Any, **kwargs: Any) -> Any:
            # A worker hands its texts to the controller; and it may have been forked while the lock was held.
            if os.getpid() != self._owner:
                return shown(*args, **kwargs)
            with self._lock:
                self.clear()
                return shown(*args, **kwargs)

        # There is no event before a text is displayed: the callback for standard output gets every event first.
        display.display = display_without_line

    @staticmethod
    def fits(stream: TextIO, environment: Mapping[str, str]) -> bool:
        """Whether the stream is a terminal that somebody looks at."""
        dumb = environment.get("TERM", "dumb") == "dumb"
        return stream.isatty() and not dumb and RECORDED not in environment

    def show(self, text: str) -> None:
        """Put this text in the place of the line."""
        with self._lock:
            if text != self._shown:
                self._write(CLEAR + text)
                self._shown = text

    def clear(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._shown:
                self._write(CLEAR)
                self._shown = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def width(stream: TextIO) -> int:
    """Columns of the terminal; 80 where it does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
