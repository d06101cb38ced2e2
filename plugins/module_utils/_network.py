# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A VPC as a deployment needs to know it, made from the answers of EC2's Describe calls. Pure functions.

What is wrong with it is judged in C(_network_faults.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, from_pairs

Item = dict[str, Any]
EVERYWHERE = IPv4Network("0.0.0.0/0")
# A route's target by the field of EC2's Route that names it; GatewayId is told by its prefix.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
_TARGETS = {
    "NatGatewayId": "nat",
    "TransitGatewayId": "tgw",
    "VpcPeeringConnectionId": "peering",
    "LocalGatewayId": "other",
    "CarrierGatewayId": "other",
    "NetworkInterfaceId": "other",
    "InstanceId": "other",
    "CoreNetworkArn": "other",
}
_GATEWAYS = {"igw-": "igw", "vgw-": "vgw", "local": "local", "vpce-": "endpoint"}


@dataclass(frozen=True)
class Answers:
    """What EC2 said: C(vpcs) that fit the question, and of the one VPC its DNS attributes and everything in it."""

    vpcs: Sequence[Item] = ()
    dns_support: bool = False
    dns_hostnames: bool = False
    # Of the VPC, and those asked for by id wherever they are.
    subnets: Sequence[Item] = ()
    route_tables: Sequence[Item] = ()
    endpoints: Sequence[Item] = ()
    # The security groups of the endpoints.
    groups: Sequence[Item] = ()
    prefix_lists: Sequence[Item] = ()
    # Ids of the security groups that the deployment made already.
    own_groups: Sequence[str] = ()


@dataclass(frozen=True)
class Question:
    """What the operator named. Subnets are named by id, or by their C(Name) tag within the VPC."""

    vpc: str
    private: Sequence[str]
    public: Sequence[str] = ()
    elasticsearch_cidrs: Sequence[str] = ()
    identity_cidrs: Sequence[str] = ()
    corporate_cidrs: Sequence[str] = ()
    services: Sequence[str] = ()
    region: str = ""
    # Which deployment asks; nothing where none does.
    deployment: str = ""
    # Services whose endpoint it creates where there is none; None: not told.
    created: Sequence[str] | None = None
    # Whether it may add rules to the groups of endpoints that exist.
    manages_rules: bool = True


@dataclass(frozen=True)
class Network:
    """The VPC as it was found. The dicts have the keys that C(network_info) documents."""

    vpc: Item
    private: list[Item]
    public: list[Item]
    endpoints: dict[str, Item]
    prefix_lists: dict[str, str]
    routes: dict[str, list[tuple[IPv4Network, str]]] = field(default_factory=dict)
    # Route tables with routes to prefix lists of the company, whose addresses are not read.
    opaque_tables: frozenset[str] = frozenset()


def network_of(question: Question, answers: Answers) -> Network:
    """The network; empty of what was not found."""
    if len(answers.vpcs) != 1:
        return Network({}, [], [], {}, {})
    found = answers.vpcs[0]
    vpc = {
        "id": found["VpcId"],
        "name": name_of(found),
        "cidrs": vpc_cidrs(found),
        "dns_support": answers.dns_support,
        "dns_hostnames": answers.dns_hostnames,
    }
    return Network(
        vpc=vpc,
        private=[subnet_of(each, answers) for word in question.private for each in named(word, vpc["id"], answers)],
        public=[subnet_of(each, answers) for word in question.public for each in named(word, vpc["id"], answers)],
        endpoints=endpoints_of(question, answers),
        prefix_lists=prefix_lists_of(question.region, answers.prefix_lists),
        routes={table["RouteTableId"]: routes_of(table) for table in answers.route_tables},
        opaque_tables=frozenset(table["RouteTableId"] for table in answers.route_tables if _is_opaque(table)),
    )


def name_of(item: Item) -> str:
    """The C(Name) tag, or nothing."""
    return from_pairs(item.get("Tags")).get("Name", "")


def vpc_cidrs(vpc: Item) -> list[str]:
    """All IPv4 blocks of a VPC that are associated, the primary one first."""
    blocks = [
        block["CidrBlock"]
        for block in vpc.get("CidrBlockAssociationSet", [])
        if block.get("CidrBlockState", {}).get("State", "associated") == "associated"
    ]
    return list(dict.fromkeys([vpc["CidrBlock"], *blocks]))


def named(word: str, vpc: str, answers: Answers) -> list[Item]:
    """The subnets of the VPC that a word names, by id or by name."""
    here = [subnet for subnet in answers.subnets if subnet["VpcId"] == vpc]
    return [subnet for subnet in here if word in (subnet["SubnetId"], name_of(subnet))]


def subnet_of(subnet: Item, answers: Answers) -> Item:
    """A subnet with the route table that it uses and where its default route leads."""
    table = table_of(subnet["SubnetId"], answers.route_tables)
    return {
        "id": subnet["SubnetId"],
        "name": name_of(subnet),
        "az": subnet["AvailabilityZone"],
        "cidr": subnet["CidrBlock"],
        "route_table_id": table["RouteTableId"] if table else "",
        "default_route": target_towards(EVERYWHERE, routes_of(table) if table else []),
    }


def table_of(subnet: str, tables: Iterable[Item]) -> Item | None:
    """The route table of a subnet: the associated one, else the VPC's main one.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    main = None
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return table
            if association.get("Main"):
                main = table
    return main


def routes_of(table: Item) -> list[tuple[IPv4Network, str]]:
    """The IPv4 routes that work, as destination and kind of target."""
    return [
        (IPv4Network(route["DestinationCidrBlock"]), target_of(route))
        for route in table.get("Routes", [])
        if route.get("DestinationCidrBlock") and route.get("State", "active") == "active"
    ]


def target_of(route: Item) -> str:
    """The kind of a route's target: nat, igw, tgw, vgw, peering, local, endpoint or other."""
    for name, kind in _TARGETS.items():
        if route.get(name):
            return kind
    gateway = route.get("GatewayId", "")
    return next((kind for prefix, kind in _GATEWAYS.items() if gateway.startswith(prefix)), "other")


def target_towards(destination: IPv4Network, routes: Iterable[tuple[IPv4Network, str]]) -> str:
    """The target of the most specific route that covers all of the destination; C(none) where there is none."""
    covering = [route for route in routes if destination.subnet_of(route[0])]
    return max(covering, key=lambda route: route[0].prefixlen)[1] if covering else "none"


def _is_opaque(table: Item) -> bool:
    return any(
        route.get("DestinationPrefixListId") and target_of(route) != "endpoint" for route in table.get("Routes", [])
    )


def endpoints_of(question: Question, answers: Answers) -> dict[str, Item]:
    """The endpoint that serves each service, by its short name.

    One of the deployment that asks comes first. Of others, the service's public name leads to an interface endpoint
    with private DNS if there is one, else through the route tables to a gateway endpoint; an interface endpoint
    without private DNS comes last.
    """
    result = {}
    for service in question.services:
        full = f"com.amazonaws.{question.region}.{service}"
        here = [_endpoint(each, answers.groups) for each in answers.endpoints if each["ServiceName"] == full]
        usable = [each for each in here if _is_usable(service, each, question.deployment)]
        if usable:
            best, *others = sorted(usable, key=lambda each: _preference(each, question.deployment))
            result[service] = {**best, "others": [each["id"] for each in others]}
    return result


def _is_usable(service: str, endpoint: Item, deployment: str) -> bool:
    """Ours from its creation on. Another deployment's execute-api endpoint never: its policy admits that deployment's
    API only, and it goes away with it."""
    owner = endpoint["owner_deployment"]
    if owner and owner == deployment:
        return endpoint["state"] in ("pending", "available")
    return endpoint["state"] == "available" and not (owner and deployment and service == "execute-api")


def _preference(endpoint: Item, deployment: str) -> tuple[bool, bool, bool, str]:
    foreign = not deployment or endpoint["owner_deployment"] != deployment
    return (foreign, not endpoint["private_dns"], endpoint["type"] != "gateway", endpoint["id"])


def _endpoint(found: Item, groups: Iterable[Item]) -> Item:
    ids = sorted(group["GroupId"] for group in found.get("Groups", []))
    rules = [rule for group in groups if group["GroupId"] in ids for rule in group.get("IpPermissions", [])]
    https = [rule for rule in rules if _admits_https(rule)]
    return {
        "id": found["VpcEndpointId"],
        "type": found["VpcEndpointType"].lower(),
        "state": found.get("State", "available").lower(),
        "subnet_ids": sorted(found.get("SubnetIds", [])),
        "security_group_ids": ids,
        "route_table_ids": sorted(found.get("RouteTableIds", [])),
        "private_dns": found.get("PrivateDnsEnabled", False),
        "owner_deployment": from_pairs(found.get("Tags")).get(OWNER_TAG, ""),
        "admits_cidrs": sorted({block["CidrIp"] for rule in https for block in rule.get("IpRanges", [])}),
        "admits_groups": sorted({pair["GroupId"] for rule in https for pair in rule.get("UserIdGroupPairs", [])}),
    }


def _admits_https(rule: Item) -> bool:
    if rule["IpProtocol"] == "-1":
        return True
    first, last = int(rule.get("FromPort", 0)), int(rule.get("ToPort", 65535))
    return str(rule["IpProtocol"]) == "tcp" and first <= 443 <= last


def prefix_lists_of(region: str, lists: Iterable[Item]) -> dict[str, str]:
    """The ids of AWS's own prefix lists for gateway endpoints, by the short name of the service."""
    prefix = f"com.amazonaws.{region}."
    return {
        each["PrefixListName"].removeprefix(prefix): each["PrefixListId"]
        for each in lists
        if each["PrefixListName"] in (f"{prefix}s3", f"{prefix}dynamodb")
    }
