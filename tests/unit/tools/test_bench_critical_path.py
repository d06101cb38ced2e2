"""The lower bound of a deployment, and how far a run was from it."""

from __future__ import annotations

from typing import Any

import pytest

from local_cloud.control.aws_time.rows import ROWS
from tools.bench import critical_path
from tools.bench.critical_path import ROLE_ROW, STEPS, bound, chain, moments, report, started

SECONDS = {name: row.seconds for name, row in ROWS.items()} | {ROLE_ROW: 12.0}


def request(call: str, at: float, error: str | None = None) -> dict[str, Any]:
    service, _colon, operation = call.partition(":")
    return {"service": service, "operation": operation, "at": at, "error_code": error}


def test_every_step_has_a_row_and_needs_earlier_steps() -> None:
    known: set[str] = set()
    for step in STEPS:
        assert step.row in SECONDS
        assert known.issuperset(step.needs)
        known.add(step.name)


def test_a_refused_call_starts_nothing() -> None:
    requests = [
        request("lambda:CreateFunction", 105.0, "InvalidParameterValueException"),
        request("lambda:CreateFunction", 112.0),
        request("lambda:GetFunction", 120.0),
    ]
    assert started(requests, 100.0) == {"function": 12.0}


def test_the_bound_is_the_longest_chain() -> None:
    found = moments({"roles": 1.0, "function": 14.0, "cluster": 2.0, "service and its tasks": 40.0}, SECONDS)
    last = bound(found)
    assert (last.step.name, last.earliest + last.seconds) == ("service and its tasks", 144.0)
    assert chain(found, last) == ["cluster", "service and its tasks"]


def test_the_distance_counts_what_is_ready_after_the_run() -> None:
    found = moments({"load balancer": 20.0, "table": 5.0}, SECONDS)
    path = report(found, wall=100.0)
    assert path["complete"] == 186.0
    assert path["distance"] == pytest.approx(186 / 166 - 1)
    assert [step["name"] for step in path["steps"]] == ["table", "load balancer"]


def test_every_provisioned_creation_of_a_deployment_is_a_step() -> None:
    rows = {step.row for step in critical_path.STEPS}
    left = {name for name in ROWS if name.endswith(".create")} - rows
    # What the deployment does not make: gateways, and a function outside a VPC.
    assert left == {"vpc_endpoint.gateway.create", "nat_gateway.create", "lambda_function.create"}
