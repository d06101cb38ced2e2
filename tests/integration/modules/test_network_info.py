"""network_info: what it reads of a company's VPC, and what it says of one that cannot carry the deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.cloud import ACCOUNT, REGION, Cloud
from tests.integration.running import ModuleFailed, Runner

SERVICES = ["logs", "s3", "execute-api"]


@dataclass
class Company:
    """The VPC of the local cloud's prerequisites, as far as this module looks at it."""

    cloud: Cloud

    def build(self) -> None:
        self.ec2 = self.cloud.client("ec2")
        self.vpc = self._named("vpc", self.ec2.create_vpc, "corp-vpc", CidrBlock="10.20.0.0/16")["VpcId"]
        for option in ("EnableDnsHostnames", "EnableDnsSupport"):
            self.ec2.modify_vpc_attribute(VpcId=self.vpc, **{option: {"Value": True}})
        self.public = [self.subnet(f"corp-public-{zone}", f"10.20.{n}.0/24", zone) for n, zone in enumerate("ac")]
        self.private = [self.subnet(f"corp-private-{zone}", f"10.20.1{n}.0/24", zone) for n, zone in enumerate("ac")]
        self.public_table = self.table(self.public, GatewayId=self.internet_gateway())
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.public[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
        self.private_table = self.table(self.private, NatGatewayId=nat)
        gateway = self.ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
        self.ec2.attach_vpn_gateway(VpcId=self.vpc, VpnGatewayId=gateway)
        self.ec2.create_route(RouteTableId=self.private_table, DestinationCidrBlock="10.30.0.0/16", GatewayId=gateway)

    def _named(self, kind: str, create: Any, name: str, **options: Any) -> dict[str, Any]:
        tags = [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
        answer = create(TagSpecifications=tags, **options)
        return next(value for key, value in answer.items() if key != "ResponseMetadata")

    def subnet(self, name: str, cidr: str, zone: str) -> str:
        made = self._named(
            "subnet", self.ec2.create_subnet, name, VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}"
        )
        return str(made["SubnetId"])

    def internet_gateway(self) -> str:
        gateway = str(self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])
        self.ec2.attach_internet_gateway(VpcId=self.vpc, InternetGatewayId=gateway)
        return gateway

    def table(self, subnets: list[str], **default_route: str) -> str:
        table = str(self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"])
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **default_route)
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return table

    def question(self, **more: Any) -> dict[str, Any]:
        return {
            "vpc_name": "corp-vpc",
            "private_subnet_names": ["corp-private-a", "corp-private-c"],
            "elasticsearch_cidrs": ["10.30.0.10/32"],
            "services": SERVICES,
            **more,
        }


@pytest.fixture
def company(cloud: Cloud) -> Company:
    made = Company(cloud)
    made.build()
    return made


def test_a_sound_network(run_module: Runner, company: Company) -> None:
    looked = run_module.checked("network_info", company.question(expected_account_id=ACCOUNT, refuse_faults=True))
    found = looked["network"]
    assert looked["account_id"] == ACCOUNT
    assert found["faults"] == []
    assert found["vpc"] == {
        "id": company.vpc,
        "name": "corp-vpc",
        "cidrs": ["10.20.0.0/16"],
        "dns_support": True,
        "dns_hostnames": True,
    }
    assert [subnet["id"] for subnet in found["private_subnets"]] == company.private
    assert {subnet["default_route"] for subnet in found["private_subnets"]} == {"nat"}
    assert {subnet["route_table_id"] for subnet in found["private_subnets"]} == {company.private_table}
    assert set(found["prefix_lists"]) == {"s3", "dynamodb"}


