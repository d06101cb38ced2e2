# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A company's VPC: what is read of it, which faults and warnings it has, each fault by one change of a sound one."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._network import (
    Answers,
    Question,
    network_of,
    routes_of,
    subnet_of,
    target_of,
    target_towards,
)
from ansible_collections.private_rag.aws.plugins.module_utils._network_faults import faults_of, warnings_of

REGION = "ap-northeast-1"


def tagged(name: str, **more: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in {"Name": name, **more}.items()]


def subnet(word: str, zone: str, third: int, vpc: str = "vpc-1") -> dict[str, Any]:
    return {
        "SubnetId": f"subnet-{word}",
        "VpcId": vpc,
        "AvailabilityZone": f"{REGION}{zone}",
        "CidrBlock": f"10.20.{third}.0/24",
        "Tags": tagged(f"corp-{word}"),
    }


def table(word: str, subnets: list[str], *routes: dict[str, Any], main: bool = False) -> dict[str, Any]:
    associations: list[dict[str, Any]] = [{"SubnetId": f"subnet-{each}"} for each in subnets]
    return {
        "RouteTableId": f"rtb-{word}",
        "Associations": [*associations, *([{"Main": True}] if main else [])],
        "Routes": [{"DestinationCidrBlock": "10.20.0.0/16", "GatewayId": "local", "State": "active"}, *routes],
    }


def route(destination: str, **target: str) -> dict[str, Any]:
    return {"DestinationCidrBlock": destination, "State": "active", **target}


NAT = route("0.0.0.0/0", NatGatewayId="nat-1")
IGW = route("0.0.0.0/0", GatewayId="igw-1")
ON_PREMISES = route("10.30.0.0/16", GatewayId="vgw-1")


def endpoint(service: str, kind: str = "Interface", **more: Any) -> dict[str, Any]:
    return {
        "VpcEndpointId": f"vpce-{service}",
        "VpcEndpointType": kind,
        "ServiceName": f"com.amazonaws.{REGION}.{service}",
        "State": "available",
        "PrivateDnsEnabled": kind == "Interface",
        "SubnetIds": ["subnet-private-a"] if kind == "Interface" else [],
        "Groups": [{"GroupId": f"sg-{service}"}] if kind == "Interface" else [],
        "RouteTableIds": ["rtb-private"] if kind == "Gateway" else [],
        **more,
    }


def group(service: str, *sources: str, port: int = 443) -> dict[str, Any]:
    rule = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "IpRanges": [{"CidrIp": each} for each in sources],
        "UserIdGroupPairs": [],
    }
    return {"GroupId": f"sg-{service}", "IpPermissions": [rule]}


QUESTION = Question(
    vpc="corp-vpc",
    private=["corp-private-a", "subnet-private-c"],
    public=["corp-public-a", "corp-public-c"],
    elasticsearch_cidrs=["10.30.0.10/32"],
    services=["logs", "s3", "execute-api"],
    region=REGION,
)
ANSWERS = Answers(
    vpcs=[{"VpcId": "vpc-1", "CidrBlock": "10.20.0.0/16", "Tags": tagged("corp-vpc")}],
    dns_support=True,
    dns_hostnames=True,
    subnets=[
        subnet("private-a", "a", 10),
        subnet("private-c", "c", 11),
        subnet("public-a", "a", 0),
        subnet("public-c", "c", 1),
    ],
    route_tables=[
        table("private", ["private-a", "private-c"], NAT, ON_PREMISES),
        table("public", ["public-a", "public-c"], IGW, main=True),
    ],
    endpoints=[endpoint("logs"), endpoint("s3", "Gateway")],
    groups=[group("logs", "10.20.0.0/16")],
    prefix_lists=[
        {"PrefixListId": "pl-1", "PrefixListName": f"com.amazonaws.{REGION}.s3"},
        {"PrefixListId": "pl-2", "PrefixListName": "com.amazonaws.us-east-1.s3"},
        {"PrefixListId": "pl-3", "PrefixListName": f"com.amazonaws.{REGION}.vpc-lattice"},
    ],
)


