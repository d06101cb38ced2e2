"""What EC2 refuses of a rule's addresses and source, of the default group, and of an endpoint's addresses and names."""

from __future__ import annotations

import ipaddress
from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SOURCES = ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId")
ENDPOINT = ("CreateVpcEndpoint", "ModifyVpcEndpoint")


def _kind_of(rule: Any) -> str | None:
    """The parameter that names a source like the rule's."""
    address = rule.ip_range or {}
    if (rule.source_group or {}).get("GroupId"):
        return "ReferencedGroupId"
    if address.get("CidrIpv6"):
        return "CidrIpv6"
    return "CidrIpv4" if address.get("CidrIp") else None


@refuses(
    "ec2-rule-source-kind",
    "ec2",
    "ModifySecurityGroupRules",
    code="InvalidParameterValue",
    message="The source type of the security group rule {rule} cannot be changed.",
    source="ModifySecurityGroupRules API reference, which lets a range, a list or a group be changed for another of "
    "its kind only; code and wording not verified",
)
def rule_source_kind(call: Call) -> Verdict:
    group = ec2(call.region).get_security_group_from_id(call.params["GroupId"])
    known = {rule.id: rule for rule in [*group.ingress_rules, *group.egress_rules]} if group else {}
    for each in call.get("SecurityGroupRules") or []:
        rule_id, sent = each.get("SecurityGroupRuleId"), each.get("SecurityGroupRule") or {}
        kind = _kind_of(known[rule_id]) if rule_id in known else None
        if kind and any(sent.get(name) for name in SOURCES if name != kind):
            return {"rule": rule_id}
    return None


@refuses(
    "ec2-default-group",
    "ec2",
    "DeleteSecurityGroup",
    code="CannotDelete",
    message='the specified group: "{group}" name: "default" cannot be deleted by a user',
    source="EC2 API error codes, CannotDelete; as quoted in public error reports",
)
def default_group(call: Call) -> Verdict:
    group = ec2(call.region).get_security_group_by_name_or_id(call.get("GroupId") or call.get("GroupName"))
    return {"group": group.id} if group is not None and group.name == "default" else None


@refuses(
    "ec2-gateway-endpoint-with-resolver-names",
    "ec2",
    "CreateVpcEndpoint",
    code="InvalidParameter",
    message="DnsOptions PrivateDnsOnlyForInboundResolverEndpoint is applicable only to Interface VPC Endpoints.",
    source="hashicorp/terraform-provider-aws issue 45846",
)
def gateway_with_resolver_names(call: Call) -> Verdict:
    sent = (call.get("DnsOptions") or {}).get("PrivateDnsOnlyForInboundResolverEndpoint")
    return sent is not None and (call.get("VpcEndpointType") or "Gateway") == "Gateway"


@refuses(
    "ec2-endpoint-without-ipv6",
    "ec2",
    ENDPOINT,
    code="InvalidParameter",
    message="The subnet {subnet} does not have an IPv6 CIDR block, which the IP address type {kind} needs.",
    source="AWS PrivateLink guide, 'Access an AWS service using an interface VPC endpoint', IP address type; "
    "wording not verified",
)
def without_ipv6(call: Call) -> Verdict:
    kind = call.get("IpAddressType")
    if kind not in ("ipv6", "dualstack"):
        return None
    for subnet_id in [*(call.get("SubnetIds") or []), *(call.get("AddSubnetIds") or [])]:
        if not ec2(call.region).get_subnet(subnet_id).ipv6_cidr_block_associations:
            return {"subnet": subnet_id, "kind": kind}
    return None


@refuses(
    "ec2-rule-range",
    "ec2",
    ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"),
    code="InvalidParameterValue",
    message="CIDR block {block} is malformed",
    source="cdk-preflight 1.9.1, ec2-sg-cidr-valid",
)
def rule_range(call: Call) -> Verdict:
    for permission in call.get("IpPermissions") or []:
        for each in permission.get("IpRanges") or []:
            if not _is_block(each.get("CidrIp") or "", 4):
                return {"block": each.get("CidrIp")}
        for each in permission.get("Ipv6Ranges") or []:
            if not _is_block(each.get("CidrIpv6") or "", 6):
                return {"block": each.get("CidrIpv6")}
    return None


def _is_block(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_network(text, strict=False).version == version and "/" in text
    except ValueError:
        return False
