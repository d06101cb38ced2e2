"""ec2_security_group_rules: rules in a group of the company."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.running import ModuleFailed, Runner


@pytest.fixture
def wanted(cloud: Cloud) -> dict[str, Any]:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    group, caller = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("vpce", "caller")
    )
    rules = [{"ports": ["443"], "groups": [caller], "description": "chatbot-test calls logs"}]
    return {"group_id": group, "rules": rules}


def ingress(cloud: Cloud, group_id: str) -> list[dict[str, Any]]:
    groups = cloud.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    permissions: list[dict[str, Any]] = groups[0]["IpPermissions"]
    return permissions


def test_added_then_left_alone_then_taken_away(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    assert run_module.applied("ec2_security_group_rules", wanted)["action"] == "create"
    assert len(ingress(cloud, wanted["group_id"])) == 1
    assert run_module.applied("ec2_security_group_rules", {**wanted, "state": "absent"})["action"] == "delete"
    assert ingress(cloud, wanted["group_id"]) == []


def test_a_rule_of_somebody_else_serves_and_stays(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    caller = wanted["rules"][0]["groups"][0]
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": caller}]}
    cloud.client("ec2").authorize_security_group_ingress(GroupId=wanted["group_id"], IpPermissions=[permission])
    run_module.unchanged("ec2_security_group_rules", wanted)
    run_module.unchanged("ec2_security_group_rules", {**wanted, "state": "absent"})
    assert len(ingress(cloud, wanted["group_id"])) == 1


def test_our_rule_with_another_port_is_replaced(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    """Told by its description. A rule of the company that lets the caller in too stays."""
    ec2, caller = cloud.client("ec2"), wanted["rules"][0]["groups"][0]
    for port, description in ((8443, "chatbot-test calls logs"), (22, "administration")):
        peer = {"GroupId": caller, "Description": description}
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [peer]}
        ec2.authorize_security_group_ingress(GroupId=wanted["group_id"], IpPermissions=[permission])
    done = run_module.applied("ec2_security_group_rules", wanted)
    assert [rule["ports"] for rule in done["changes"]["rules"]["before"]] == ["8443"]
    assert {each["FromPort"] for each in ingress(cloud, wanted["group_id"])} == {22, 443}


def test_our_rule_with_another_port_goes_with_the_rest(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any]
) -> None:
    elsewhere = {**wanted, "rules": [{**wanted["rules"][0], "ports": ["8443"]}]}
    run_module("ec2_security_group_rules", elsewhere)
    assert run_module.applied("ec2_security_group_rules", {**wanted, "state": "absent"})["action"] == "delete"
    assert ingress(cloud, wanted["group_id"]) == []


@pytest.mark.parametrize(("state", "action"), [("absent", "delete"), ("present", "update")])
def test_our_rules_go_where_no_caller_is_left(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any], state: str, action: str
) -> None:
    """By their description: the callers' groups are gone, or have lost the tag that they are found by."""
    run_module("ec2_security_group_rules", wanted)
    left = {**wanted, "rules": [{**wanted["rules"][0], "groups": []}], "state": state}
    assert run_module.applied("ec2_security_group_rules", left)["action"] == action
    assert ingress(cloud, wanted["group_id"]) == []


def test_a_group_that_does_not_exist_is_named(run_module: Runner, wanted: dict[str, Any]) -> None:
    wanted["group_id"] = "sg-0123456789abcdef0"
    with pytest.raises(ModuleFailed, match="sg-0123456789abcdef0 does not exist"):
        run_module("ec2_security_group_rules", wanted)
    run_module.unchanged("ec2_security_group_rules", {**wanted, "state": "absent"})


def test_a_caller_that_is_only_predicted_is_predicted(run_module: Runner, wanted: dict[str, Any]) -> None:
    wanted["rules"][0]["groups"] = ["(known after apply: task group id)"]
    assert run_module.checked("ec2_security_group_rules", wanted)["action"] == "create"
