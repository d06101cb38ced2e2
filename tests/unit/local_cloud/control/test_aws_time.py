"""AWS's time with every figure in force, on a clock that the tests turn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from ansible_collections.private_rag.aws.plugins.module_utils._retries import RETRIES
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import WAITS
from botocore.exceptions import ClientError
from control_builders import ENDPOINT, Cloud, Network, unique
from test_repairs_stores import TABLE

from local_cloud.control.aws_time.rows import INTERFACE_RELEASE, ROLE_DELAY, ROWS
from local_cloud.control.aws_time.settings import Settings, from_environment, parse
from local_cloud.control.settings import configure_moto

configure_moto()


class Hand:
    """The hand of the clock, in seconds."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at

    def past(self, row: str) -> None:
        """As long as the row takes on AWS, and a moment more."""
        self.at += ROWS[row].seconds + 0.01


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="module")
def cloud(hand: Hand) -> Iterator[Cloud]:
    """A control plane whose clock is turned by hand, at AWS's own speed."""
    from local_cloud.control.aws_time.clock import Clock
    from local_cloud.control.front import Front
    from local_cloud.control.server import make_loopback_server, serve_in_thread
    from local_cloud.control.state import State

    state = State(clock=Clock(hand))
    server = make_loopback_server("127.0.0.1", 0, Front(state), state.gate)
    serve_in_thread(server)
    cloud = Cloud(f"http://127.0.0.1:{server.server_port}")
    cloud.local("PUT", "time", {"scale": 1})
    yield cloud
    server.shutdown()


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as raised:
        call()
    return str(raised.value.response["Error"]["Code"])


def test_endpoint(cloud: Cloud, hand: Hand, network: Network) -> None:
    ec2 = cloud.client("ec2")
    made = ec2.create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=ENDPOINT,
        VpcEndpointType="Interface",
        SubnetIds=network.subnets,
        SecurityGroupIds=[network.group],
    )["VpcEndpoint"]
    asked = {"VpcEndpointIds": [made["VpcEndpointId"]]}

    def states(**more: Any) -> list[str]:
        return [each["State"] for each in ec2.describe_vpc_endpoints(**more)["VpcEndpoints"]]

    available = [{"Name": "vpc-endpoint-state", "Values": ["available"]}, {"Name": "vpc-id", "Values": [network.vpc]}]
    assert (made["State"], states(**asked), states(Filters=available)) == ("pending", ["pending"], [])
    hand.past("vpc_endpoint.interface.create")
    assert (states(**asked), states(Filters=available)) == (["available"], ["available"])
    assert ec2.delete_vpc_endpoints(**asked)["Unsuccessful"] == []
    assert states(**asked) == ["deleting"]
    assert code_of(lambda: ec2.delete_security_group(GroupId=network.group)) == "DependencyViolation"
    hand.past("vpc_endpoint.interface.delete")
    assert code_of(lambda: states(**asked)) == "InvalidVpcEndpointId.NotFound"
    ec2.delete_security_group(GroupId=network.group)


def test_nat_gateway(cloud: Cloud, hand: Hand, network: Network) -> None:
    ec2 = cloud.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)["NatGateway"]
    asked = {"NatGatewayIds": [made["NatGatewayId"]]}

    def state() -> str:
        return str(ec2.describe_nat_gateways(**asked)["NatGateways"][0]["State"])

    assert (made["State"], state()) == ("pending", "pending")
    hand.past("nat_gateway.create")
    assert state() == "available"
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    assert state() == "deleting"
    hand.past("nat_gateway.delete")
    assert state() == "deleted"


def test_load_balancer(cloud: Cloud, hand: Hand, balancer: dict[str, str], network: Network) -> None:
    elb = cloud.client("elbv2")

    def states() -> list[str]:
        return [each["State"]["Code"] for each in elb.describe_load_balancers()["LoadBalancers"]]

    assert states() == ["provisioning"]
    hand.past("load_balancer.create")
    assert states() == ["active"]
    elb.delete_load_balancer(LoadBalancerArn=balancer["arn"])
    assert code_of(lambda: elb.delete_target_group(TargetGroupArn=balancer["group"])) == "ResourceInUse"
    assert code_of(lambda: cloud.client("ec2").delete_security_group(GroupId=network.group)) == "DependencyViolation"
    hand.past("load_balancer.delete")
    assert states() == []
    elb.delete_target_group(TargetGroupArn=balancer["group"])


