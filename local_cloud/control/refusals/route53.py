"""What Route 53 refuses of private zones and addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

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
