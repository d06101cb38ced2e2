"""Where a subnet's route table sends a packet that leaves the VPC. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from local_cloud.data.network.model import AddressTarget, NetworkSnapshot, Route, RouteTable, Verdict


def outward(snapshot: NetworkSnapshot, subnet_id: str, target: AddressTarget) -> Verdict:
    """Is there a way from the subnet to an address outside of its VPC, and does it lead there?"""
    table = table_of(snapshot, subnet_id)
    if table is None:
        return Verdict(False, f"{subnet_id} has no route table")
    gateway = _gateway_endpoint(snapshot, table, target.address)
    if gateway:
        return Verdict(True, endpoint_id=gateway)
    route = best_route(snapshot, table, target.address)
    if route is None:
        return Verdict(False, f"{table.route_table_id} of {_subnet(snapshot, subnet_id)} has no route to {target}")
    problem = _problem(snapshot, route.target, target)
    return Verdict(not problem, problem and f"{table.route_table_id} sends {target} to {route.target}: {problem}")


def table_of(snapshot: NetworkSnapshot, subnet_id: str) -> RouteTable | None:
    """The subnet's own route table, else the main one of its VPC."""
    subnet = snapshot.subnets.get(subnet_id)
    tables = [t for t in snapshot.route_tables.values() if subnet and t.vpc_id == subnet.vpc_id]
    own = [t for t in tables if subnet_id in t.subnet_ids]
    main = [t for t in tables if t.main]
    return next(iter(own + main), None)


def best_route(snapshot: NetworkSnapshot, table: RouteTable, address: str) -> Route | None:
    """Longest prefix wins (VPC guide, 'Route priority'); blackholes and gateway endpoints do not count."""
    wanted = IPv4Address(address)
    best: tuple[int, Route] | None = None
    for network, route in _networks(snapshot, table):
        if wanted in network and (best is None or network.prefixlen > best[0]):
            best = (network.prefixlen, route)
    return best[1] if best else None


def _networks(snapshot: NetworkSnapshot, table: RouteTable) -> Iterator[tuple[IPv4Network, Route]]:
    for route in table.routes:
        if route.state != "active" or route.target.startswith("vpce-"):
            continue
        listed = snapshot.prefix_lists.get(route.prefix_list_id)
        for cidr in (route.cidr, *(listed.cidrs if listed else ())):
            if cidr and ":" not in cidr:
                yield IPv4Network(cidr), route


def _gateway_endpoint(snapshot: NetworkSnapshot, table: RouteTable, address: str) -> str:
    """A gateway endpoint adds a route for its service's prefix list to the route tables that name it."""
    for endpoint in snapshot.endpoints.values():
        if (
            endpoint.endpoint_type != "Gateway"
            or endpoint.state != "available"
            or table.route_table_id not in endpoint.route_table_ids
        ):
            continue
        for prefix_list in snapshot.prefix_lists.values():
            if prefix_list.name == endpoint.service_name and any(
                ":" not in c and IPv4Address(address) in IPv4Network(c) for c in prefix_list.cidrs
            ):
                return endpoint.endpoint_id
    return ""


def _problem(snapshot: NetworkSnapshot, gateway: str, target: AddressTarget) -> str:
    """Why this gateway does not carry the packet, '' if it does. Interfaces here have no public address."""
    if gateway.startswith("igw-"):
        return "the interface has no public address"
    if gateway.startswith("nat-"):
        return "it is a private address" if target.private else _nat_problem(snapshot, gateway)
    if gateway.startswith("vgw-") and gateway not in snapshot.attached_gateways:
        return "it is not attached"
    if gateway == "local":
        return "nothing in the VPC has it"
    return ""


def _nat_problem(snapshot: NetworkSnapshot, nat: str) -> str:
    subnet_id = snapshot.nat_subnets.get(nat)
    if subnet_id is None:
        return "it is not available"
    table = table_of(snapshot, subnet_id)
    onward = best_route(snapshot, table, "1.1.1.1") if table else None
    if onward is None or not onward.target.startswith("igw-") or onward.target not in snapshot.attached_gateways:
        return f"its subnet {_subnet(snapshot, subnet_id)} has no route to an internet gateway"
    return ""


def _subnet(snapshot: NetworkSnapshot, subnet_id: str) -> str:
    subnet = snapshot.subnets.get(subnet_id)
    return subnet.name if subnet and subnet.name else subnet_id
