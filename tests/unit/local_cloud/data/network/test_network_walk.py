"""The packet walk, over the guide's network: as it should be, and with each of the guide's own mistakes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from guide_network import (
    BEDROCK,
    DYNAMODB,
    ECR,
    EXECUTE_API,
    FUNCTION,
    LOAD_BALANCER,
    REGION,
    S3,
    SEARCH,
    TASK,
    network,
)

from local_cloud.data.network import AddressTarget, Client, EndpointTarget, Interface, resolve, walk
from local_cloud.data.network.model import NetworkSnapshot, Rule


def changed(group: str, **rules: tuple[Rule, ...]) -> NetworkSnapshot:
    """The right network with one group's rules replaced."""
    right = network()
    return replace(right, groups={**right.groups, group: replace(right.groups[group], **rules)})


@pytest.mark.parametrize(
    ("source", "destination", "port"),
    [
        (Client("10.30.1.20"), LOAD_BALANCER, 80),
        (LOAD_BALANCER, TASK, 8080),
        (TASK, EndpointTarget(EXECUTE_API), 443),
        (TASK, EndpointTarget(ECR), 443),
        (TASK, S3, 443),
        (FUNCTION, EndpointTarget(BEDROCK), 443),
        (FUNCTION, DYNAMODB, 443),
        (FUNCTION, SEARCH, 9200),
    ],
)
def test_every_hop_of_a_question_is_open(source: object, destination: object, port: int) -> None:
    verdict = walk(network(), source, destination, port)  # type: ignore[arg-type]  # one of the unions each
    assert verdict.reason == ""
    assert verdict.allowed


def test_guide_1_endpoint_admits_the_load_balancer_instead_of_the_task() -> None:
    wrong = changed("sg-api", ingress=(Rule("tcp", 443, 443, group_ids=("sg-alb",)),))
    verdict = walk(wrong, TASK, EndpointTarget(EXECUTE_API), 443)
    assert verdict.reason == ("api-gateway-endpoint-sg has no inbound rule for tcp/443 from streamlit-fargate-task-sg")


def test_guide_2_task_reaches_only_the_api_and_logs() -> None:
    wrong = changed("sg-task", egress=(Rule("tcp", 443, 443, group_ids=("sg-api", "sg-logs")),))
    to_registry = walk(wrong, TASK, EndpointTarget(ECR), 443)
    assert to_registry.reason == "streamlit-fargate-task-sg has no outbound rule for tcp/443 to ecr-vpce-sg"
    to_layers = walk(wrong, TASK, S3, 443)
    assert to_layers.reason.startswith("streamlit-fargate-task-sg has no outbound rule for tcp/443 to 52.216.")


def test_guide_2_nat_alone_does_not_help_while_the_group_forbids_it() -> None:
    wrong = changed("sg-task", egress=(Rule("tcp", 443, 443, group_ids=("sg-api",)),))
    assert not walk(wrong, TASK, AddressTarget("52.192.0.10", "public"), 443).allowed
    right = changed("sg-task", egress=(Rule("tcp", 443, 443, cidrs=("0.0.0.0/0",)),))
    assert walk(right, TASK, AddressTarget("52.192.0.10", "public"), 443).allowed


def test_guide_3_a_group_rule_does_not_open_a_gateway_endpoint() -> None:
    wrong = changed("sg-lambda", egress=(Rule("tcp", 443, 443, group_ids=("sg-dynamodb",)),))
    verdict = walk(wrong, FUNCTION, DYNAMODB, 443)
    assert verdict.reason.startswith("lambda-rag-processor-sg has no outbound rule for tcp/443 to ")
    assert not verdict.allowed


def test_a_gateway_endpoint_carries_only_the_route_tables_that_name_it() -> None:
    right = network()
    without_nat = {
        key: replace(table, routes=tuple(r for r in table.routes if not r.target.startswith("nat-")))
        for key, table in right.route_tables.items()
    }
    closed = replace(right, route_tables=without_nat)
    assert walk(closed, FUNCTION, DYNAMODB, 443).endpoint_id == "vpce-0d"
    endpoints = {**closed.endpoints, "vpce-0d": replace(closed.endpoints["vpce-0d"], route_table_ids=())}
    verdict = walk(replace(closed, endpoints=endpoints), FUNCTION, DYNAMODB, 443)
    assert verdict.reason.startswith("rtb-private of corp-private-a has no route to 3.218.182.10")


def test_guide_4_the_existing_endpoint_does_not_admit_the_function() -> None:
    verdict = walk(changed("sg-bedrock", ingress=()), FUNCTION, EndpointTarget(BEDROCK), 443)
    assert verdict.reason == "bedrock-vpce-sg has no inbound rule for tcp/443 from lambda-rag-processor-sg"


def test_guide_54_on_premises_needs_a_route() -> None:
    right = network()
    verdict = walk(replace(right, attached_gateways=frozenset({"igw-1"})), FUNCTION, SEARCH, 9200)
    assert verdict.reason == "rtb-private sends 10.30.0.10 (search.corp.example) to vgw-1: it is not attached"


