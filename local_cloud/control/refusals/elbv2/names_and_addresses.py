"""What Elastic Load Balancing refuses of names that are taken, addresses that subnets lack, and too many tags."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import subnet_of
from local_cloud.control.rules import Verdict, refuses

DUAL = ("dualstack", "dualstack-without-public-ipv4")


def _subnets_of(sent: dict[str, Any]) -> list[str]:
    mapped = [each.get("SubnetId") for each in sent.get("SubnetMappings") or []]
    return [str(each) for each in [*(sent.get("Subnets") or []), *mapped]]


@refuses(
    "elbv2-name-of-another",
    "elbv2",
    "CreateLoadBalancer",
    code="DuplicateLoadBalancerName",
    message="A load balancer with the same name '{name}' exists, but with different settings",
    source="CreateLoadBalancer API reference: idempotent with the same settings; as quoted in public error reports",
)
def name_of_another(call: Call) -> Verdict:
    name = call.params["Name"]
    for balancer in backend("elbv2", call.region).load_balancers.values():
        if balancer.name == name and not _same(call, balancer):
            return {"name": name}
    return None


def _same(call: Call, balancer: Any) -> bool:
    subnets = {str(getattr(each, "id", each)) for each in balancer.subnets}
    return (
        set(_subnets_of(call.params)) == subnets
        and call.get("Scheme", "internet-facing") == balancer.scheme
        and call.get("IpAddressType", "ipv4") == balancer.ip_address_type
        and set(call.get("SecurityGroups") or balancer.security_groups) == set(balancer.security_groups)
    )


@refuses(
    "elbv2-address-type",
    "elbv2",
    ["CreateLoadBalancer", "SetIpAddressType"],
    code="ValidationError",
    message="You must specify subnets with an associated IPv6 CIDR block.",
    source="SetIpAddressType API reference; application load balancer guide, 'IP address type'; wording not verified",
)
def address_type(call: Call) -> Verdict:
    if call.get("IpAddressType") not in DUAL:
        return None
    balancer = backend("elbv2", call.region).load_balancers.get(call.get("LoadBalancerArn"))
    named = [str(getattr(each, "id", each)) for each in balancer.subnets] if balancer else _subnets_of(call.params)
    found = [subnet_of(call, each) for each in named]
    return any(subnet is not None and not subnet.ipv6_cidr_block_associations for subnet in found)