def private_routes(*routes: dict[str, Any]) -> list[dict[str, Any]]:
    return [table("private", ["private-a", "private-c"], *routes), ANSWERS.route_tables[1]]


def faults(question: Question = QUESTION, answers: Answers = ANSWERS) -> list[str]:
    return faults_of(question, answers, network_of(question, answers))


def warnings(question: Question = QUESTION, answers: Answers = ANSWERS) -> list[str]:
    return warnings_of(question, network_of(question, answers))


def test_a_sound_network_has_no_fault():
    assert faults() == []


def test_what_is_said_of_a_subnet():
    assert network_of(QUESTION, ANSWERS).private[0] == {
        "id": "subnet-private-a",
        "name": "corp-private-a",
        "az": "ap-northeast-1a",
        "cidr": "10.20.10.0/24",
        "route_table_id": "rtb-private",
        "default_route": "nat",
    }


def test_a_subnet_without_a_table_of_its_own_uses_the_main_one():
    lonely = subnet("lonely", "a", 50)
    assert subnet_of(lonely, ANSWERS)["route_table_id"] == "rtb-public"
    assert subnet_of(lonely, replace(ANSWERS, route_tables=[]))["default_route"] == "none"


def test_only_this_regions_gateway_prefix_lists_count():
    assert network_of(QUESTION, ANSWERS).prefix_lists == {"s3": "pl-1"}


def test_all_blocks_of_the_vpc_are_listed_once():
    blocks = [
        {"CidrBlock": "10.20.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "10.99.0.0/16", "CidrBlockState": {"State": "disassociated"}},
    ]
    answers = replace(ANSWERS, vpcs=[{**ANSWERS.vpcs[0], "CidrBlockAssociationSet": blocks}])
    assert network_of(QUESTION, answers).vpc["cidrs"] == ["10.20.0.0/16", "100.64.0.0/16"]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ({"NatGatewayId": "nat-1"}, "nat"),
        ({"TransitGatewayId": "tgw-1"}, "tgw"),
        ({"VpcPeeringConnectionId": "pcx-1"}, "peering"),
        ({"NetworkInterfaceId": "eni-1"}, "other"),
        ({"GatewayId": "igw-1"}, "igw"),
        ({"GatewayId": "vgw-1"}, "vgw"),
        ({"GatewayId": "vpce-1"}, "endpoint"),
        ({"GatewayId": "local"}, "local"),
        ({}, "other"),
    ],
)
def test_kinds_of_targets(target: dict[str, str], kind: str):
    assert target_of(target) == kind


def test_the_most_specific_route_decides_and_broken_ones_do_not_count():
    broken = {**route("10.30.0.0/24", TransitGatewayId="tgw-1"), "State": "blackhole"}
    routes = routes_of(table("x", [], NAT, ON_PREMISES, broken))
    assert target_towards(IPv4Network("10.30.0.10/32"), routes) == "vgw"
    assert target_towards(IPv4Network("10.0.0.0/8"), routes) == "nat"
    assert target_towards(IPv4Network("10.20.1.1/32"), routes) == "local"


def test_an_endpoint_with_private_dns_comes_first_and_the_others_are_named():
    both = [
        endpoint("s3", "Gateway", VpcEndpointId="vpce-gateway"),
        endpoint("s3", VpcEndpointId="vpce-dns"),
        endpoint("s3", VpcEndpointId="vpce-plain", PrivateDnsEnabled=False),
        endpoint("s3", VpcEndpointId="vpce-going", State="deleting"),
    ]
    found = network_of(QUESTION, replace(ANSWERS, endpoints=both)).endpoints["s3"]
    assert (found["id"], found["others"]) == ("vpce-dns", ["vpce-gateway", "vpce-plain"])


