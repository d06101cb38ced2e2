"""The peer's own facts about the guide's deployment, asked after each cold deploy, whichever tool made it.

Each fact that does not hold is either explained here, or the run is no measurement of the same resources and fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.bench.tool import BenchError

FAILED = re.compile(r"^FAIL (.+?) -> ", re.MULTILINE)
TOTALS = re.compile(r"(\d+) passed, (\d+) failed")
COUNT = 45
COMPANY = {"ecr": "the company's mirror of the base image is there beside it, whichever tool deployed"}
# docs/guide-differences.md has the reasons.
OURS = {
    **COMPANY,
    "role lambda-rag-processor-role-prod policies": "one inline policy that names its resources, no full access",
    "role ecs-task-execution-role-sg policies": "one inline policy that names its resources",
    "endpoint-sg in": "the task calls the API, never the load balancer",
    "endpoint-sg out all": "an endpoint opens no connection, so its group has no way out",
    "lambda-sg out": "one way more, to the endpoint of Secrets Manager: the search has credentials",
    "lambda env": "the function does not call the API, so it is not told its URL",
    "dynamodb": "keys pk and sk: one shared session and colliding times otherwise",
    "POST proxy": "AWS_IAM instead of NONE",
    "resource policy": "three statements: endpoint, task's role, and the denial",
    "target group": "health check on /_stcore/health",
    "container": "the image by its digest instead of :latest",
    "scheduled actions": "on weekdays only",
}


@dataclass(frozen=True)
class Facts:
    """How many of the facts hold, and which do not."""

    passed: int
    differing: list[str]


def facts(peer: Path, endpoint: str, variables: Path) -> Facts:
    """Run the peer's verify.py."""
    command = [sys.executable, str(peer / "verify.py"), endpoint, str(variables)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    totals = TOTALS.search(done.stdout)
    if not totals:
        raise BenchError(f"{' '.join(command)} told nothing: {(done.stdout + done.stderr)[-1500:]}")
    return Facts(int(totals[1]), FAILED.findall(done.stdout))


def unexplained(differing: list[str], explained: dict[str, str]) -> list[str]:
    """The facts that differ and should not."""
    return [name for name in differing if name not in explained]
