"""The JSON of one sitting: where, when and with what it was measured, and every row."""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.bench import phases, stacks, strategies, terraform
from tools.bench.account import ROOT
from tools.bench.sitting import Sitting
from tools.bench.statistics import Row

FOLDER = ROOT / ".cache" / "bench"
COMPLETE = 5
"""Runs of each measurement that the document is written from."""
PACKAGES = ("ansible-core", "mitogen", "boto3", "moto")
Document = dict[str, Any]


def new_file() -> Path:
    """A result's file, named after the time in UTC."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    return FOLDER / f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}.json"


def write(path: Path, sitting: Sitting) -> None:
    """What was measured so far; whole at any time."""
    document = {
        "date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}",
        "machine": machine(),
        "versions": versions(with_terraform=terraform.NAME not in sitting.not_measured and sitting.peer is not None),
        "runs": sitting.runs,
        "scale": sitting.scale,
        "tasks": sitting.tasks,
        "facts": sitting.facts,
        "not_measured": sitting.not_measured,
        "path": sitting.path,
        "rows": [row.plain() for row in sitting.rows],
    }
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    unfinished.rename(path)


def read(path: Path) -> Document:
    """A result with its rows as Row."""
    document: Document = json.loads(path.read_text())
    document["rows"] = [Row(**row) for row in document["rows"]]
    return document


def gap(document: Document) -> str:
    """What a result lacks to be written into the documents; empty where it is complete."""
    if document["runs"] < COMPLETE:
        return f"{document['runs']} runs, and it takes {COMPLETE}"
    groups = {row.group for row in document["rows"]}
    missing = [name for name in (phases.GROUP, strategies.GROUP, stacks.GROUP) if name not in groups]
    return f"not measured: {', '.join(missing)}" if missing else ""


def merge(documents: list[Document]) -> Document:
    """Several sittings of one machine as one. Runs of a group that several have are taken together."""
    merged = {**documents[0]}
    for later in documents[1:]:
        runs = _runs(merged["rows"])
        more = [replace(row, run=row.run + runs.get(row.group, 0)) for row in later["rows"]]
        tools = {*merged["path"], *later["path"]}
        together = {
            "rows": [*merged["rows"], *more],
            "facts": {**merged["facts"], **later["facts"]},
            "path": {tool: [*merged["path"].get(tool, []), *later["path"].get(tool, [])] for tool in sorted(tools)},
        }
        merged = {**merged, **later, **together}
    return {**merged, "runs": min(_runs(merged["rows"]).values(), default=0)}


def _runs(rows: list[Row]) -> dict[str, int]:
    """How many runs there are of each group."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.group] = max(found.get(row.group, 0), row.run)
    return found


def machine() -> str:
    """Processors, memory and kind of system; no name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()} {platform.machine()}"


def versions(with_terraform: bool) -> dict[str, str]:
    """Of what was measured, and of what it was measured on."""
    found = {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    if with_terraform and shutil.which("terraform"):
        found["Terraform"] = terraform.version()
    return found