def test_endpoints_are_found_with_what_they_admit(run_module: Runner, company: Company) -> None:
    ec2 = company.ec2
    group = ec2.create_security_group(VpcId=company.vpc, GroupName="logs", Description="logs")["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.20.10.0/24"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https])
    interface = ec2.create_vpc_endpoint(
        VpcId=company.vpc,
        ServiceName=f"com.amazonaws.{REGION}.logs",
        VpcEndpointType="Interface",
        SubnetIds=company.private,
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    ec2.create_vpc_endpoint(
        VpcId=company.vpc,
        ServiceName=f"com.amazonaws.{REGION}.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[company.private_table],
    )
    found = run_module("network_info", company.question())["network"]
    assert set(found["endpoints"]) == {"logs", "s3"}
    logs = found["endpoints"]["logs"]
    assert (logs["id"], logs["private_dns"], logs["admits_cidrs"]) == (interface, True, ["10.20.10.0/24"])
    assert found["endpoints"]["s3"]["route_table_ids"] == [company.private_table]


def test_another_deployments_api_endpoint_is_left_to_it(run_module: Runner, company: Company) -> None:
    """Its policy admits its own API only. One's own endpoint comes first, whatever else there is."""

    def endpoint(owner: str) -> str:
        tags = [{"Key": "private-rag:deployment", "Value": owner}] if owner else []
        made = company.ec2.create_vpc_endpoint(
            VpcId=company.vpc,
            ServiceName=f"com.amazonaws.{REGION}.execute-api",
            VpcEndpointType="Interface",
            SubnetIds=company.private,
            PrivateDnsEnabled=False,
            **({"TagSpecifications": [{"ResourceType": "vpc-endpoint", "Tags": tags}]} if tags else {}),
        )
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def found(deployment: str) -> str | None:
        network = run_module("network_info", company.question(deployment=deployment))["network"]
        serving = network["endpoints"].get("execute-api")
        return serving and serving["id"]

    prod = endpoint("chatbot-prod")
    assert found("chatbot-stg") is None
    stg = endpoint("chatbot-stg")
    everybodys = endpoint("")
    assert [found("chatbot-prod"), found("chatbot-stg"), found("chatbot-dev")] == [prod, stg, everybodys]


def test_all_faults_are_told_at_once(run_module: Runner, company: Company) -> None:
    other = company.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    foreign = company.ec2.create_subnet(VpcId=other, CidrBlock="10.99.0.0/24")["Subnet"]["SubnetId"]
    company.ec2.delete_route(RouteTableId=company.private_table, DestinationCidrBlock="0.0.0.0/0")
    question = company.question(
        private_subnet_names=None,
        private_subnet_ids=[company.private[0], foreign, "subnet-00000000"],
        elasticsearch_cidrs=["10.31.0.0/16"],
    )
    faults = run_module("network_info", question)["network"]["faults"]
    assert faults[:3] == [
        f"Subnet {foreign} is in VPC {other}, not in {company.vpc}.",
        f"There is no subnet subnet-00000000 in VPC {company.vpc}.",
        "At least two private subnets are needed, in different Availability Zones; found 1.",
    ]
    assert [word for word in ("logs", "s3") if any(f"no way to {word}" in fault for fault in faults)] == ["logs", "s3"]
    assert any("no route to Elasticsearch at 10.31.0.0/16" in fault for fault in faults)


def test_faults_are_a_failure_where_that_was_asked(run_module: Runner, company: Company) -> None:
    question = company.question(elasticsearch_cidrs=["10.31.0.0/16", "10.32.0.0/16"], refuse_faults=True)
    with pytest.raises(ModuleFailed) as failure:
        run_module("network_info", question)
    lines = str(failure.value).splitlines()
    assert any("The network cannot carry the chatbot. Nothing was changed." in line for line in lines)
    for cidr in ("10.31.0.0/16", "10.32.0.0/16"):
        assert [line for line in lines if line.startswith("- ") and cidr in line]


def test_another_account_is_not_read(run_module: Runner, company: Company) -> None:
    company.cloud.forget()
    with pytest.raises(ModuleFailed, match=f"belong to the account {ACCOUNT}, but .* says 999999999999"):
        run_module("network_info", company.question(expected_account_id="999999999999"))
    assert [it["operation"] for it in company.cloud.get("/_local/requests")] == ["GetCallerIdentity"]


def test_an_unknown_vpc_and_one_of_several(run_module: Runner, company: Company) -> None:
    unknown = run_module("network_info", company.question(vpc_name="none"))["network"]
    assert unknown["faults"] == ["There is no VPC none in this region."]
    company._named("vpc", company.ec2.create_vpc, "corp-vpc", CidrBlock="10.21.0.0/16")
    several = run_module("network_info", company.question())["network"]
    assert several["faults"][0].startswith("Several VPCs are named corp-vpc: vpc-")


def test_an_address_that_is_none_is_refused(run_module: Runner, company: Company) -> None:
    with pytest.raises(ModuleFailed, match=r"elasticsearch_cidrs: 10\.30 is no IPv4 address"):
        run_module("network_info", company.question(elasticsearch_cidrs=["10.30"]))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"vpc_name": ""}, "Give either vpc_id or vpc_name"),
        ({"private_subnet_ids": ["subnet-1"]}, "Give either private_subnet_ids or private_subnet_names"),
        ({"public_subnet_ids": ["a"], "public_subnet_names": ["b"]}, "Give at most one of public_subnet_ids"),
    ],
)
def test_options_that_contradict_are_refused(run_module: Runner, options: dict[str, Any], words: str) -> None:
    question = {"vpc_name": "corp-vpc", "private_subnet_names": ["a", "b"], **options}
    with pytest.raises(ModuleFailed, match=words):
        run_module("network_info", question)
