"""ec2_security_group_set: groups that refer to each other, as one resource."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.running import ModuleFailed, Runner

WEB, APP = "chatbot-alb-sg", "streamlit-fargate-task-sg"


@pytest.fixture
def wanted(cloud: Cloud) -> dict[str, Any]:
    return {
        "vpc_id": cloud.client("ec2").create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"],
        "deployment": "chatbot-test",
        "groups": [
            {
                "name": WEB,
                "description": "Load balancer",
                "ingress": [{"ports": ["80"], "cidrs": ["10.0.0.0/8", "192.168.0.0/16"], "description": "Corporate"}],
                "egress": [{"ports": ["8080"], "groups": [APP]}],
            },
            {"name": APP, "ingress": [{"ports": ["8080"], "groups": [WEB]}]},
        ],
    }


def group(cloud: Cloud, name: str) -> dict[str, Any]:
    filters = [{"Name": "group-name", "Values": [name]}]
    found: dict[str, Any] = cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]
    return found


def test_created_in_a_circle_then_left_alone_then_deleted(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any]
) -> None:
    predicted = run_module.checked("ec2_security_group_set", wanted)
    assert predicted["security_groups"]["ids"][WEB] == f"(known after apply: {WEB} id)"
    done = run_module.applied("ec2_security_group_set", wanted)
    assert done["action"] == "create"
    assert set(done["security_groups"]["ids"]) == {WEB, APP}
    assert group(cloud, APP)["IpPermissionsEgress"] == []
    gone = run_module.applied("ec2_security_group_set", {**wanted, "state": "absent"})
    assert gone["action"] == "delete"


def test_a_rule_added_by_hand_is_removed_and_named(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    run_module("ec2_security_group_set", wanted)
    cloud.client("ec2").authorize_security_group_ingress(
        GroupId=group(cloud, APP)["GroupId"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}],
    )
    done = run_module.applied("ec2_security_group_set", wanted)
    assert list(done["changes"]) == [f"{APP}.ingress"]
    assert {"protocol": "tcp", "ports": "22", "peer": "10.9.0.0/16", "description": ""} in done["changes"][
        f"{APP}.ingress"
    ]["before"]


def test_a_revoked_rule_and_a_changed_description_come_back(
    run_module: Runner, cloud: Cloud, wanted: dict[str, Any]
) -> None:
    run_module("ec2_security_group_set", wanted)
    web = group(cloud, WEB)
    cloud.client("ec2").revoke_security_group_egress(GroupId=web["GroupId"], IpPermissions=web["IpPermissionsEgress"])
    wanted["groups"][0]["ingress"][0]["description"] = "Offices"
    done = run_module.applied("ec2_security_group_set", wanted)
    assert sorted(done["changes"]) == [f"{WEB}.egress", f"{WEB}.ingress"]
    assert group(cloud, WEB)["IpPermissions"][0]["IpRanges"][0]["Description"] == "Offices"


def test_a_run_that_was_cut_off_is_finished(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    run_module("ec2_security_group_set", {**wanted, "groups": [{"name": WEB, "description": "Load balancer"}]})
    done = run_module("ec2_security_group_set", wanted)
    assert done["action"] == "update"
    assert set(done["security_groups"]["ids"]) == {WEB, APP}
    run_module.unchanged("ec2_security_group_set", wanted)


def test_a_namesake_is_refused_and_can_be_adopted(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    cloud.client("ec2").create_security_group(GroupName=WEB, Description="Load balancer", VpcId=wanted["vpc_id"])
    with pytest.raises(ModuleFailed, match="was not made by this deployment"):
        run_module("ec2_security_group_set", wanted)
    done = run_module("ec2_security_group_set", {**wanted, "adopt": True})
    assert done["changed"]
    run_module.unchanged("ec2_security_group_set", wanted)


def test_groups_of_others_are_not_deleted(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    cloud.client("ec2").create_security_group(GroupName=WEB, Description="Load balancer", VpcId=wanted["vpc_id"])
    done = run_module("ec2_security_group_set", {**wanted, "state": "absent"})
    assert not done["changed"]
    assert group(cloud, WEB)["GroupName"] == WEB


def test_ours_go_beside_a_group_of_others(run_module: Runner, cloud: Cloud, wanted: dict[str, Any]) -> None:
    """The other's is kept, as it is, and does not keep ours."""
    web = cloud.client("ec2").create_security_group(GroupName=WEB, Description="Load balancer", VpcId=wanted["vpc_id"])[
        "GroupId"
    ]
    app = {"name": APP, "ingress": [{"ports": ["8080"], "groups": [web]}]}
    run_module("ec2_security_group_set", {**wanted, "groups": [app]})
    before = group(cloud, WEB)
    done = run_module.applied("ec2_security_group_set", {**wanted, "state": "absent"})
    assert done["action"] == "delete"
    assert group(cloud, WEB) == before
    filters = [{"Name": "group-name", "Values": [APP]}]
    assert cloud.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"] == []


def test_all_faults_are_told_at_once(run_module: Runner, wanted: dict[str, Any]) -> None:
    wanted["groups"][0]["description"] = "負荷分散"
    wanted["groups"][1]["ingress"][0]["ports"] = ["web"]
    with pytest.raises(ModuleFailed, match=r"負荷分散.*'web'"):
        run_module("ec2_security_group_set", wanted, check=True)


def test_a_group_description_is_never_replaced_silently(run_module: Runner, wanted: dict[str, Any]) -> None:
    run_module("ec2_security_group_set", wanted)
    wanted["groups"][0]["description"] = "Something else"
    with pytest.raises(ModuleFailed, match="cannot change a group's description"):
        run_module("ec2_security_group_set", wanted)
