"""A cold deploy while everything takes as long as on AWS, by each tool in turn, and how near it comes to the bound."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from local_cloud.control.aws_time import rows
from tools.bench import critical_path, phases
from tools.bench.account import Account, account, make_company
from tools.bench.sitting import Sitting, say
from tools.bench.tool import Tool

GROUP = "simulated"
PHASE = "cold"


def measure(sitting: Sitting) -> None:
    """Both tools end when the service's tasks run. Waits and polls are real: the scale is 1 unless said otherwise."""
    found = phases.tools(sitting, steady=True)
    for run in range(1, sitting.runs + 1):
        for tool in found if run % 2 else reversed(found):
            _one(sitting, tool, run)


def _one(sitting: Sitting, tool: Tool, run: int) -> None:
    with sitting.folder() as name, account(Path(name)) as opened:
        make_company(opened, sitting.settings)
        own = Path(name) / "tool"
        own.mkdir()
        tool.prepare(opened, own)
        switches = {"scale": sitting.scale, "role_delay_seconds": rows.ROLE_DELAY.seconds}
        opened.ask("PUT", "time", switches)
        begin = time.time()
        cell = (GROUP, PHASE, tool.name)
        row = sitting.measure(cell, run, tool.command(PHASE, opened), opened, lambda log: tool.check(PHASE, log))
        starts = critical_path.started(opened.requests(), begin)
        path = critical_path.report(critical_path.moments(starts, seconds(opened)), row.wall)
        sitting.path.setdefault(tool.name, []).append(path)
        sitting.keep()
        say(
            f"{tool.name}: everything ready after {path['complete']:.0f} s, the least is {path['bound']:.0f} s"
            f" ({' -> '.join(path['chain'])}): {path['distance']:+.0%}"
        )


def seconds(opened: Account) -> dict[str, float]:
    """How long each row of the table takes in this account."""
    switches: dict[str, Any] = opened.ask("GET", "time")
    scale = switches["scale"]
    table = {name: row["seconds"] for name, row in switches["rows"].items()} | switches["provisioning"]
    return {name: scale * value for name, value in table.items()} | {
        critical_path.ROLE_ROW: scale * switches["role_delay_seconds"]
    }
