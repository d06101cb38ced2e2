"""What a role may do by a policy of AWS's own that is attached to it."""

from __future__ import annotations

from typing import Any

from control_builders import Cloud, Network, trust, unique


def test_function_in_a_vpc_whose_role_has_a_managed_policy(
    cloud: Cloud, network: Network, function: dict[str, Any]
) -> None:
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=unique("r"), AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))["Role"]
    policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=policy)
    function["Role"] = role["Arn"]
    function["VpcConfig"] = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    assert cloud.client("lambda").create_function(**function)["Role"] == role["Arn"]
