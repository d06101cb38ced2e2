# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What AWS is still at work on is waited for, never in check mode; and what it refuses with a 200 is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait as wait_for
from ansible_collections.private_rag.aws.plugins.modules import ec2_vpc_endpoint, ecs_cluster, lambda_function
from botocore.exceptions import WaiterError
from botocore.stub import Stubber

ENDPOINT = {
    "VpcEndpointId": "vpce-1",
    "VpcId": "vpc-1",
    "ServiceName": "com.amazonaws.ap-northeast-1.execute-api",
    "VpcEndpointType": "Interface",
}
OPTIONS = {
    "name": None,
    "vpc_id": "vpc-1",
    "service_name": "execute-api",
    "deployment": None,
    "adopt": False,
    "state": "present",
}
FUNCTION = {"FunctionName": "F", "FunctionArn": "arn:aws:lambda:r:1:function:F", "CodeSha256": "x"}


class Ec2:
    """Shows one endpoint, pending at first."""

    meta = SimpleNamespace(region_name="ap-northeast-1")

    def __init__(self) -> None:
        self.state = "pending"

    def get_paginator(self, _operation: str) -> Any:
        found = SimpleNamespace(build_full_result=self.describe_vpc_endpoints)
        return SimpleNamespace(paginate=lambda **_parameters: found)

    def describe_vpc_endpoints(self, **_parameters: Any) -> dict[str, Any]:
        return {"VpcEndpoints": [{**ENDPOINT, "State": self.state}]}

    def delete_vpc_endpoints(self, **_parameters: Any) -> dict[str, Any]:
        return {"Unsuccessful": [{"Error": {"Message": "it is requester-managed"}}]}


class Lambda:
    """Shows one function, pending at first."""

    def __init__(self) -> None:
        self.state = "Pending"
        self.waits: list[str] = []
        self.updated_after: list[str] = []

    def get_function(self, **_parameters: Any) -> dict[str, Any]:
        return {"Configuration": {**FUNCTION, "State": self.state, "StateReason": "There is no free address."}}

    def update_function_configuration(self, **_parameters: Any) -> None:
        self.updated_after = [*self.waits]


def resource(module: Any, kind: Any, client: Any, monkeypatch: pytest.MonkeyPatch, check: bool, **options: Any) -> Any:
    """A resource of a module with one client, and the names of the waits that it does, which bring the end state."""
    waits: list[str] = []

    def wait(_client: Any, name: str, **_parameters: Any) -> None:
        waits.append(name)
        client.state = "Active" if isinstance(client, Lambda) else "available"
        client.waits = waits

    monkeypatch.setattr(module, "wait", wait)
    made = kind(SimpleNamespace(params={"wait": True, **options}, check_mode=check, client=lambda _service: client))
    return made, waits


@pytest.mark.parametrize(
    ("check", "options", "state", "waited"),
    [
        (False, {}, "available", ["vpc_endpoint_available"]),
        (False, {"wait": False}, "pending", []),
        # It may as well fail; either way it can be deleted.
        (False, {"state": "absent"}, "pending", []),
        (True, {}, "pending", []),
    ],
)
def test_an_endpoint_that_an_earlier_run_began(
    monkeypatch: pytest.MonkeyPatch, check: bool, options: dict[str, Any], state: str, waited: list[str]
) -> None:
    kind = ec2_vpc_endpoint.VpcEndpoint
    made, waits = resource(ec2_vpc_endpoint, kind, Ec2(), monkeypatch, check, **{**OPTIONS, **options})
    assert (made.read()["state"], waits) == (state, waited)


def test_an_endpoint_that_ec2_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    made, waits = resource(ec2_vpc_endpoint, ec2_vpc_endpoint.VpcEndpoint, Ec2(), monkeypatch, False, **OPTIONS)
    with pytest.raises(ReconcileError, match="VPC endpoint execute-api was not deleted: it is requester-managed"):
        made.delete({"id": "vpce-1"})
    assert waits == []


