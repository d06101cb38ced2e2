"""ec2_vpc_endpoint_policy: what may be reached through an endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import REGION, Cloud
from tests.integration.modules.life import refused
from tests.integration.running import ModuleFailed, Runner

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*",
        }
    ],
}


@pytest.fixture
def wanted(cloud: Cloud) -> dict[str, Any]:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.execute-api",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
        PrivateDnsEnabled=False,
    )
    return {"vpc_endpoint_id": endpoint["VpcEndpoint"]["VpcEndpointId"], "policy": POLICY}


def test_set_then_left_alone_then_reset(run_module: Runner, wanted: dict[str, Any]) -> None:
    assert run_module.applied("ec2_vpc_endpoint_policy", wanted)["action"] == "create"
    gone = run_module.applied("ec2_vpc_endpoint_policy", {**wanted, "state": "absent"})
    assert gone["action"] == "delete"


def test_a_wider_policy_is_corrected(run_module: Runner, wanted: dict[str, Any]) -> None:
    run_module("ec2_vpc_endpoint_policy", wanted)
    wider = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Resource": "*"}]}  # type: ignore[dict-item]
    run_module("ec2_vpc_endpoint_policy", {**wanted, "policy": wider})
    done = run_module.applied("ec2_vpc_endpoint_policy", wanted)
    assert (done["action"], list(done["changes"])) == ("update", ["policy"])


def test_an_endpoint_that_is_only_predicted_is_predicted(run_module: Runner, wanted: dict[str, Any]) -> None:
    wanted["vpc_endpoint_id"] = "(known after apply: vpc endpoint id)"
    assert run_module.checked("ec2_vpc_endpoint_policy", wanted)["action"] == "create"


def test_no_policy_is_refused(run_module: Runner, wanted: dict[str, Any]) -> None:
    del wanted["policy"]
    with pytest.raises(ModuleFailed, match="policy is needed"):
        run_module("ec2_vpc_endpoint_policy", wanted)


def test_an_endpoint_that_does_not_exist_is_named(run_module: Runner, wanted: dict[str, Any]) -> None:
    gone = {**wanted, "vpc_endpoint_id": "vpce-0123456789abcdef0"}
    refused(run_module, "ec2_vpc_endpoint_policy", gone, "VPC endpoint vpce-0123456789abcdef0 does not exist")
    run_module.unchanged("ec2_vpc_endpoint_policy", {**gone, "state": "absent"})