def test_our_own_endpoint_comes_before_all_others_and_another_deployments_is_none():
    owner = "private-rag:deployment"
    ours = endpoint("execute-api", VpcEndpointId="vpce-ours", PrivateDnsEnabled=False, State="pending")
    theirs = endpoint("execute-api", VpcEndpointId="vpce-theirs", Tags=tagged("x", **{owner: "chatbot-other"}))
    ours["Tags"] = tagged("x", **{owner: "chatbot-test"})
    question = replace(QUESTION, deployment="chatbot-test")
    found = network_of(question, replace(ANSWERS, endpoints=[theirs, ours])).endpoints["execute-api"]
    assert (found["id"], found["others"]) == ("vpce-ours", [])
    assert "execute-api" not in network_of(question, replace(ANSWERS, endpoints=[theirs])).endpoints


ALL_TRAFFIC = {"GroupId": "sg-logs", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}


@pytest.mark.parametrize(
    ("rules", "admitted"),
    [
        (group("logs", "10.20.0.0/16"), ["10.20.0.0/16"]),
        (group("logs", "10.20.0.0/16", port=80), []),
        (ALL_TRAFFIC, ["10.0.0.0/8"]),
    ],
)
def test_what_an_endpoints_groups_admit(rules: dict[str, Any], admitted: list[str]):
    found = network_of(QUESTION, replace(ANSWERS, groups=[rules])).endpoints["logs"]
    assert found["admits_cidrs"] == admitted


@pytest.mark.parametrize(
    ("vpcs", "fault"),
    [
        ([], "There is no VPC corp-vpc in this region."),
        ([{"VpcId": "vpc-2"}, {"VpcId": "vpc-1"}], "Several VPCs are named corp-vpc: vpc-1, vpc-2."),
    ],
)
def test_a_vpc_that_is_not_one_is_the_only_fault(vpcs: list[dict[str, Any]], fault: str):
    (found,) = faults(answers=Answers(vpcs=vpcs))
    assert found.startswith(fault)


SAME_ZONE = [subnet("private-a", "a", 10), subnet("private-c", "a", 11), *ANSWERS.subnets[2:]]
THIRD = [*ANSWERS.subnets, subnet("private-d", "a", 12)]
FOREIGN = [*ANSWERS.subnets, subnet("far", "a", 99, vpc="vpc-2")]
TWINS = [*ANSWERS.subnets, {**subnet("private-e", "d", 13), "Tags": tagged("corp-private-a")}]
NO_WAY_OUT = private_routes(ON_PREMISES)


@pytest.mark.parametrize(
    ("question", "answers", "fault"),
    [
        ({"private": ["corp-private-a", "corp-x"]}, {}, "There is no subnet corp-x in VPC vpc-1."),
        ({"private": ["corp-private-a", "subnet-far"]}, {"subnets": FOREIGN}, "Subnet subnet-far is in VPC vpc-2,"),
        ({}, {"subnets": TWINS}, "Several subnets of VPC vpc-1 are named corp-private-a: subnet-private-a, subnet-pr"),
        ({"private": ["corp-private-a"]}, {}, "At least two private subnets are needed"),
        ({}, {"subnets": SAME_ZONE}, "All private subnets lie in ap-northeast-1a; at least two"),
        (
            {"private": [*QUESTION.private, "corp-private-d"]},
            {"subnets": THIRD},
            "The private subnets subnet-private-a,",
        ),
        ({"public": ["corp-public-a"]}, {}, "At least two public subnets are needed"),
        (
            {"services": ["ecr.api"]},
            {"route_tables": NO_WAY_OUT},
            "subnet-private-a, subnet-private-c: there is no way",
        ),
        (
            {},
            {
                "route_tables": NO_WAY_OUT,
                "endpoints": [endpoint("s3", "Gateway"), endpoint("logs", PrivateDnsEnabled=False)],
            },
            "subnet-private-a, subnet-private-c: there is no way to logs. The endpoint vpce-logs has private DNS off",
        ),
        (
            {},
            {"route_tables": NO_WAY_OUT, "endpoints": [endpoint("logs"), endpoint("s3", "Gateway", RouteTableIds=[])]},
            "subnet-private-a, subnet-private-c: there is no way to s3. The gateway endpoint vpce-s3 is not in their",
        ),
        ({}, {"route_tables": private_routes(NAT)}, "subnet-private-a: no route to Elasticsearch at 10.30.0.10/32 (it"),
        ({}, {"route_tables": private_routes()}, "subnet-private-a: no route to Elasticsearch at 10.30.0.10/32 (there"),
    ],
)
def test_each_fault(question: dict[str, Any], answers: dict[str, Any], fault: str):
    found = faults(replace(QUESTION, **question), replace(ANSWERS, **answers))
    assert any(each.startswith(fault) for each in found), found


