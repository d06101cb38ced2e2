"""Load balancers: the DNS name's form and the hosted zone of Tokyo."""

from __future__ import annotations

import zlib
from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call, Proceed, Result, repairs
from local_cloud.control.repairs.elbv2_attributes import APPLICATION_LOAD_BALANCER

# AWS General Reference, 'Elastic Load Balancing endpoints': application load balancers in ap-northeast-1.
HOSTED_ZONE = "Z14GRHDCWA56QT"
# moto refuses attributes that AWS added since.
FakeLoadBalancer.VALID_ATTRS |= set(APPLICATION_LOAD_BALANCER)


@repairs("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call, proceed: Proceed) -> Result:
    """Named ``internal-<name>-<number>.<region>.elb.amazonaws.com``, without ``internal-`` where public."""
    result = proceed()
    for shown in result["LoadBalancers"]:
        balancer = backend("elbv2", call.region).load_balancers[shown["LoadBalancerArn"]]
        prefix = "internal-" if shown.get("Scheme") == "internal" else ""
        number = zlib.crc32(balancer.arn.encode())
        balancer.dns_name = f"{prefix}{balancer.name}-{number}.{call.region}.elb.amazonaws.com"
        _complete(call, shown)
    return result


@repairs("elbv2", "DescribeLoadBalancers")
def describe_load_balancers(call: Call, proceed: Proceed) -> Result:
    """With the right zone."""
    result = proceed()
    for shown in result["LoadBalancers"]:
        _complete(call, shown)
    return result


def _complete(call: Call, shown: dict[str, Any]) -> None:
    balancer = backend("elbv2", call.region).load_balancers[shown["LoadBalancerArn"]]
    shown["DNSName"] = balancer.dns_name
    shown["CanonicalHostedZoneId"] = HOSTED_ZONE


@repairs("elbv2", "DescribeTargetGroups")
def describe_target_groups(call: Call, proceed: Proceed) -> Result:
    """Each load balancer once, and none without listeners: moto adds one with every listener and takes none away."""
    result = proceed()
    balancers = backend("elbv2", call.region).load_balancers
    for shown in result["TargetGroups"]:
        arns = dict.fromkeys(shown.get("LoadBalancerArns", []))
        shown["LoadBalancerArns"] = [arn for arn in arns if arn in balancers and balancers[arn].listeners]
    return result
