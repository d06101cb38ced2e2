"""What a host name resolves to inside a VPC. Pure.

Follows the VPC user guide ('Access an AWS service using an interface VPC endpoint', private DNS; 'Gateway
endpoints') and the API Gateway guide ('Invoke a private API'): `<api>-<vpce>.execute-api...` and the endpoint's
own names resolve everywhere, the service's ordinary name resolves to the endpoint only with private DNS on.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from local_cloud.data.network.model import (
    AddressTarget,
    Destination,
    EndpointTarget,
    NetworkSnapshot,
    VpcEndpoint,
)

ON_PREMISES = {"search.corp.example": "10.30.0.10"}
"""Names of the company's own DNS, which its VPC is taken to forward to (a Resolver outbound rule)."""

PUBLIC_STAND_IN = "52.192.0.10"
"""Stands for any public address of AWS or of the internet: only its being public matters to routes and rules."""

API_AT_ENDPOINT = re.compile(r"^[a-z0-9]+-(vpce-[0-9a-f]+)\.execute-api\.")
ENDPOINT_NAME = re.compile(r"^(?:[a-z0-9-]+\.)?(vpce-[0-9a-f]+)-[a-z0-9-]+\..*\.vpce\.amazonaws\.com$")


def resolve(snapshot: NetworkSnapshot, vpc_id: str, host: str) -> Destination | None:
    """The destination behind `host` (a name or an IPv4 address), None where the name does not exist.

    `vpc_id` is '' for a resolver outside of any VPC.
    """
    name = host.lower().rstrip(".")
    literal = _address(name)
    if literal:
        return AddressTarget(literal)
    named = API_AT_ENDPOINT.match(name) or ENDPOINT_NAME.match(name)
    if named:
        known = named.group(1) in snapshot.endpoints
        return EndpointTarget(named.group(1)) if known else None
    if name in ON_PREMISES:
        return AddressTarget(ON_PREMISES[name], name) if vpc_id else None
    service = service_name(name, snapshot.region)
    if service:
        return _service(snapshot, vpc_id, service, name)
    return AddressTarget(PUBLIC_STAND_IN, name)


def service_name(host: str, region: str) -> str:
    """'com.amazonaws.<region>.<service>' that answers under this host name, '' for no AWS service of the region.

    >>> service_name("123456789012.dkr.ecr.ap-northeast-1.amazonaws.com", "ap-northeast-1")
    'com.amazonaws.ap-northeast-1.ecr.dkr'
    """
    suffix = f".{region}.amazonaws.com"
    if not host.endswith(suffix):
        return ""
    labels = host[: -len(suffix)].split(".")
    match labels:
        case ["api", "ecr"]:
            service = "ecr.api"
        case [_, "dkr", "ecr"]:
            service = "ecr.dkr"
        case [_, "ddb"]:
            service = "dynamodb"
        case [*_, last]:
            service = last
        case _:
            return ""
    return f"com.amazonaws.{region}.{service}"


def has_private_dns(snapshot: NetworkSnapshot, endpoint: VpcEndpoint) -> bool:
    """Private DNS needs both DNS attributes of the VPC (VPC guide, 'Private DNS')."""
    vpc = snapshot.vpcs.get(endpoint.vpc_id)
    return endpoint.private_dns and bool(vpc and vpc.dns_support and vpc.dns_hostnames)


def _service(snapshot: NetworkSnapshot, vpc_id: str, service: str, name: str) -> Destination:
    for endpoint in snapshot.endpoints.values():
        if (
            endpoint.vpc_id == vpc_id
            and endpoint.service_name == service
            and endpoint.endpoint_type == "Interface"
            and endpoint.state == "available"
            and has_private_dns(snapshot, endpoint)
        ):
            return EndpointTarget(endpoint.endpoint_id)
    for prefix_list in snapshot.prefix_lists.values():
        if prefix_list.name == service and prefix_list.cidrs:
            return AddressTarget(str(IPv4Network(prefix_list.cidrs[0])[10]), name)
    return AddressTarget(PUBLIC_STAND_IN, name)


def _address(text: str) -> str:
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return ""
