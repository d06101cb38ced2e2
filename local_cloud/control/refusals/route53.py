"""What Route 53 refuses of private zones and addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses


@refuses(
    "route53-address",
    "route53",
    "ChangeResourceRecordSets",
    code="InvalidChangeBatch",
    message="[Invalid Resource Record: 'FATAL problem: {kind}IPAddress (Value is not a valid {version} address) "
    "encountered with '{value}'']",
    source="ChangeResourceRecordSets API reference, InvalidChangeBatch; as quoted in public error reports",
    status=400,
)
def address(call: Call) -> Verdict:
    versions = {
        "A": ("ARRDATAIllegal", "IPv4", ipaddress.IPv4Address),
        "AAAA": ("AAAARRDATAIllegal", "IPv6", ipaddress.IPv6Address),
    }
    for change in call.params["ChangeBatch"]["Changes"]:
        record = change["ResourceRecordSet"]
        kind, version, parse = versions.get(record["Type"], ("", "", str))
        for each in record.get("ResourceRecords") or []:
            if not _parses(parse, each["Value"]):
                return {"kind": kind, "version": version, "value": each["Value"]}
    return None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


@refuses(
    "route53-second-private-zone",
    "route53",
    ["CreateHostedZone", "AssociateVPCWithHostedZone"],
    code="ConflictingDomainExists",
    message="The VPC {vpc} in region {region} has already been associated with the hosted zone {zone} with the "
    "same domain name.",
    source="CreateHostedZone API reference, ConflictingDomainExists; as quoted in public error reports",
    status=400,
)
def second_private_zone(call: Call) -> Verdict:
    wanted = (call.get("VPC") or {}).get("VPCId")
    zones = backend("route53", "aws").zones
    own = zones.get((call.get("HostedZoneId") or "").split("/")[-1])
    name = (call.get("Name") or (own.name if own else "")).rstrip(".")
    for zone in zones.values():
        if zone is not own and zone.name.rstrip(".") == name and any(each["vpc_id"] == wanted for each in zone.vpcs):
            return {"vpc": wanted, "region": call.region, "zone": zone.id}
    return None


CHANGE = "ChangeResourceRecordSets"
OF_ITS_OWN = ("NS", "SOA")


def _records(call: Call) -> list[tuple[str, dict[str, Any]]]:
    changes = call.params["ChangeBatch"]["Changes"]
    return [(each["Action"], each["ResourceRecordSet"]) for each in changes]


def _own_name(call: Call) -> str:
    zone = backend("route53", "aws").zones.get((call.get("HostedZoneId") or "").split("/")[-1])
    return zone.name.rstrip(".") if zone else ""


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


@refuses(
    "route53-alias-at-the-top",
    "route53",
    CHANGE,
    code="InvalidChangeBatch",
    message="[RRSet of type CNAME with DNS name {name}. is not permitted at apex in zone {name}.]",
    source="Route 53 guide, 'CNAME record type'; as quoted in public error reports",
    status=400,
)
def alias_at_the_top(call: Call) -> Verdict:
    top = _own_name(call)
    made = [record for action, record in _records(call) if action != "DELETE" and record["Type"] == "CNAME"]
    return {"name": top} if any(_plain(record["Name"]) == top for record in made) else None


@refuses(
    "route53-alias-beside-another",
    "route53",
    CHANGE,
    code="InvalidChangeBatch",
    message="[RRSet of type {kind} with DNS name {name}. is not permitted because a conflicting RRSet of type {other} "
    "with the same DNS name already exists in zone {zone}.]",
    source="Route 53 guide, 'CNAME record type': no other record of the name; as quoted in public error reports",
    status=400,
)
def alias_beside_another(call: Call) -> Verdict:
    zone = backend("route53", "aws").zones.get((call.get("HostedZoneId") or "").split("/")[-1])
    gone = {(_plain(record["Name"]), record["Type"]) for action, record in _records(call) if action == "DELETE"}
    there = {(_plain(each.name), each.type) for each in zone.rrsets} - gone if zone else set()
    for action, record in _records(call):
        name, kind = _plain(record["Name"]), record["Type"]
        others = [other for known, other in there if known == name and other != kind and "CNAME" in (kind, other)]
        if action != "DELETE" and others:
            return {"kind": kind, "name": name, "other": others[0], "zone": _own_name(call)}
    return None


@refuses(
    "route53-record-without-its-parts",
    "route53",
    CHANGE,
    code="InvalidInput",
    message="Invalid request: {fault}",
    source="ResourceRecordSet API reference, AliasTarget, ResourceRecords and TTL; as quoted in public error reports",
    status=400,
)
def without_its_parts(call: Call) -> Verdict:
    for action, record in _records(call):
        alias, plain = record.get("AliasTarget"), record.get("ResourceRecords")
        if alias and (plain or record.get("TTL") is not None):
            return {"fault": "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]], but found both"}
        if action != "DELETE" and not alias and (not plain or record.get("TTL") is None):
            return {"fault": "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]], but found none"}
    return None


@refuses(
    "route53-zone-s-own-records",
    "route53",
    CHANGE,
    code="InvalidChangeBatch",
    message="[A HostedZone must contain exactly one SOA record and at least one NS record for the zone itself.]",
    source="Route 53 guide, 'NS and SOA records that Amazon Route 53 creates'; as quoted in public error reports",
    status=400,
)
def own_records(call: Call) -> Verdict:
    top = _own_name(call)
    removed = [record for action, record in _records(call) if action == "DELETE"]
    return any(record["Type"] in OF_ITS_OWN and _plain(record["Name"]) == top for record in removed)


@refuses(
    "route53-associated-twice",
    "route53",
    "AssociateVPCWithHostedZone",
    code="ConflictingDomainExists",
    message="The VPC {vpc} is already associated with the hosted zone.",
    source="AssociateVPCWithHostedZone API reference, ConflictingDomainExists; wording not verified",
    status=400,
)
def associated_twice(call: Call) -> Verdict:
    zone = backend("route53", "aws").zones.get((call.get("HostedZoneId") or "").split("/")[-1])
    wanted = call.params["VPC"].get("VPCId")
    there = [each["vpc_id"] for each in zone.vpcs] if zone else []
    return {"vpc": wanted} if wanted in there else None
