# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What keeps a network from carrying the deployment, and what an operator should know of it, in plain sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._network import (
    Answers,
    Network,
    Question,
    named,
    target_towards,
)

Item = dict[str, Any]
# Default routes by which a task without a public address gets out (an internet gateway needs one).
WAYS_OUT = frozenset({"nat", "tgw", "vgw", "peering", "other", "endpoint"})
# Made by the deployment itself.
OWN_SERVICES = frozenset({"execute-api"})
WORDS = {"nat": "the NAT gateway", "igw": "the internet gateway"}


def faults_of(question: Question, answers: Answers, network: Network) -> list[str]:
    """What must be put right first, each as one sentence; empty where nothing is wrong."""
    if not network.vpc:
        return [_vpc_fault(question.vpc, answers.vpcs)]
    faults = [*_unnamed(question, answers, network.vpc["id"])]
    for kind, words, subnets in (
        ("private", question.private, network.private),
        ("public", question.public, network.public),
    ):
        if words:
            faults += _zone_faults(kind, subnets)
    return [
        *faults,
        *_service_faults(question.services, network),
        *_api_faults(question, network),
        *_admission_faults(question, answers, network),
        *_server_faults("Elasticsearch", question.elasticsearch_cidrs, network),
        *_server_faults("the identity provider", question.identity_cidrs, network),
    ]


def warnings_of(question: Question, network: Network) -> list[str]:
    """What works but not as one might think, each as one sentence."""
    return [
        *_dns_warnings(network),
        *_public_subnet_warnings(network),
        *_way_back_warnings(question, network),
        *_server_warnings("Elasticsearch", question.elasticsearch_cidrs, network),
        *_server_warnings("the identity provider", question.identity_cidrs, network),
        *_overlap_warnings(question, network),
    ]


def _vpc_fault(word: str, vpcs: Sequence[Item]) -> str:
    if not vpcs:
        return f"There is no VPC {word} in this region."
    ids = ", ".join(sorted(vpc["VpcId"] for vpc in vpcs))
    return f"Several VPCs are named {word}: {ids}. Name the one by its id."


def _unnamed(question: Question, answers: Answers, vpc: str) -> Iterator[str]:
    elsewhere = {subnet["SubnetId"]: subnet["VpcId"] for subnet in answers.subnets if subnet["VpcId"] != vpc}
    for word in dict.fromkeys([*question.private, *question.public]):
        found = named(word, vpc, answers)
        if word in elsewhere:
            yield f"Subnet {word} is in VPC {elsewhere[word]}, not in {vpc}."
        elif not found:
            yield f"There is no subnet {word} in VPC {vpc}."
        elif len(found) > 1:
            ids = ", ".join(sorted(subnet["SubnetId"] for subnet in found))
            yield f"Several subnets of VPC {vpc} are named {word}: {ids}. Name the one by its id."


def _zone_faults(kind: str, subnets: list[Item]) -> list[str]:
    by_zone: dict[str, list[str]] = defaultdict(list)
    for subnet in subnets:
        by_zone[subnet["az"]].append(subnet["id"])
    if len(subnets) < 2:
        return [f"At least two {kind} subnets are needed, in different Availability Zones; found {len(subnets)}."]
    if len(by_zone) < 2:
        return [f"All {kind} subnets lie in {next(iter(by_zone))}; at least two Availability Zones are needed."]
    # CreateVpcEndpoint (DuplicateSubnetsInSameZone) and CreateLoadBalancer take one subnet of each zone.
    return [
        f"The {kind} subnets {', '.join(sorted(ids))} lie both in {zone}; name one of each Availability Zone."
        for zone, ids in sorted(by_zone.items())
        if len(ids) > 1
    ]


def _service_faults(services: Sequence[str], network: Network) -> Iterator[str]:
    for service in services:
        cut_off = [subnet["id"] for subnet in network.private if not _reaches(subnet, network.endpoints.get(service))]
        if cut_off and service not in OWN_SERVICES:
            yield (
                f"{', '.join(cut_off)}: there is no way to {service}. {_why(network.endpoints.get(service))} "
                "and no default route leads out."
            )


def _api_faults(question: Question, network: Network) -> Iterator[str]:
    """A private API is reached over an execute-api endpoint only."""
    if question.created is not None and not {"execute-api"} & {*question.created, *network.endpoints}:
        yield "The VPC has no endpoint for execute-api, and execute-api is not among those that are to be created."


def _admission_faults(question: Question, answers: Answers, network: Network) -> Iterator[str]:
    """Groups of the company's endpoints that nobody will open for the chatbot."""
    for service, endpoint in sorted(network.endpoints.items()):
        if question.manages_rules or service not in question.services or endpoint["type"] != "interface":
            continue
        blocks = [IPv4Network(text) for text in endpoint["admits_cidrs"]]
        shut_out = [
            subnet["id"]
            for subnet in network.private
            if not any(IPv4Network(subnet["cidr"]).subnet_of(block) for block in blocks)
        ]
        if shut_out and not set(answers.own_groups) & set(endpoint["admits_groups"]):
            groups = ", ".join(endpoint["security_group_ids"])
            yield (
                f"The group {groups} of the endpoint for {service} does not admit tcp/443 from {', '.join(shut_out)}, "
                "and the chatbot may not add rules to it. Let it admit those subnets' addresses."
            )