def test_every_task_that_may_hold_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """DescribeTasks takes 100; a service whose tasks failed for an hour leaves more."""
    arns = [f"task/{number}" for number in range(201)]
    found = SimpleNamespace(build_full_result=lambda: {"taskArns": arns})
    ecs = SimpleNamespace(
        get_paginator=lambda _operation: SimpleNamespace(paginate=lambda **_parameters: found),
        delete_cluster=lambda **_parameters: None,
    )
    asked: list[str] = []
    monkeypatch.setattr(ecs_cluster, "wait", lambda _client, _row, cluster, tasks: asked.extend(tasks))
    module = SimpleNamespace(params={"name": "C"}, check_mode=False, client=lambda _service: ecs)
    ecs_cluster.Cluster(module).delete({"name": "C"})
    assert asked == arns


@pytest.mark.parametrize(("check", "waited"), [(False, ["lambda_function_at_rest"]), (True, [])])
def test_a_function_that_an_earlier_run_began(monkeypatch: pytest.MonkeyPatch, check: bool, waited: list[str]) -> None:
    options = {"name": "F", "state": "present"}
    made, waits = resource(lambda_function, lambda_function.Function, Lambda(), monkeypatch, check, **options)
    assert made.read()["name"] == "F"
    assert waits == waited


@pytest.mark.parametrize("wait", [True, False])
def test_an_update_begins_where_lambda_takes_it_and_ends_where_it_is_in_force(
    monkeypatch: pytest.MonkeyPatch, wait: bool
) -> None:
    client = Lambda()
    made, waits = resource(
        lambda_function, lambda_function.Function, client, monkeypatch, False, name="F", wait=wait, state="present"
    )
    made.update({"name": "F"}, {"timeout": (3, 28)})
    assert client.updated_after == ["lambda_function_at_rest"]
    assert waits == ["lambda_function_at_rest", "lambda_function_active", "lambda_function_updated"]


@pytest.mark.parametrize("wait", [True, False])
def test_a_function_that_could_not_be_made_is_told(monkeypatch: pytest.MonkeyPatch, wait: bool) -> None:
    client = Lambda()
    client.state = "Failed"
    options = {"name": "F", "wait": wait, "state": "present"}
    made, _waits = resource(lambda_function, lambda_function.Function, client, monkeypatch, False, **options)
    with pytest.raises(ReconcileError, match=r"Lambda function F could not be made.*no free address.*delete"):
        made.read()
    gone, _waits = resource(
        lambda_function, lambda_function.Function, client, monkeypatch, False, **{**options, "state": "absent"}
    )
    assert gone.read()["name"] == "F"


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        ("lambda_function_active", [{"State": "Pending"}, {"State": "Active"}]),
        # Idle for weeks: nothing changes that but an invocation or an update.
        ("lambda_function_active", [{"State": "Inactive"}]),
        ("lambda_function_at_rest", [{"State": "Pending"}, {"State": "Active"}]),
        (
            "lambda_function_at_rest",
            [{"State": "Active", "LastUpdateStatus": word} for word in ("InProgress", "Failed")],
        ),
        ("lambda_function_at_rest", [{"State": "Inactive", "LastUpdateStatus": "Successful"}]),
    ],
)
def test_what_of_a_function_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, row: str, answers: list[dict[str, str]]
) -> None:
    monkeypatch.setattr("botocore.waiter.time.sleep", lambda _seconds: None)
    client = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stub:
        for configuration in answers:
            stub.add_response("get_function", {"Configuration": configuration}, {"FunctionName": "F"})
        wait_for(client, row, FunctionName="F")
        stub.assert_no_pending_responses()


def test_a_function_that_fails_while_it_is_waited_for() -> None:
    client = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    stub = Stubber(client)
    stub.add_response("get_function", {"Configuration": {"State": "Failed"}}, {"FunctionName": "F"})
    with stub, pytest.raises(WaiterError, match="Failed"):
        wait_for(client, "lambda_function_active", FunctionName="F")
