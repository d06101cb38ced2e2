"""One small measurement of `make bench`, from an empty account to the result's file, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.cloud import ROOT
from tools.bench import result, strategies
from tools.bench.targets import task_cost

LIMIT_SECONDS = 300
SMALL = """
import sys
from pathlib import Path
from tools.bench import result, strategies
from tools.bench.sitting import Sitting
from tools.bench.watch import adopt_orphans
adopt_orphans()
sitting = Sitting(runs=1, tasks=3)
sitting.keep = lambda: result.write(Path(sys.argv[1]), sitting)
strategies.measure(sitting)
"""


def test_one_run_of_a_few_tasks_under_each_strategy(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    command = [sys.executable, "-c", SMALL, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = result.read(path)["rows"]
    cells = {(row.phase, row.tool) for row in rows}
    assert cells == {(phase, tool) for phase in (strategies.EMPTY, strategies.FULL) for tool in strategies.STRATEGIES}
    assert all(row.cpu > 0 and row.peak_mb > 10 and row.writes == 0 for row in rows)
    full = [row for row in rows if row.phase == strategies.FULL]
    assert {row.requests for row in full} == {full[0].requests}  # both strategies ask the same
    assert full[0].requests > 3
    assert all(task_cost(result.read(path), strategy) for strategy in strategies.STRATEGIES)
    assert json.loads(path.read_text())["tasks"] == 3