def _reaches(subnet: Item, endpoint: Item | None) -> bool:
    if subnet["default_route"] in WAYS_OUT:
        return True
    if endpoint is None:
        return False
    if endpoint["type"] == "gateway":
        return subnet["route_table_id"] in endpoint["route_table_ids"]
    return bool(endpoint["private_dns"])


def _why(endpoint: Item | None) -> str:
    if endpoint is None:
        return "The VPC has no endpoint for it,"
    if endpoint["type"] == "gateway":
        return f"The gateway endpoint {endpoint['id']} is not in their route table,"
    return f"The endpoint {endpoint['id']} has private DNS off, so that the service's name leads to public addresses,"


def _server_faults(name: str, cidrs: Sequence[str], network: Network) -> Iterator[str]:
    for text in cidrs:
        wanted = IPv4Network(text, strict=False)
        for subnet in network.private:
            target = target_towards(wanted, network.routes.get(subnet["route_table_id"], []))
            lost = target == "none" or (target in WORDS and wanted.is_private)
            if lost and not _covered_in_parts(wanted, subnet, network):
                leads = f"it leads to {WORDS[target]}" if target in WORDS else "there is none"
                table = subnet["route_table_id"]
                yield f"{subnet['id']}: no route to {name} at {text} ({leads}, table {table})."


def _covered_in_parts(wanted: IPv4Network, subnet: Item, network: Network) -> bool:
    table = subnet["route_table_id"]
    return table in network.opaque_tables or any(
        destination.subnet_of(wanted) and target not in WORDS for destination, target in network.routes.get(table, [])
    )


def _server_warnings(name: str, cidrs: Sequence[str], network: Network) -> Iterator[str]:
    for text in cidrs:
        wanted = IPv4Network(text, strict=False)
        for subnet in network.private:
            target = target_towards(wanted, network.routes.get(subnet["route_table_id"], []))
            if target in ("none", *WORDS) and wanted.is_private and _covered_in_parts(wanted, subnet, network):
                yield f"{subnet['id']}: it cannot be told whether all of {text} ({name}) has a route."


def _dns_warnings(network: Network) -> Iterator[str]:
    vpc = network.vpc
    if vpc and not (vpc["dns_support"] and vpc["dns_hostnames"]):
        yield (
            f"The DNS of VPC {vpc['id']} is off (DNS support {vpc['dns_support']}, DNS hostnames "
            f"{vpc['dns_hostnames']}): private DNS of VPC endpoints does not work."
        )
    endpoint = network.endpoints.get("execute-api", {})
    if endpoint.get("private_dns"):
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
        yield (
            f"The execute-api endpoint {endpoint['id']} has private DNS on: from this VPC the default names of PUBLIC "
            "APIs lead to it too and are refused there."
        )


def _public_subnet_warnings(network: Network) -> Iterator[str]:
    public = [subnet["id"] for subnet in network.public if subnet["default_route"] == "igw"]
    if public:
        names = ", ".join(public)
        yield f"An internal load balancer gains nothing from public subnets ({names}); private ones serve it."
    exposed = [subnet["id"] for subnet in network.private if subnet["default_route"] == "igw"]
    if exposed:
        names = ", ".join(exposed)
        yield f"{names} were named as private subnets, but their default route leads to the internet gateway."


def _way_back_warnings(question: Question, network: Network) -> Iterator[str]:
    """Whether the load balancer could answer anybody in the company."""
    subnets = network.public or network.private
    wanted = [IPv4Network(text, strict=False) for text in question.corporate_cidrs]
    answered = [subnet for subnet in subnets if any(_leads_to_company(cidr, subnet, network) for cidr in wanted)]
    if wanted and subnets and not answered:
        names = ", ".join(subnet["id"] for subnet in subnets)
        yield (
            f"No route leads from the load balancer's subnets ({names}) back to {', '.join(question.corporate_cidrs)}: "
            "requests of employees would come in and never be answered."
        )


def _leads_to_company(corporate: IPv4Network, subnet: Item, network: Network) -> bool:
    target = target_towards(corporate, network.routes.get(subnet["route_table_id"], []))
    return target not in ("none", *WORDS) or _covered_in_parts(corporate, subnet, network)


def _overlap_warnings(question: Question, network: Network) -> Iterator[str]:
    for text in question.corporate_cidrs:
        corporate = IPv4Network(text, strict=False)
        for cidr in network.vpc.get("cidrs", []):
            if corporate.overlaps(IPv4Network(cidr)):
                yield (
                    f"The corporate network {text} overlaps the VPC's {cidr}: the company must not use addresses of "
                    "the VPC, or answers to them stay inside it."
                )
