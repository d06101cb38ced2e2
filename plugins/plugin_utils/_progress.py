# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which tasks are at work, what to say about them, and which took longest. Pure: time is handed in, in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ansible_collections.private_rag.aws.plugins.plugin_utils._waits import Told

BAR = 20
ELLIPSIS = "..."


class Key(NamedTuple):
    """A task on a host."""

    host: str
    task: str


@dataclass
class Work:
    """A task at work. C(said) is when a line was last printed about it; 0 for never."""

    name: str
    began: float
    told: Told | None
    said: float = 0


@dataclass
class Progress:
    """What is at work now, and how long each task that has ended took on its slowest host."""

    working: dict[Key, Work] = field(default_factory=dict)
    ended: dict[str, tuple[str, float]] = field(default_factory=dict)

    def begin(self, key: Key, name: str, told: Told | None, now: float) -> None:
        """A task was handed to a worker."""
        self.working[key] = Work(name, now, told)

    def end(self, key: Key, now: float) -> None:
        """It answered. One that never began is not ours to count."""
        work = self.working.pop(key, None)
        if work:
            _name, longest = self.ended.get(key.task, ("", 0.0))
            self.ended[key.task] = (work.name, max(longest, now - work.began))

    def longest_at_work(self) -> Work | None:
        """The task that has been at work longest."""
        return min(list(self.working.values()), key=lambda work: work.began, default=None)

    def slowest(self, count: int, at_least: float) -> list[tuple[float, str]]:
        """Seconds and names of the slowest tasks, the slowest first."""
        found = sorted(((seconds, name) for name, seconds in self.ended.values()), reverse=True)
        return [each for each in found if each[0] >= at_least][:count]


def clock(seconds: float) -> str:
    """As C(2:05)."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def words(work: Work, now: float) -> str:
    """One line about a task at work."""
    so_far = f"{clock(now - work.began)}  {work.name}"
    if work.told is None:
        return so_far
    usual = f", usually {clock(work.told.usual)}" if work.told.usual else ""
    return f"{so_far}: waiting for {work.told.what}{usual}"


def live(work: Work, now: float, others: int, width: int) -> str:
    """The same for one line of a terminal, with a bar where it is known how long it usually takes."""
    text = words(work, now)
    head = ""
    if work.told and work.told.usual:
        # More than usual is a full bar, and the time goes on counting.
        done = min(BAR, round(BAR * (now - work.began) / work.told.usual))
        head = f"[{'#' * done}{'-' * (BAR - done)}] "
    more = f" (and {others} more)" if others else ""
    room = max(0, width - 1 - len(head) - len(more))
    return head + (text if len(text) <= room else text[: max(0, room - len(ELLIPSIS))] + ELLIPSIS) + more


def due(work: Work, now: float, first: float, every: float) -> bool:
    """Whether it is time for a line of plain text: after C(first) seconds, then C(every) so many."""
    if now - work.began < first:
        return False
    return not work.said or now - work.said >= every


def summary(slowest: list[tuple[float, str]], total: float) -> list[str]:
    """The lines at the end of the run; none where nothing took long."""
    if not slowest:
        return []
    width = max(len(f"{seconds:.1f}") for seconds, _name in slowest)
    return [f"Slowest tasks of {clock(total)}:", *(f"  {seconds:{width}.1f} s  {name}" for seconds, name in slowest)]