def test_a_private_address_does_not_go_through_nat() -> None:
    open_group = changed("sg-lambda", egress=(Rule("-1", 0, 65535, cidrs=("0.0.0.0/0",)),))
    verdict = walk(open_group, FUNCTION, AddressTarget("192.168.1.1"), 443)
    assert verdict.reason == "rtb-private sends 192.168.1.1 to nat-1: it is a private address"


def test_a_nat_gateway_needs_its_own_way_out() -> None:
    right = changed("sg-task", egress=(Rule("tcp", 443, 443, cidrs=("0.0.0.0/0",)),))
    verdict = walk(replace(right, attached_gateways=frozenset({"vgw-1"})), TASK, AddressTarget("52.192.0.10"), 443)
    assert verdict.reason.endswith("its subnet corp-public-a has no route to an internet gateway")


def test_another_port_and_another_protocol_are_closed() -> None:
    assert not walk(network(), FUNCTION, SEARCH, 9300).allowed
    wrong = changed("sg-lambda", egress=(Rule("udp", 9200, 9200, cidrs=("10.30.0.0/16",)),))
    assert not walk(wrong, FUNCTION, SEARCH, 9200).allowed


def test_a_client_needs_a_way_back() -> None:
    everyone = changed("sg-alb", ingress=(Rule("tcp", 80, 80, cidrs=("10.0.0.0/8",)),))
    verdict = walk(everyone, Client("10.99.0.1"), LOAD_BALANCER, 80)
    assert "the way back" in verdict.reason
    assert not walk(everyone, Client("192.0.2.1"), LOAD_BALANCER, 80).allowed


def test_an_endpoint_that_is_not_available_or_not_there() -> None:
    right = network()
    pending = {**right.endpoints, EXECUTE_API: replace(right.endpoints[EXECUTE_API], state="pending")}
    verdict = walk(replace(right, endpoints=pending), TASK, EndpointTarget(EXECUTE_API), 443)
    assert verdict.reason == f"{EXECUTE_API} is pending, not available"
    assert not walk(right, TASK, EndpointTarget("vpce-0ff"), 443).allowed


def test_nothing_has_an_address_of_the_vpc_that_is_no_interface() -> None:
    verdict = walk(network(), FUNCTION, AddressTarget("10.20.10.99"), 443)
    assert verdict.reason == "nothing in vpc-1 has the address 10.20.10.99"


def test_an_endpoint_without_groups_has_the_default_group() -> None:
    right = network()
    bare = {**right.endpoints, BEDROCK: replace(right.endpoints[BEDROCK], group_ids=())}
    verdict = walk(replace(right, endpoints=bare), FUNCTION, EndpointTarget(BEDROCK), 443)
    assert verdict.reason == "lambda-rag-processor-sg has no outbound rule for tcp/443 to default"


PUBLIC, DYNAMODB_ADDRESS, S3_ADDRESS = "52.192.0.10", "3.218.182.10", "52.216.0.10"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (f"abc123.execute-api.{REGION}.amazonaws.com", PUBLIC),
        (f"vpce-0e-abc123.execute-api.{REGION}.amazonaws.com", PUBLIC),
        (f"dynamodb.{REGION}.amazonaws.com", DYNAMODB_ADDRESS),
        (f"bucket.s3.{REGION}.amazonaws.com", S3_ADDRESS),
        ("search.corp.example", "10.30.0.10"),
    ],
)
def test_names_outside_the_vpc(host: str, address: str) -> None:
    """The reversed API name of the guide (correction 10) is among those that lead nowhere useful."""
    assert resolve(network(), "vpc-1", host) == AddressTarget(address, host)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (f"abc123-{EXECUTE_API}.execute-api.{REGION}.amazonaws.com", EndpointTarget(EXECUTE_API)),
        (f"{EXECUTE_API}-x1y2.execute-api.{REGION}.vpce.amazonaws.com", EndpointTarget(EXECUTE_API)),
        (f"bedrock-runtime.{REGION}.amazonaws.com", EndpointTarget(BEDROCK)),
        (f"123456789012.dkr.ecr.{REGION}.amazonaws.com", EndpointTarget(ECR)),
        ("10.30.0.10", AddressTarget("10.30.0.10")),
        (f"abc123-vpce-0ff.execute-api.{REGION}.amazonaws.com", None),
    ],
)
def test_names_of_endpoints_and_addresses(host: str, expected: object) -> None:
    assert resolve(network(), "vpc-1", host) == expected


def test_private_dns_needs_both_attributes_of_the_vpc() -> None:
    right = network()
    off = replace(right, vpcs={"vpc-1": replace(right.vpcs["vpc-1"], dns_hostnames=False)})
    name = f"bedrock-runtime.{REGION}.amazonaws.com"
    assert resolve(off, "vpc-1", name) == AddressTarget("52.192.0.10", name)


def test_group_reference_to_itself() -> None:
    shared = Interface("eni-9", "subnet-a", "10.20.10.50", ("sg-self",))
    other = Interface("eni-8", "subnet-c", "10.20.11.50", ("sg-self",))
    assert walk(network(), shared, other, 5000).allowed
