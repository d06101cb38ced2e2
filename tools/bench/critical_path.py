"""The shortest time in which AWS could make a deployment, from what needs what and how long each takes. Pure functions.

A step is a resource that takes AWS time; its row is one of local_cloud/control/aws_time/rows.py.
A step can begin when those it needs are ready. Everything else of a deployment is made at once, and counts nothing, so
the longest chain is a lower bound for any tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Request = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """``made_by``: the AWS calls that start it, as `service:Operation`; ``needs``: steps that must be ready before."""

    name: str
    row: str
    made_by: tuple[str, ...]
    needs: tuple[str, ...] = ()


ROLE_ROW = "role"
STEPS = (
    Step("load balancer", "load_balancer.create", ("elbv2:CreateLoadBalancer",)),
    Step("endpoint of execute-api", "vpc_endpoint.interface.create", ("ec2:CreateVpcEndpoint",)),
    # Lambda and ECS refuse a role that has not reached them yet (rows.ROLE_DELAY).
    Step("roles", ROLE_ROW, ("iam:CreateRole",)),
    Step("function", "lambda_function.vpc.create", ("lambda:CreateFunction",), ("roles",)),
    Step("table", "dynamodb_table.create", ("dynamodb:CreateTable",)),
    Step("table, changed", "dynamodb_table.update", ("dynamodb:UpdateTable",), ("table",)),
    Step("cluster", "ecs_cluster.create", ("ecs:CreateCluster", "ecs:PutClusterCapacityProviders")),
    # ECS API Reference, CreateService: the cluster has to be ACTIVE.
    Step("service and its tasks", "ecs_service.create", ("ecs:CreateService",), ("cluster", "roles")),
)


@dataclass(frozen=True)
class Moment:
    """A step in one run; seconds since its beginning. ``earliest`` is when it could have been started at all."""

    step: Step
    seconds: float
    earliest: float
    started: float

    @property
    def ready(self) -> float:
        """When AWS had made it."""
        return self.started + self.seconds


def started(requests: Iterable[Request], begin: float) -> dict[str, float]:
    """Seconds from ``begin`` (as in the requests' `at`) to the last call that started each step; what was refused does
    not count."""
    found: dict[str, float] = {}
    for request in requests:
        call = f"{request['service']}:{request['operation']}"
        for step in STEPS:
            if call in step.made_by and request["error_code"] is None:
                found[step.name] = request["at"] - begin
    return found


def moments(starts: Mapping[str, float], seconds: Mapping[str, float]) -> list[Moment]:
    """Each step of the run. ``seconds`` by row."""
    ready: dict[str, float] = {}
    found = []
    for step in STEPS:
        if step.name in starts:
            earliest = max((ready[name] for name in step.needs if name in ready), default=0.0)
            ready[step.name] = earliest + seconds[step.row]
            found.append(Moment(step, seconds[step.row], earliest, starts[step.name]))
    return found


def bound(found: list[Moment]) -> Moment:
    """The step that is ready last even where everything is started as early as can be."""
    return max(found, key=lambda it: it.earliest + it.seconds)


def chain(found: list[Moment], last: Moment) -> list[str]:
    """The steps that bound the whole, first to last."""
    by_name = {it.step.name: it for it in found}
    names = [last.step.name]
    while needed := [by_name[name] for name in by_name[names[0]].step.needs if name in by_name]:
        names.insert(0, max(needed, key=lambda it: it.earliest + it.seconds).step.name)
    return names


def report(found: list[Moment], wall: float) -> dict[str, Any]:
    """For JSON. ``distance``: how much longer than the bound it took until the run was over and everything ready."""
    last = bound(found)
    least = last.earliest + last.seconds
    complete = max(wall, *(it.ready for it in found))
    return {
        "bound": least,
        "chain": chain(found, last),
        "wall": wall,
        "complete": complete,
        "distance": complete / least - 1,
        "steps": [
            {
                "name": it.step.name,
                "row": it.step.row,
                "seconds": it.seconds,
                "earliest": it.earliest,
                "started": it.started,
                "ready": it.ready,
            }
            for it in sorted(found, key=lambda it: it.started)
        ],
    }