def test_with_endpoints_no_way_out_is_needed():
    assert faults(answers=replace(ANSWERS, route_tables=NO_WAY_OUT)) == []


def test_public_addresses_of_a_search_service_go_through_the_nat_gateway():
    assert faults(replace(QUESTION, elasticsearch_cidrs=["13.112.0.1/32"])) == []


IN_PARTS = private_routes(NAT, route("10.30.1.0/24", GatewayId="vgw-1"))
BY_LIST = private_routes(NAT, {"DestinationPrefixListId": "pl-corp", "TransitGatewayId": "tgw-1", "State": "active"})


@pytest.mark.parametrize(
    ("tables", "address"), [(IN_PARTS, "10.30.0.0/16"), (BY_LIST, "10.30.0.10/32")], ids=["in parts", "by prefix list"]
)
def test_a_route_that_cannot_be_judged_is_a_warning(tables: list[dict[str, Any]], address: str):
    question, answers = replace(QUESTION, elasticsearch_cidrs=[address]), replace(ANSWERS, route_tables=tables)
    assert faults(question, answers) == []
    assert any(f"whether all of {address} (Elasticsearch) has a route" in each for each in warnings(question, answers))


@pytest.mark.parametrize(
    ("question", "answers", "warning"),
    [
        ({}, {"dns_hostnames": False}, "The DNS of VPC vpc-1 is off (DNS support True, DNS hostnames False)"),
        ({}, {"endpoints": [endpoint("execute-api")]}, "The execute-api endpoint vpce-execute-api has private DNS on"),
        ({}, {}, "An internal load balancer gains nothing from public subnets (subnet-public-a, subnet-public-c)"),
        ({"private": QUESTION.public}, {}, "subnet-public-a, subnet-public-c were named as private subnets"),
        (
            {"corporate_cidrs": ["192.168.0.0/16"]},
            {},
            "No route leads from the load balancer's subnets (subnet-public-a,",
        ),
        ({"corporate_cidrs": ["10.0.0.0/8"]}, {}, "The corporate network 10.0.0.0/8 overlaps the VPC's 10.20.0.0/16"),
    ],
)
def test_each_warning(question: dict[str, Any], answers: dict[str, Any], warning: str):
    found = warnings(replace(QUESTION, **question), replace(ANSWERS, **answers))
    assert any(each.startswith(warning) for each in found), found


def test_a_way_back_to_one_of_the_companys_networks_is_enough():
    question = replace(QUESTION, public=[], corporate_cidrs=["192.168.0.0/16", "172.16.0.0/12"])
    line = route("172.16.0.0/12", TransitGatewayId="tgw-1")
    assert warnings(question, replace(ANSWERS, route_tables=private_routes(NAT, ON_PREMISES, line))) == []


def test_a_sound_network_in_private_subnets_has_no_warning():
    assert warnings(replace(QUESTION, public=[])) == []
