"""ec2_vpc_endpoint: whose endpoint it is, and every field of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.integration.cloud import REGION, Cloud
from tests.integration.running import ModuleFailed, Runner

OWNER = "private-rag:deployment"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}],
}


@dataclass
class Network:
    """A VPC with three subnets, two groups and two route tables."""

    vpc: str
    subnets: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    def endpoint(self, **more: Any) -> dict[str, Any]:
        return {
            "name": "api-gateway-vpce-test",
            "vpc_id": self.vpc,
            "service_name": "execute-api",
            "subnet_ids": self.subnets[:2],
            "security_group_ids": self.groups[:1],
            "private_dns": False,
            "deployment": "chatbot-test",
            **more,
        }


@pytest.fixture
def network(cloud: Cloud) -> Network:
    ec2 = cloud.client("ec2")
    made = Network(ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"])
    for option in ("EnableDnsHostnames", "EnableDnsSupport"):
        ec2.modify_vpc_attribute(VpcId=made.vpc, **{option: {"Value": True}})
    for number, zone in enumerate("acd"):
        subnet = ec2.create_subnet(VpcId=made.vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        made.subnets.append(subnet["Subnet"]["SubnetId"])
    for name in ("one", "two"):
        group = ec2.create_security_group(VpcId=made.vpc, GroupName=name, Description=name)
        made.groups.append(group["GroupId"])
        made.tables.append(ec2.create_route_table(VpcId=made.vpc)["RouteTable"]["RouteTableId"])
    return made


def by_hand(cloud: Cloud, network: Network, **tags: str) -> str:
    pairs = [{"Key": key.replace("owner", OWNER), "Value": value} for key, value in tags.items()]
    made = cloud.client("ec2").create_vpc_endpoint(
        VpcId=network.vpc,
        ServiceName=f"com.amazonaws.{REGION}.execute-api",
        VpcEndpointType="Interface",
        SubnetIds=network.subnets[:1],
        SecurityGroupIds=network.groups[1:],
        PrivateDnsEnabled=False,
        TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": pairs}] if pairs else [],
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def test_created_as_predicted_then_left_alone_then_deleted(run_module: Runner, network: Network) -> None:
    predicted = run_module.checked("ec2_vpc_endpoint", network.endpoint(policy=POLICY))
    assert predicted["vpc_endpoint"]["dns_names"] == ["(known after apply: vpc endpoint dns name)"]
    done = run_module.applied("ec2_vpc_endpoint", network.endpoint(policy=POLICY))
    endpoint = done["vpc_endpoint"]
    assert endpoint["state"] == "available"
    assert endpoint["service_name"] == f"com.amazonaws.{REGION}.execute-api"
    assert endpoint["tags"] == {OWNER: "chatbot-test"}
    gone = run_module.applied("ec2_vpc_endpoint", network.endpoint(state="absent"))
    assert gone["action"] == "delete"


@pytest.mark.parametrize(
    "field", ["name", "subnet_ids", "security_group_ids", "private_dns", "policy", "tags", "ip_address_type"]
)
def test_each_difference_is_corrected_and_named(run_module: Runner, network: Network, field: str) -> None:
    run_module("ec2_vpc_endpoint", network.endpoint(policy=POLICY))
    other = {
        "name": "another-name",
        "subnet_ids": network.subnets[1:],
        "security_group_ids": network.groups[1:],
        "private_dns": True,
        "policy": {},
        "tags": {"Team": "search"},
        "ip_address_type": "dualstack",
    }
    done = run_module.applied("ec2_vpc_endpoint", {**network.endpoint(policy=POLICY), field: other[field]})
    assert list(done["changes"]) == [field]
    assert done["action"] == "update"


def test_gateway_endpoint_and_its_route_tables(run_module: Runner, network: Network) -> None:
    gateway = {
        "name": "s3",
        "vpc_id": network.vpc,
        "service_name": "s3",
        "type": "gateway",
        "route_table_ids": network.tables[:1],
        "deployment": "chatbot-test",
    }
    made = run_module.applied("ec2_vpc_endpoint", gateway)
    changed = run_module.applied("ec2_vpc_endpoint", {**gateway, "route_table_ids": network.tables[1:]})
    assert changed["vpc_endpoint"]["id"] == made["vpc_endpoint"]["id"]
    assert changed["vpc_endpoint"]["route_table_ids"] == network.tables[1:]


def test_options_of_the_other_type_are_refused(run_module: Runner, network: Network) -> None:
    with pytest.raises(ModuleFailed, match="subnet_ids, security_group_ids, private_dns does not go with type gateway"):
        run_module("ec2_vpc_endpoint", network.endpoint(type="gateway"), check=True)


def test_an_endpoint_of_someone_else_is_left_alone(run_module: Runner, network: Network, cloud: Cloud) -> None:
    theirs = by_hand(cloud, network, Name="theirs")
    done = run_module.applied("ec2_vpc_endpoint", network.endpoint())
    assert done["action"] == "create"
    assert done["vpc_endpoint"]["id"] != theirs


def test_untagged_namesake_is_refused_then_adopted(run_module: Runner, network: Network, cloud: Cloud) -> None:
    theirs = by_hand(cloud, network, Name="api-gateway-vpce-test")
    with pytest.raises(ModuleFailed, match=r"not made by this deployment.*subnet_ids"):
        run_module("ec2_vpc_endpoint", network.endpoint())
    adopted = run_module.applied("ec2_vpc_endpoint", network.endpoint(adopt=True))
    assert adopted["vpc_endpoint"]["id"] == theirs


def test_ours_without_any_tag_is_told_by_its_group(run_module: Runner, network: Network, cloud: Cloud) -> None:
    made = run_module("ec2_vpc_endpoint", network.endpoint())["vpc_endpoint"]["id"]
    cloud.client("ec2").delete_tags(Resources=[made], Tags=[{"Key": key} for key in ("Name", OWNER)])
    with pytest.raises(ModuleFailed, match="was not made by this deployment"):
        run_module("ec2_vpc_endpoint", network.endpoint())
    done = run_module.applied("ec2_vpc_endpoint", network.endpoint(adopt=True))
    assert (done["vpc_endpoint"]["id"], list(done["changes"])) == (made, ["name", "tags"])


def test_a_single_unnamed_endpoint_is_adopted_and_named(run_module: Runner, network: Network, cloud: Cloud) -> None:
    theirs = by_hand(cloud, network)
    adopted = run_module.applied("ec2_vpc_endpoint", network.endpoint(adopt=True))
    assert adopted["vpc_endpoint"]["id"] == theirs
    assert adopted["changes"]["name"] == {"before": "", "after": "api-gateway-vpce-test"}


def test_adopting_one_of_several_is_refused(run_module: Runner, network: Network, cloud: Cloud) -> None:
    ids = [by_hand(cloud, network), by_hand(cloud, network)]
    with pytest.raises(ModuleFailed, match=f"several endpoints could be meant, {', '.join(sorted(ids))}"):
        run_module("ec2_vpc_endpoint", network.endpoint(adopt=True))


def test_several_namesakes_of_others_are_left_where_ours_is_gone(
    run_module: Runner, network: Network, cloud: Cloud
) -> None:
    for owner in ("", "chatbot-other"):
        by_hand(cloud, network, Name="api-gateway-vpce-test", **({"owner": owner} if owner else {}))
    run_module.unchanged("ec2_vpc_endpoint", network.endpoint(state="absent"))
    with pytest.raises(ModuleFailed, match="several endpoints could be meant"):
        run_module("ec2_vpc_endpoint", network.endpoint())


def test_namesake_of_another_deployment_is_refused(run_module: Runner, network: Network, cloud: Cloud) -> None:
    by_hand(cloud, network, Name="api-gateway-vpce-test", owner="chatbot-other")
    with pytest.raises(ModuleFailed, match="belongs to the deployment 'chatbot-other'"):
        run_module("ec2_vpc_endpoint", network.endpoint(adopt=True))


def test_foreign_endpoint_is_not_deleted(run_module: Runner, network: Network, cloud: Cloud) -> None:
    by_hand(cloud, network, Name="api-gateway-vpce-test")
    assert not run_module("ec2_vpc_endpoint", network.endpoint(state="absent"))["changed"]


def test_without_deployment_the_name_tells(run_module: Runner, network: Network) -> None:
    plain = network.endpoint(deployment=None, service_name=f"com.amazonaws.{REGION}.logs", name="logs")
    run_module.applied("ec2_vpc_endpoint", plain)
    second = run_module.applied("ec2_vpc_endpoint", {**plain, "name": "logs-2"})
    assert second["action"] == "create"


def test_in_an_unknown_vpc_creation_is_predicted(run_module: Runner) -> None:
    options = {"vpc_id": "(known after apply: vpc id)", "service_name": "execute-api", "name": "x"}
    assert run_module.checked("ec2_vpc_endpoint", options)["action"] == "create"
