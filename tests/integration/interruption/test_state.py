"""Two accounts have the same state if they are alike but for ids and the order of lists."""

from __future__ import annotations

from typing import Any

from tests.integration.interruption.state import values


def account(group: str, rule: str, endpoint: str, port: int = 443) -> dict[str, Any]:
    """A group that admits itself, and an endpoint in it, under names that are made of ids."""
    return {
        group: {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupName": "sg-a"}},
        rule: {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {"GroupId": {"Ref": group}, "FromPort": port, "SourceSecurityGroupId": {"Ref": group}},
        },
        endpoint: {
            "Type": "AWS::EC2::VPCEndpoint",
            "DependsOn": sorted([group, rule]),
            "Properties": {"SecurityGroupIds": [{"Ref": group}], "Policy": f"vpce-{'0' * 16}{len(endpoint)}"},
        },
    }


FIRST = account("Sg1a", "Sgr2b", "Vpce3c")


def test_other_ids_are_no_difference() -> None:
    assert values(account("SgFf", "SgrEe", "Vpce0d")) == values(FIRST)
    assert values(account("Zz", "Aa", "Vpce0d")) == values(FIRST)


def test_what_a_resource_refers_to_is_part_of_it() -> None:
    other = values(account("Sg1a", "Sgr2b", "Vpce3c", port=80))
    assert {kind for kind, _digest in (other - values(FIRST))} == {
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::VPCEndpoint",
    }


def test_a_duplicate_counts() -> None:
    twice = {**FIRST, "SgTwin": FIRST["Sg1a"]}
    assert (values(twice) - values(FIRST)).total() == 1
