# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: notification
short_description: Tells what a long task waits for, and which tasks took longest
description:
  - While a task runs for longer than a few seconds, tells for how long it has, what it waits for, and how long AWS
    usually takes over that. On a terminal this is one line with a bar, which goes away again; elsewhere it is now and
    then a line of text.
  - At the end of the run it names the slowest tasks.
  - Everything goes to standard error. What the run prints to standard output stays as it is.
  - What a module waits for is told from the task's module, its O(ignore:state) and its O(ignore:wait), not from what
    the module does at that moment. A task that makes nothing new is over before anything is told, and check mode waits
    for nothing.
version_added: 1.0.0
author:
  - private_rag.aws contributors (@private-rag)
requirements:
  - to be named in C(callbacks_enabled), as in the project's C(ansible.cfg)
options:
  mode:
    description:
      - V(auto) is V(live) on a terminal, and V(plain) elsewhere, also under AWX and ansible-runner, which look like a
        terminal.
      - V(off) prints nothing.
    type: str
    choices: [auto, live, plain, "off"]
    default: auto
    env:
      - name: PRIVATE_RAG_PROGRESS
    ini:
      - section: private_rag_progress
        key: mode
  first:
    description: Seconds after which something is told about a task for the first time. On a terminal at most 3.
    type: float
    default: 15
    env:
      - name: PRIVATE_RAG_PROGRESS_FIRST
    ini:
      - section: private_rag_progress
        key: first
  every:
    description: Seconds between two lines of text about the same task.
    type: float
    default: 30
    env:
      - name: PRIVATE_RAG_PROGRESS_EVERY
    ini:
      - section: private_rag_progress
        key: every
  slowest:
    description: How many of the slowest tasks to name at the end, of those that took O(first) seconds or longer.
    type: int
    default: 5
    env:
      - name: PRIVATE_RAG_PROGRESS_SLOWEST
    ini:
      - section: private_rag_progress
        key: slowest
"""

import os
import sys
import threading
import time

from ansible.plugins.callback import CallbackBase
from ansible_collections.private_rag.aws.plugins.plugin_utils._progress import Key, Progress, due, live, summary, words
from ansible_collections.private_rag.aws.plugins.plugin_utils._terminal import LiveLine, width
from ansible_collections.private_rag.aws.plugins.plugin_utils._waits import told

TICK_SECONDS = 0.5
LIVE_AFTER_SECONDS = 3
# They ask on the terminal themselves.
ASKING = frozenset({"pause", "ansible.builtin.pause", "ansible.legacy.pause"})


class CallbackModule(CallbackBase):
    """A thread of the controller looks twice a second at what is at work; the callbacks only keep the books."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "private_rag.aws.progress"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self._progress = Progress()
        self._began = time.monotonic()
        self._over = threading.Event()
        self._thread = None
        self._line = None

    def set_options(self, task_keys=None, var_options=None, direct=None):
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        self.disabled = self.get_option("mode") == "off"

    def v2_runner_on_start(self, host, task):
        if task.action in ASKING:
            return
        now, key = time.monotonic(), Key(host.get_name(), task._uuid)
        waits = None if task.check_mode is True else told(task.action, task.args)
        self._progress.begin(key, task.get_name(), waits, now)
        if self._thread is None:
            self._start()

    def v2_runner_on_ok(self, result):
        self._end(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._end(result)

    def v2_runner_on_skipped(self, result):
        self._end(result)

    def v2_runner_on_unreachable(self, result):
        self._end(result)

    def v2_playbook_on_stats(self, stats):
        self._over.set()
        if self._thread:
            self._thread.join()
        slowest = self._progress.slowest(self.get_option("slowest"), self.get_option("first"))
        for line in summary(slowest, time.monotonic() - self._began):
            self._display.display(line, stderr=True)

    def _end(self, result):
        self._progress.end(Key(result.host.get_name(), result.task._uuid), time.monotonic())

    def _start(self):
        mode = self.get_option("mode")
        if mode == "live" or (mode == "auto" and LiveLine.fits(sys.stderr, os.environ)):
            self._line = LiveLine(self._display, sys.stderr)
        self._thread = threading.Thread(target=self._look, name="progress", daemon=True)
        self._thread.start()

    def _look(self):
        while not self._over.wait(TICK_SECONDS):
            work = self._progress.longest_at_work()
            if self._line:
                self._show(work, time.monotonic())
            elif work:
                self._tell(work, time.monotonic())
        if self._line:
            self._line.clear()

    def _show(self, work, now):
        if work and now - work.began >= min(LIVE_AFTER_SECONDS, self.get_option("first")):
            self._line.show(live(work, now, len(self._progress.working) - 1, width(sys.stderr)))
        else:
            self._line.clear()

    def _tell(self, work, now):
        if due(work, now, self.get_option("first"), self.get_option("every")):
            work.said = now
            self._display.display(words(work, now), stderr=True)
