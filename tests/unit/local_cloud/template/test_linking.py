"""An account as a template: references where ids stood, and verdicts on what is wrong."""

from __future__ import annotations

from typing import Any

from local_cloud.template.judging import judge
from local_cloud.template.linking import RENDERERS, template

VPC = {
    "VpcId": "vpc-1",
    "CidrBlock": "10.20.0.0/16",
    "Tags": [{"Key": "aws:x", "Value": "1"}, {"Key": "a", "Value": "b"}],
}
SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.20.0.0/24", "AvailabilityZone": "ap-northeast-1a"}
KINDS = (
    *("vpcs", "subnets", "route_tables", "internet_gateways", "nat_gateways", "groups", "group_rules", "endpoints"),
    *("roles", "log_groups", "tables", "repositories", "secrets", "functions", "apis", "balancers", "target_groups"),
    *("clusters", "services", "task_definitions", "targets", "scaling_policies", "scheduled_actions"),
)


def account(**parts: Any) -> dict[str, Any]:
    """An account with these parts, and nothing else."""
    return {**{kind: [] for kind in KINDS}, **parts}


def test_an_id_becomes_a_reference_and_tags_of_aws_are_left_out() -> None:
    resources = template(account(vpcs=[VPC], subnets=[SUBNET]))["Resources"]
    assert resources["Vpc1"]["Properties"]["Tags"] == [{"Key": "a", "Value": "b"}]
    assert resources["Subnet1"]["Properties"]["VpcId"] == {"Ref": "Vpc1"}


def test_an_empty_account_is_an_empty_template() -> None:
    assert template(account())["Resources"] == {}
    assert len(RENDERERS) > 20


def test_a_sound_network_has_no_verdict_and_a_wrong_one_has() -> None:
    assert judge(template(account(vpcs=[VPC], subnets=[SUBNET]))) == []
    wrong = {**SUBNET, "CidrBlock": "10.99.0.0/24"}
    assert [each.resource for each in judge(template(account(vpcs=[VPC], subnets=[wrong])))] == ["Subnet1"]
