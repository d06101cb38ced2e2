"""The packet walk: may `source` open tcp/`port` to `destination`? Pure.

Order as a packet meets them: outbound rules of the source's groups, the route table of its subnet, inbound rules
of the destination's groups. Security groups are stateful (VPC guide, 'Security groups'), so the way back is not
asked, except for the route back to a client on premises. Network ACLs: see `model.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from local_cloud.data.network import routes
from local_cloud.data.network.model import (
    ALLOWED,
    AddressTarget,
    Client,
    Destination,
    EndpointTarget,
    Interface,
    NetworkSnapshot,
    Rule,
    SecurityGroup,
    Source,
    Verdict,
)


def walk(snapshot: NetworkSnapshot, source: Source, destination: Destination, port: int) -> Verdict:
    """Allowed, or the first reason why not."""
    match destination:
        case EndpointTarget():
            return _to_endpoint(snapshot, source, destination, port)
        case Interface():
            groups, cidrs = destination.group_ids, [f"{destination.private_ip}/32"]
            return _within(snapshot, source, groups, cidrs, [destination.subnet_id], port)
        case AddressTarget():
            return _to_address(snapshot, source, destination, port)


def _to_endpoint(snapshot: NetworkSnapshot, source: Source, target: EndpointTarget, port: int) -> Verdict:
    endpoint = snapshot.endpoints.get(target.endpoint_id)
    if endpoint is None or endpoint.endpoint_type != "Interface":
        return Verdict(False, f"{target.endpoint_id} is no interface endpoint of this account")
    if endpoint.state != "available":
        return Verdict(False, f"{endpoint.endpoint_id} is {endpoint.state}, not available")
    subnets = [s for s in endpoint.subnet_ids if s in snapshot.subnets]
    if not subnets:
        return Verdict(False, f"{endpoint.endpoint_id} has no subnet, so no network interface")
    if isinstance(source, Interface) and _vpc_of(snapshot, source) != endpoint.vpc_id:
        return Verdict(False, f"{endpoint.endpoint_id} is in another VPC")
    groups = endpoint.group_ids or _default_group(snapshot, endpoint.vpc_id)
    cidrs = [snapshot.subnets[s].cidr for s in subnets]
    verdict = _within(snapshot, source, groups, cidrs, subnets, port)
    return replace(verdict, endpoint_id=endpoint.endpoint_id)


def _within(
    snapshot: NetworkSnapshot,
    source: Source,
    groups: tuple[str, ...],
    cidrs: list[str],
    subnets: list[str],
    port: int,
) -> Verdict:
    """To interfaces with these groups at (one of) these addresses, in these subnets of the source's VPC."""
    if isinstance(source, Interface):
        if not _outbound(snapshot, source, groups, cidrs, port):
            return _missing(snapshot, source.group_ids, "outbound", port, f"to {_names(snapshot, groups)}")
        address, members = source.private_ip, source.group_ids
    else:
        address, members = source.address, ()
    if not _inbound(snapshot, groups, members, address, port):
        sender = _names(snapshot, members) if members else address
        return _missing(snapshot, groups, "inbound", port, f"from {sender}")
    if isinstance(source, Client):
        return _any_way_back(snapshot, subnets, source)
    return ALLOWED


def _to_address(snapshot: NetworkSnapshot, source: Source, target: AddressTarget, port: int) -> Verdict:
    if isinstance(source, Client):
        return Verdict(False, f"{target} is not in the VPC")
    address = IPv4Address(target.address)
    vpc = snapshot.vpcs.get(_vpc_of(snapshot, source))
    if vpc and any(address in IPv4Network(cidr) for cidr in vpc.cidrs):
        return Verdict(False, f"nothing in {vpc.vpc_id} has the address {target}")
    if not _outbound(snapshot, source, (), [f"{target.address}/32"], port):
        return _missing(snapshot, source.group_ids, "outbound", port, f"to {target}")
    return routes.outward(snapshot, source.subnet_id, target)


def _any_way_back(snapshot: NetworkSnapshot, subnets: list[str], client: Client) -> Verdict:
    verdicts = [routes.outward(snapshot, s, AddressTarget(client.address, "the way back")) for s in subnets]
    return next((v for v in verdicts if v.allowed), verdicts[0])


def _outbound(
    snapshot: NetworkSnapshot, source: Interface, groups: tuple[str, ...], cidrs: list[str], port: int
) -> bool:
    rules = [r for g in _groups(snapshot, source.group_ids) for r in g.egress if _covers_port(r, port)]
    return any(set(r.group_ids) & set(groups) for r in rules) or any(
        _covers_address(snapshot, r, cidr) for r in rules for cidr in cidrs
    )


def _inbound(
    snapshot: NetworkSnapshot, groups: tuple[str, ...], members: tuple[str, ...], address: str, port: int
) -> bool:
    rules = [r for g in _groups(snapshot, groups) for r in g.ingress if _covers_port(r, port)]
    return any(set(r.group_ids) & set(members) or _covers_address(snapshot, r, f"{address}/32") for r in rules)


def _covers_port(rule: Rule, port: int) -> bool:
    return rule.protocol == "-1" or (rule.protocol in ("tcp", "6") and rule.from_port <= port <= rule.to_port)


def _covers_address(snapshot: NetworkSnapshot, rule: Rule, cidr: str) -> bool:
    listed = (snapshot.prefix_lists[p].cidrs for p in rule.prefix_list_ids if p in snapshot.prefix_lists)
    allowed = [*rule.cidrs, *(c for cidrs in listed for c in cidrs if ":" not in c)]
    return any(IPv4Network(cidr).subnet_of(IPv4Network(a, strict=False)) for a in allowed)


def _groups(snapshot: NetworkSnapshot, group_ids: Iterable[str]) -> list[SecurityGroup]:
    return [snapshot.groups[g] for g in group_ids if g in snapshot.groups]


def _default_group(snapshot: NetworkSnapshot, vpc_id: str) -> tuple[str, ...]:
    """CreateVpcEndpoint without groups takes the VPC's default one (EC2 API reference)."""
    return tuple(g.group_id for g in snapshot.groups.values() if g.vpc_id == vpc_id and g.name == "default")


def _vpc_of(snapshot: NetworkSnapshot, interface: Interface) -> str:
    subnet = snapshot.subnets.get(interface.subnet_id)
    return subnet.vpc_id if subnet else ""


def _names(snapshot: NetworkSnapshot, group_ids: Iterable[str]) -> str:
    return " or ".join(snapshot.group_name(g) for g in group_ids) or "no security group"


def _missing(snapshot: NetworkSnapshot, group_ids: tuple[str, ...], direction: str, port: int, other: str) -> Verdict:
    owner = _names(snapshot, group_ids)
    return Verdict(False, f"{owner} has no {direction} rule for tcp/{port} {other}")