def test_function(cloud: Cloud, hand: Hand, function: dict[str, Any], network: Network) -> None:
    client, name = cloud.client("lambda"), {"FunctionName": function["FunctionName"]}

    def state() -> tuple[str, str]:
        shown = client.get_function(**name)["Configuration"]
        assert shown["State"] == client.get_function_configuration(**name)["State"]
        return shown["State"], shown["LastUpdateStatus"]

    assert client.create_function(**function)["State"] == "Pending"
    assert state() == ("Pending", "InProgress")
    assert code_of(lambda: client.update_function_configuration(**name, Timeout=9)) == "ResourceConflictException"
    hand.past("lambda_function.create")
    assert state() == ("Active", "Successful")
    client.update_function_configuration(**name, Timeout=9)
    assert state() == ("Active", "InProgress")
    assert code_of(lambda: client.publish_version(**name)) == "ResourceConflictException"
    hand.past("lambda_function.update")
    place = {"SubnetIds": network.subnets, "SecurityGroupIds": [network.group]}
    client.update_function_configuration(**name, VpcConfig=place)
    hand.past("lambda_function.update")
    assert state() == ("Active", "InProgress")
    hand.past("lambda_function.vpc.update")
    assert state() == ("Active", "Successful")


def test_table(cloud: Cloud, hand: Hand) -> None:
    dynamodb, name = cloud.client("dynamodb"), {"TableName": unique("table")}

    def status() -> str:
        return str(dynamodb.describe_table(**name)["Table"]["TableStatus"])

    expiry = {**name, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}
    recovery = {**name, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    assert dynamodb.create_table(**name, **TABLE)["TableDescription"]["TableStatus"] == "CREATING"
    assert code_of(lambda: dynamodb.update_time_to_live(**expiry)) == "ResourceInUseException"
    refused = code_of(lambda: dynamodb.update_continuous_backups(**recovery))
    assert refused == "ContinuousBackupsUnavailableException"
    hand.past("dynamodb_table.create")
    assert status() == "ACTIVE"
    dynamodb.update_time_to_live(**expiry)
    dynamodb.update_table(**name, DeletionProtectionEnabled=True)
    assert status() == "UPDATING"
    hand.past("dynamodb_table.update")
    assert code_of(lambda: dynamodb.delete_table(**name)) == "ValidationException"
    dynamodb.update_table(**name, DeletionProtectionEnabled=False)
    hand.past("dynamodb_table.update")
    assert dynamodb.delete_table(**name)["TableDescription"]["TableStatus"] == "DELETING"
    assert status() == "DELETING"
    hand.past("dynamodb_table.delete")
    assert code_of(status) == "ResourceNotFoundException"


def test_service_without_a_data_plane(cloud: Cloud, hand: Hand, service: dict[str, Any], network: Network) -> None:
    ecs, elb = cloud.client("ecs"), cloud.client("elbv2")
    cluster = {"cluster": service["cluster"]}
    shown = ecs.describe_clusters(clusters=[service["cluster"]])["clusters"][0]
    assert (shown["status"], shown["attachmentsStatus"]) == ("PROVISIONING", "UPDATE_IN_PROGRESS")
    hand.past("ecs_cluster.create")
    assert ecs.describe_clusters(clusters=[service["cluster"]])["clusters"][0]["status"] == "ACTIVE"

    def state() -> tuple[str, int, str]:
        found = ecs.describe_services(**cluster, services=[service["serviceName"]])["services"][0]
        rollout = found["deployments"][0]["rolloutState"] if found["deployments"] else ""
        return found["status"], found["runningCount"], rollout

    ecs.create_service(**service)
    assert state() == ("ACTIVE", 0, "IN_PROGRESS")
    hand.past("ecs_service.create")
    assert state() == ("ACTIVE", 1, "COMPLETED")
    group = {"TargetGroupArn": service["loadBalancers"][0]["targetGroupArn"]}
    health = elb.describe_target_health(**group)["TargetHealthDescriptions"]
    assert [each["TargetHealth"]["State"] for each in health] == ["healthy"]
    ecs.update_service(**cluster, service=service["serviceName"], desiredCount=3, forceNewDeployment=True)
    hand.past("ecs_service.update")
    assert state() == ("ACTIVE", 3, "COMPLETED")
    ecs.delete_service(**cluster, service=service["serviceName"], force=True)
    assert state()[:2] == ("DRAINING", 3)
    hand.past("ecs_service.delete")
    assert state() == ("INACTIVE", 0, "")
    assert elb.describe_target_health(**group)["TargetHealthDescriptions"] == []


@pytest.mark.parametrize(
    ("wait", "row"),
    [
        ("vpc_endpoint_available", "vpc_endpoint.interface.create"),
        ("vpc_endpoint_available", "vpc_endpoint.interface.update"),
        ("vpc_endpoint_deleted", "vpc_endpoint.interface.delete"),
        ("load_balancer_active", "load_balancer.create"),
        ("load_balancers_deleted", "load_balancer.delete"),
        ("target_group_unused", "load_balancer.delete"),
        ("lambda_function_active", "lambda_function.vpc.create"),
        ("lambda_function_updated", "lambda_function.vpc.update"),
        ("dynamodb_table_exists", "dynamodb_table.create"),
        ("dynamodb_table_not_exists", "dynamodb_table.delete"),
        ("ecs_cluster_ready", "ecs_cluster.create"),
        ("ecs_service_deployed", "ecs_service.update"),
        ("ecs_services_inactive", "ecs_service.delete"),
    ],
)
def test_the_modules_wait_at_least_three_times_as_long(wait: str, row: str) -> None:
    """The limits of plugins/module_utils/_waiters.py against the figures here."""
    assert WAITS[wait].delay * WAITS[wait].attempts >= 3 * ROWS[row].seconds


def test_the_modules_outlast_the_passing_refusals() -> None:
    """A new role, with twice its usual delay, and the interfaces that a function leaves behind."""
    longest = {name: max(row.delay * row.attempts for row in rows) for name, rows in RETRIES.items()}
    assert longest["lambda_role_usable"] >= 2 * ROLE_DELAY.seconds
    assert longest["api_policy_valid"] >= 2 * ROLE_DELAY.seconds
    assert longest["security_group_unused"] >= 2 * INTERFACE_RELEASE.seconds


def test_switches(cloud: Cloud) -> None:
    before = cloud.local("GET", "time")
    assert {**Settings(scale=1).plain(), "rows": before["rows"]} == before
    assert before["rows"].keys() == ROWS.keys()
    with pytest.raises(requests.HTTPError, match="400"):
        cloud.local("PUT", "time", {"scael": 1})
    assert cloud.local("GET", "time") == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "an object"),
        ({"scael": 1}, "no such switches: scael"),
        ({"scale": -1}, "scale is not a number"),
        ({"scale": True}, "scale is not a number"),
        ({"provisioning": {"moon": 3}}, "provisioning takes the rows"),
        ({"provisioning": {"nat_gateway.create": "x"}}, "nat_gateway.create is not a number"),
        ({"throttle_percent": 101}, "more than 100"),
    ],
)
def test_wrong_switches(given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(given)


def test_switches_of_the_environment() -> None:
    assert from_environment({}) == Settings()
    given = from_environment({"LOCAL_CLOUD_TIME": '{"scale": 0.5, "provisioning": {"nat_gateway.create": 10}}'})
    assert (given.seconds("nat_gateway.create"), given.seconds("dynamodb_table.create")) == (5, 6)
    with pytest.raises(ValueError, match="not JSON"):
        from_environment({"LOCAL_CLOUD_TIME": "scale=1"})
