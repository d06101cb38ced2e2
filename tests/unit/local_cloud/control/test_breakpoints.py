"""Requests that are held, let go or dropped, and copies of an account."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from control_builders import Cloud, unique

from local_cloud.control.breakpoints import Breakpoint, DroppedError


def begin(point: Breakpoint, label: str) -> tuple[threading.Thread, list[str]]:
    """A request in a thread of its own, and what has become of it."""
    seen: list[str] = []

    def request() -> None:
        try:
            number = point.before(label)
            seen.append("executed")
            point.after(label, number)
            seen.append("answered")
        except DroppedError:
            seen.append("dropped")

    thread = threading.Thread(target=request, daemon=True)
    thread.start()
    return thread, seen


def held(point: Breakpoint) -> Any:
    """The request that is held, once one is."""
    asked = threading.Event()
    while point.shown()["held"] is None:
        asked.wait(0.01)
    return point.shown()["held"]


def test_before_then_after_then_dropped() -> None:
    point = Breakpoint()
    point.arm(1, "before")
    thread, seen = begin(point, "ecs:CreateCluster")
    assert (held(point), seen) == ("ecs:CreateCluster", [])
    point.arm(1, "after")
    assert (held(point), seen) == ("ecs:CreateCluster", ["executed"])
    other, answered = begin(point, "iam:CreateRole")
    other.join(10)
    assert (answered, point.shown()) == (["executed", "answered"], {"count": 2, "held": "ecs:CreateCluster"})
    point.disarm()
    thread.join(10)
    assert (seen, point.shown()) == (["executed", "dropped"], {"count": 0, "held": None})


def test_dropped_before_it_is_executed() -> None:
    point = Breakpoint()
    point.arm(1, "before")
    thread, seen = begin(point, "ecs:CreateCluster")
    held(point)
    point.disarm()
    thread.join(10)
    assert seen == ["dropped"]


@pytest.mark.parametrize("body", [{}, {"number": 0, "when": "before"}, {"number": 1, "when": "during"}])
def test_wrong_breakpoints(cloud: Cloud, body: dict[str, Any]) -> None:
    with pytest.raises(requests.HTTPError, match="400"):
        cloud.local("PUT", "breakpoint", body)
    assert cloud.local("GET", "breakpoint")["held"] is None


def test_only_what_changes_something_is_held(cloud: Cloud) -> None:
    iam, name = cloud.client("iam"), unique("group")
    cloud.local("DELETE", "breakpoint")  # counts anew: other tests wrote to this account
    cloud.local("PUT", "breakpoint", {"number": 1, "when": "after"})
    errors: list[str] = []

    def create() -> None:
        try:
            iam.create_group(GroupName=name)
        except ClientError as error:
            errors.append(str(error.response["ResponseMetadata"]["HTTPStatusCode"]))

    thread = threading.Thread(target=create, daemon=True)
    thread.start()
    asked = threading.Event()
    while cloud.local("GET", "breakpoint")["held"] is None:
        asked.wait(0.01)
    # Executed, not answered; reads pass by.
    assert iam.get_group(GroupName=name)["Group"]["GroupName"] == name
    cloud.local("DELETE", "breakpoint")
    thread.join(10)
    assert errors == ["503"]
