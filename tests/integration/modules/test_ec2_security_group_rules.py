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
    return {"groups": [{"group_id": group, "rules": rules}]}


def caller_of(wanted: dict[str, Any]) -> str:
    return str(wanted["groups"][0]["rules"][0]["groups"][0])


def having(wanted: dict[str, Any], **rule: Any) -> dict[str, Any]:
    """The same with another rule."""
    group = wanted["groups"][0]
    return {**wanted, "groups": [{**group, "rules": [{**group["rules"][0], **rule}]}]}


def ingress(cloud: Cloud, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    group_id = wanted["groups"][0]["group_id"]
    groups = cloud.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    permissions: list[dict[str, Any]] = groups[0]["IpPermissions"]
    return permissions


def test_added_then_left_alone_then_taken_away(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    assert run_module.applied("ec2_security_group_rules", wanted)["action"] == "create"
    assert len(ingress(cloud, wanted)) == 1
    assert run_module.applied("ec2_security_group_rules", {**wanted, "state": "absent"})["action"] == "delete"
    assert ingress(cloud, wanted) == []


def test_a_rule_of_somebody_else_serves_and_stays(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    caller = caller_of(wanted)
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": caller}]}
    cloud.client("ec2").authorize_security_group_ingress(
        GroupId=wanted["groups"][0]["group_id"], IpPermissions=[permission]
    )
    run_module.unchanged("ec2_security_group_rules", wanted)
    run_module.unchanged("ec2_security_group_rules", {**wanted, "state": "absent"})
    assert len(ingress(cloud, wanted)) == 1


def test_our_rule_with_another_port_is_replaced(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    """Told by its description. A rule of the company that lets the caller in too stays."""
    ec2, caller = cloud.client("ec2"), caller_of(wanted)
    for port, description in ((8443, "chatbot-test calls logs"), (22, "administration")):
        peer = {"GroupId": caller, "Description": description}
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [peer]}
        ec2.authorize_security_group_ingress(GroupId=wanted["groups"][0]["group_id"], IpPermissions=[permission])
    done = run_module.applied("ec2_security_group_rules", wanted)
    assert [rule["ports"] for rule in done["changes"][f"{wanted['groups'][0]['group_id']}.rules"]["before"]] == ["8443"]
    assert {each["FromPort"] for each in ingress(cloud, wanted)} == {22, 443}


def test_our_rule_with_another_port_goes_with_the_rest(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any]
) -> None:
    elsewhere = having(wanted, ports=["8443"])
    run_module("ec2_security_group_rules", elsewhere)
    assert run_module.applied("ec2_security_group_rules", {**wanted, "state": "absent"})["action"] == "delete"
    assert ingress(cloud, wanted) == []


@pytest.mark.parametrize(("state", "action"), [("absent", "delete"), ("present", "update")])
def test_our_rules_go_where_no_caller_is_left(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any], state: str, action: str
) -> None:
    """By their description: the callers' groups are gone, or have lost the tag that they are found by."""
    run_module("ec2_security_group_rules", wanted)
    left = {**having(wanted, groups=[]), "state": state}
    assert run_module.applied("ec2_security_group_rules", left)["action"] == action
    assert ingress(cloud, wanted) == []


def test_groups_that_do_not_exist_are_named(run_module: Runner, wanted: dict[str, Any]) -> None:
    gone = [{**wanted["groups"][0], "group_id": f"sg-0123456789abcdef{number}"} for number in range(2)]
    wanted["groups"] += gone
    with pytest.raises(
        ModuleFailed, match=r"sg-0123456789abcdef0 does not exist; .* sg-0123456789abcdef1 does not exist"
    ):
        run_module("ec2_security_group_rules", wanted)
    run_module.unchanged("ec2_security_group_rules", {**wanted, "state": "absent"})


def test_several_groups_are_asked_for_at_once(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    """The one that has its rules is left alone, the other one gets them, and both lose them."""
    ec2, first = cloud.client("ec2"), wanted["groups"][0]
    vpc = ec2.describe_security_groups(GroupIds=[first["group_id"]])["SecurityGroups"][0]["VpcId"]
    second = ec2.create_security_group(GroupName="second", Description="second", VpcId=vpc)["GroupId"]
    run_module("ec2_security_group_rules", wanted)
    both = {"groups": [first, {**first, "group_id": second}]}
    done = run_module.applied("ec2_security_group_rules", both)
    assert (done["action"], list(done["changes"])) == ("update", [f"{second}.rules"])
    cloud.forget()
    run_module.unchanged("ec2_security_group_rules", both)
    assert {it["operation"] for it in cloud.get("/_local/requests")} == {"DescribeSecurityGroups"}
    assert run_module.applied("ec2_security_group_rules", {**both, "state": "absent"})["action"] == "delete"
    assert [ingress(cloud, {"groups": [each]}) for each in both["groups"]] == [[], []]


def test_a_group_named_twice_is_refused(run_module: Runner, wanted: dict[str, Any]) -> None:
    with pytest.raises(ModuleFailed, match="is named twice"):
        run_module("ec2_security_group_rules", {"groups": wanted["groups"] * 2})


def test_no_groups_are_nothing_to_do(run_module: Runner, cloud: Cloud) -> None:
    run_module.unchanged("ec2_security_group_rules", {"groups": []})


def test_a_caller_that_is_only_predicted_is_predicted(run_module: Runner, wanted: dict[str, Any]) -> None:
    predicted = having(wanted, groups=["(known after apply: task group id)"])
    assert run_module.checked("ec2_security_group_rules", predicted)["action"] == "create"
