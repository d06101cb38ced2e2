"""EC2's Describe* answers, made into a `NetworkSnapshot`. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local_cloud.data.network.model import (
    NetworkSnapshot,
    PrefixList,
    Route,
    RouteTable,
    Rule,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)

CALLS = {
    "describe_vpcs": "Vpcs",
    "describe_subnets": "Subnets",
    "describe_security_groups": "SecurityGroups",
    "describe_route_tables": "RouteTables",
    "describe_vpc_endpoints": "VpcEndpoints",
    "describe_managed_prefix_lists": "PrefixLists",
    "describe_nat_gateways": "NatGateways",
    "describe_internet_gateways": "InternetGateways",
    "describe_vpn_gateways": "VpnGateways",
}
"""boto3 EC2 operation -> the key of its answer."""

Items = Iterable[Mapping[str, Any]]

ALL_PORTS = (0, 65535)


def snapshot(region: str, answers: Mapping[str, Items], prefix_entries: Mapping[str, Items]) -> NetworkSnapshot:
    """`answers` holds the items of each of `CALLS`; `prefix_entries` those of GetManagedPrefixListEntries."""
    return NetworkSnapshot(
        region=region,
        vpcs={v["VpcId"]: _vpc(v) for v in answers["describe_vpcs"]},
        subnets={s["SubnetId"]: _subnet(s) for s in answers["describe_subnets"]},
        groups={g["GroupId"]: _group(g) for g in answers["describe_security_groups"]},
        route_tables={t["RouteTableId"]: _route_table(t) for t in answers["describe_route_tables"]},
        endpoints={e["VpcEndpointId"]: _endpoint(e) for e in answers["describe_vpc_endpoints"]},
        prefix_lists={
            p["PrefixListId"]: PrefixList(
                p["PrefixListId"],
                p.get("PrefixListName", ""),
                tuple(entry["Cidr"] for entry in prefix_entries.get(p["PrefixListId"], ())),
            )
            for p in answers["describe_managed_prefix_lists"]
        },
        nat_subnets={
            n["NatGatewayId"]: n["SubnetId"]
            for n in answers["describe_nat_gateways"]
            if n.get("State") == "available" and n.get("ConnectivityType", "public") == "public"
        },
        attached_gateways=_attached(answers),
    )


def _vpc(item: Mapping[str, Any]) -> Vpc:
    blocks = [b["CidrBlock"] for b in item.get("CidrBlockAssociationSet", ())]
    dns = item.get("DnsAttributes", {})
    return Vpc(
        item["VpcId"],
        tuple(blocks or [item["CidrBlock"]]),
        dns.get("enableDnsSupport", True),
        dns.get("enableDnsHostnames", True),
    )


def _subnet(item: Mapping[str, Any]) -> Subnet:
    names = [t["Value"] for t in item.get("Tags", ()) if t["Key"] == "Name"]
    return Subnet(
        item["SubnetId"],
        item["VpcId"],
        item["CidrBlock"],
        item.get("AvailabilityZone", ""),
        names[0] if names else "",
    )


def _group(item: Mapping[str, Any]) -> SecurityGroup:
    return SecurityGroup(
        item["GroupId"],
        item.get("GroupName", ""),
        item.get("VpcId", ""),
        tuple(_rule(r) for r in item.get("IpPermissions", ())),
        tuple(_rule(r) for r in item.get("IpPermissionsEgress", ())),
    )


def _rule(item: Mapping[str, Any]) -> Rule:
    """Ports are absent where the protocol is -1 (IpPermission in the EC2 API reference)."""
    return Rule(
        str(item["IpProtocol"]),
        int(item.get("FromPort", ALL_PORTS[0])),
        int(item.get("ToPort", ALL_PORTS[1])),
        tuple(r["CidrIp"] for r in item.get("IpRanges", ())),
        tuple(p["GroupId"] for p in item.get("UserIdGroupPairs", ()) if p.get("GroupId")),
        tuple(p["PrefixListId"] for p in item.get("PrefixListIds", ())),
    )


def _route_table(item: Mapping[str, Any]) -> RouteTable:
    associations = item.get("Associations", ())
    return RouteTable(
        item["RouteTableId"],
        item["VpcId"],
        any(a.get("Main") for a in associations),
        tuple(a["SubnetId"] for a in associations if a.get("SubnetId")),
        tuple(_route(r) for r in item.get("Routes", ())),
    )


def _route(item: Mapping[str, Any]) -> Route:
    target = next(
        (
            item[key]
            for key in ("GatewayId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId")
            if item.get(key)
        ),
        "",
    )
    return Route(
        target,
        item.get("DestinationCidrBlock", ""),
        item.get("DestinationPrefixListId", ""),
        item.get("State", "active"),
    )


def _endpoint(item: Mapping[str, Any]) -> VpcEndpoint:
    return VpcEndpoint(
        item["VpcEndpointId"],
        item["ServiceName"],
        item.get("VpcEndpointType", "Gateway"),
        item["VpcId"],
        item.get("State", "available"),
        tuple(item.get("SubnetIds", ())),
        tuple(g["GroupId"] for g in item.get("Groups", ())),
        tuple(item.get("RouteTableIds", ())),
        bool(item.get("PrivateDnsEnabled", False)),
        tuple(d["DnsName"] for d in item.get("DnsEntries", ()) if d.get("DnsName")),
        _policy(item.get("PolicyDocument")),
    )


def _policy(document: str | None) -> Mapping[str, object] | None:
    if not document:
        return None
    loaded: Mapping[str, object] = json.loads(document)
    return loaded


def _attached(answers: Mapping[str, Items]) -> frozenset[str]:
    internet = {g["InternetGatewayId"] for g in answers["describe_internet_gateways"] if g.get("Attachments")}
    private = {
        g["VpnGatewayId"]
        for g in answers["describe_vpn_gateways"]
        if any(a.get("State") == "attached" for a in g.get("VpcAttachments", ()))
    }
    return frozenset(internet | private)
