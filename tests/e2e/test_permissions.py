"""Who used which permission in the running system: nobody was denied, and nobody has what he does not use.

Of the requests that the control plane recorded since `make up`. The lines of tools/iam_policies/reasons.yml say why a
permission stays that nothing used.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.aws import ENDPOINT, client
from tools.iam_policies import granted, store

ROLES = {
    "function": "lambda-rag-processor-role-prod",
    "execution": "ecs-task-execution-role-sg",
    "task": "ecs-task-role-sg",
}


@pytest.fixture(scope="module")
def requests() -> list[dict[str, Any]]:
    """Everything since the start that somebody signed who is judged."""
    with urllib.request.urlopen(f"{ENDPOINT}/_local/requests", timeout=30) as answer:
        recorded = json.load(answer)
    return [each for each in recorded if each["decision"] not in ("root", "aws")]


def policies(role: str) -> Iterator[dict[str, Any]]:
    iam = client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]


def test_nobody_was_denied(requests: list[dict[str, Any]]) -> None:
    assert [each for each in requests if each["decision"] != "allowed"] == []


@pytest.mark.parametrize("who", ROLES)
def test_every_grant_is_used_or_has_a_line_that_says_why(requests: list[dict[str, Any]], who: str) -> None:
    used = {
        permission["action"]
        for each in requests
        if f"/{ROLES[who]}/" in each["principal"]
        for permission in each["permissions"]
    }
    assert used, "nothing was recorded of this role"
    unused = granted.actions(policies(ROLES[who])) - used
    assert unused == {line["action"] for line in store.reasons()["unused"] if line["role"] == who}
