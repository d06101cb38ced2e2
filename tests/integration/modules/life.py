"""What the tests of the owned resources have in common: adoption, the end, and a network to stand in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import REGION, Cloud
from tests.integration.running import ModuleFailedError, Runner

OWNER = "private-rag:deployment"
DEPLOYMENT = "chatbot-test"
Params = dict[str, Any]


def network(cloud: Cloud) -> tuple[str, list[str], str]:
    """A VPC with two subnets in two zones and a security group: their ids."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("ac")
    ]
    return vpc, [made["Subnet"]["SubnetId"] for made in subnets], group(cloud, vpc, "first")


def group(cloud: Cloud, vpc: str, name: str) -> str:
    """One more security group."""
    made = cloud.client("ec2").create_security_group(VpcId=vpc, GroupName=name, Description=name)
    return str(made["GroupId"])


def refused(run_module: Runner, name: str, params: Params, words: str) -> None:
    """The module refuses with these words, in check mode and without, and changes nothing."""
    for check in (True, False):
        run_module.cloud.forget()
        with pytest.raises(ModuleFailedError, match=words):
            run_module(name, params, check=check)
        assert run_module.cloud.mutations() == []


def adopted(run_module: Runner, name: str, params: Params) -> None:
    """A namesake without the tag, which is there already, is refused and kept, and taken over on demand."""
    refused(run_module, name, params, "was not made by this deployment")
    run_module.unchanged(name, {**params, "state": "absent"})
    taken = run_module.applied(name, {**params, "adopt": True})
    assert taken["changes"]["tags"]["after"][OWNER] == DEPLOYMENT
    refused(run_module, name, {**params, "deployment": "chatbot-other"}, "belongs to the deployment 'chatbot-test'")


def ended(run_module: Runner, name: str, params: Params) -> None:
    """The resource is deleted, and deleting it again changes nothing."""
    done = run_module.applied(name, {**params, "state": "absent"})
    assert done["action"] == "delete"


def drifted(run_module: Runner, name: str, params: Params, fields: set[str]) -> Params:
    """What was changed behind the module's back is named, exactly, and put right. Returns the changes."""
    done = run_module.applied(name, params)
    assert set(done["changes"]) == fields
    assert done["action"] == "update"
    changes: Params = done["changes"]
    return changes
