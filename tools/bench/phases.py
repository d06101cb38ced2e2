"""The phases of one deployment, by each tool on an account of its own, interleaved run by run."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from tools.bench import conformance, ours, terraform
from tools.bench.account import Account, account, make_company
from tools.bench.ours import Ours
from tools.bench.sitting import Sitting, say
from tools.bench.tool import PHASES, BenchError, Tool

GROUP = "phases"
NO_TIME = {"scale": 1e-9}
"""Nothing takes AWS any time, but a service's tasks do start: without a scale nobody would start them."""
EXPLAINED = {ours.NAME: conformance.OURS, terraform.NAME: conformance.COMPANY}


def tools(sitting: Sitting, steady: bool = False) -> list[Tool]:
    """Ours, and Terraform where it can be measured; why not is kept for the report."""
    found: list[Tool] = [Ours(sitting.settings, sitting.options)]
    why = terraform.missing(sitting.peer)
    if why:
        sitting.not_measured[terraform.NAME] = why
    elif sitting.peer:
        found.append(terraform.Terraform(sitting.peer, steady))
    return found


def measure(sitting: Sitting) -> None:
    """Every run begins with another tool."""
    found = tools(sitting)
    for run in range(1, sitting.runs + 1):
        for tool in found if run % 2 else reversed(found):
            _one(sitting, tool, run)


def _one(sitting: Sitting, tool: Tool, run: int) -> None:
    with sitting.folder() as name, account(Path(name)) as opened:
        make_company(opened, sitting.settings)
        own = Path(name) / "tool"
        own.mkdir()
        tool.prepare(opened, own)
        opened.ask("PUT", "time", NO_TIME)
        for phase in PHASES:
            row = sitting.measure(
                (GROUP, phase, tool.name), run, tool.command(phase, opened), opened, partial(tool.check, phase)
            )
            if phase in ("noop", "check") and row.writes:
                raise BenchError(f"{tool.name} wrote {row.writes} times in a {phase} run")
            if phase == "cold" and sitting.peer:
                compare(sitting, tool, opened, own)


def compare(sitting: Sitting, tool: Tool, opened: Account, folder: Path) -> None:
    """Ask the peer's facts, and refuse what differs without a reason."""
    if not sitting.peer:
        return
    variables = folder / "facts.tfvars.json"
    variables.write_text(json.dumps(terraform.network(opened.ec2())))
    found = conformance.facts(sitting.peer, opened.endpoint, variables)
    explained = EXPLAINED[tool.name]
    if faults := conformance.unexplained(found.differing, explained):
        raise BenchError(f"{tool.name} did not deploy the same: {', '.join(faults)}")
    sitting.facts[tool.name] = {
        "hold": found.passed,
        "differ": {fact: explained[fact] for fact in found.differing},
    }
    say(f"{tool.name}: {found.passed} facts hold, {len(found.differing)} differ for known reasons")
