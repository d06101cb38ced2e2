"""A copy of an account starts where its original stands, goes its own way, and can be copied while others work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.integration.cloud import Cloud, running_cloud

ROUNDS, DEPTH, CALLERS = 8, 3, 3
LIMIT_SECONDS = 60


@contextmanager
def copy_of(cloud: Cloud) -> Iterator[Cloud]:
    copy = Cloud(cloud.ask("POST", "/_local/forks")["endpoint"])
    try:
        yield copy
    finally:
        cloud.ask("DELETE", f"/_local/forks/{copy.endpoint.rpartition(':')[2]}")


def groups(cloud: Cloud) -> set[str]:
    return {group["GroupName"] for group in cloud.client("iam").list_groups()["Groups"]}


def gone(cloud: Cloud) -> bool:
    try:
        cloud.get("/_local/health")
    except HTTPError:
        return False
    except OSError:
        return True
    return False


def paused() -> bool:
    return threading.Event().wait(0.1)


class Caller(threading.Thread):
    """Asks the account one question after the other until it is stopped, each service's first one loads its code."""

    QUESTIONS = (
        ("ec2", "describe_vpcs"),
        ("lambda", "list_functions"),
        ("ecs", "list_clusters"),
        ("elbv2", "describe_load_balancers"),
        ("apigateway", "get_rest_apis"),
        ("dynamodb", "list_tables"),
        ("ecr", "describe_repositories"),
    )

    def __init__(self, cloud: Cloud) -> None:
        super().__init__(daemon=True)
        self.calls = [getattr(cloud.client(service), operation) for service, operation in self.QUESTIONS]
        self.stop, self.answers = threading.Event(), 0

    def run(self) -> None:
        while not self.stop.is_set():
            self.calls[self.answers % len(self.calls)]()
            self.answers += 1


def test_a_copy_goes_its_own_way(cloud: Cloud) -> None:
    cloud.client("iam").create_group(GroupName="before")
    with copy_of(cloud) as copy:
        copy.client("iam").create_group(GroupName="copy")
        cloud.client("iam").create_group(GroupName="original")
        assert (groups(cloud), groups(copy)) == ({"before", "original"}, {"before", "copy"})
    assert gone(copy)
    with pytest.raises(HTTPError, match="404"):
        cloud.ask("DELETE", f"/_local/forks/{copy.endpoint.rpartition(':')[2]}")


def test_copies_of_copies_while_others_call(tmp_path: Path) -> None:
    """From the first moment on, in which the control plane loads its services."""
    with running_cloud(tmp_path) as cloud:
        callers = [Caller(cloud) for _number in range(CALLERS)]
        for caller in callers:
            caller.start()
        for number in range(ROUNDS):
            with ExitStack() as chain:
                names, last = set(), cloud
                for depth in range(DEPTH):
                    last = chain.enter_context(copy_of(last))
                    name = f"{number}-{depth}"
                    last.client("iam").create_group(GroupName=name)
                    names.add(name)
                    assert groups(last) == names
                assert last.client("ecs").list_clusters()["clusterArns"] == []
        alive = [caller.is_alive() for caller in callers]
        for caller in callers:
            caller.stop.set()
            caller.join(LIMIT_SECONDS)
        assert alive == [True] * CALLERS, "a call failed"
        assert [caller.is_alive() for caller in callers] == [False] * CALLERS
        assert all(caller.answers for caller in callers)
        assert groups(cloud) == set()


@pytest.mark.parametrize(("when", "made"), [("before", set()), ("after", {"held"})])
def test_a_copy_while_a_request_is_held(cloud: Cloud, when: str, made: set[str]) -> None:
    cloud.ask("DELETE", "/_local/breakpoint")
    cloud.put("/_local/breakpoint", {"number": 1, "when": when})
    sender = threading.Thread(target=cloud.client("iam").create_group, kwargs={"GroupName": "held"}, daemon=True)
    sender.start()
    while cloud.get("/_local/breakpoint")["held"] is None:
        sender.join(0.01)
    with copy_of(cloud) as copy, copy_of(copy) as second:
        for each in (copy, second):
            assert groups(each) == made
            assert each.get("/_local/breakpoint") == {"count": 0, "held": None}
        assert cloud.get("/_local/breakpoint") == {"count": 1, "held": "iam:CreateGroup"}
    # Far away: what is held goes on.
    cloud.put("/_local/breakpoint", {"number": 1_000, "when": "before"})
    sender.join(LIMIT_SECONDS)
    assert groups(cloud) == {"held"}
    cloud.ask("DELETE", "/_local/breakpoint")


def test_a_copy_that_ends_takes_its_sockets_and_its_copies_along(cloud: Cloud) -> None:
    with copy_of(cloud) as copy:
        second = Cloud(copy.ask("POST", "/_local/forks")["endpoint"])
        assert groups(second) == groups(copy) == set()
    assert gone(copy)
    # It ends when it notices.
    assert any(gone(second) or paused() for _attempt in range(LIMIT_SECONDS * 10))
