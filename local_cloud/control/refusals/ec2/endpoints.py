"""What EC2 refuses of VPC endpoints."""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import apart, subnet_of
from local_cloud.control.refusals.policies import is_policy
from local_cloud.control.rules import Verdict, refuses

CREATE = "CreateVpcEndpoint"
MODIFY = "ModifyVpcEndpoint"


def _existing(call: Call) -> Any:
    return ec2(call.region).vpc_end_points.get(call.get("VpcEndpointId"))


def _sent_subnets(call: Call) -> list[str]:
    return [*(call.get("SubnetIds") or []), *(call.get("AddSubnetIds") or [])]


def _sent_groups(call: Call) -> list[str]:
    return [*(call.get("SecurityGroupIds") or []), *(call.get("AddSecurityGroupIds") or [])]


def _kind(call: Call) -> str:
    existing = _existing(call)
    return existing.vpc_endpoint_type if existing else call.get("VpcEndpointType") or "Gateway"


def _vpc_id(call: Call) -> str:
    existing = _existing(call)
    return str(existing.vpc_id if existing else call.params["VpcId"])


def _wants_private_dns(call: Call) -> bool:
    sent = call.get("PrivateDnsEnabled")
    if call.operation == CREATE:
        return _kind(call) == "Interface" and sent is not False
    return bool(sent)


@refuses(
    "ec2-unknown-endpoint",
    "ec2",
    MODIFY,
    code="InvalidVpcEndpointId.NotFound",
    message="The Vpc Endpoint Id '{endpoint}' does not exist",
    source="EC2 API error codes; hashicorp/terraform-provider-aws, internal/service/ec2/errors.go",
)
def unknown_endpoint(call: Call) -> Verdict:
    return None if _existing(call) else {"endpoint": call.get("VpcEndpointId")}


@refuses(
    "ec2-endpoint-subnet-of-another-network",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="The subnet ID '{subnet}' does not belong to the VPC '{vpc}'",
    source="CreateVpcEndpoint API reference, SubnetIds; wording from memory",
)
def subnet_of_another_network(call: Call) -> Verdict:
    for subnet in _sent_subnets(call):
        found = subnet_of(call, subnet)
        if found is not None and found.vpc_id != _vpc_id(call):
            return {"subnet": subnet, "vpc": _vpc_id(call)}
    return None


@refuses(
    "ec2-endpoint-group-of-another-network",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Security group {group} and subnet {subnet} belong to different networks.",
    source="QT-DevOps/DevOpsIssues issue 256 (RunInstances)",
)
def group_of_another_network(call: Call) -> Verdict:
    existing = _existing(call)
    subnets = [*((existing.subnet_ids or []) if existing else []), *_sent_subnets(call)]
    return apart(call, subnets, _sent_groups(call))


@refuses(
    "ec2-gateway-endpoint-with-subnets",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.",
    source="nanlabs/terraform-aws-starter issue 18",
)
def gateway_with_subnets(call: Call) -> Verdict:
    return bool(_sent_subnets(call)) and _kind(call) == "Gateway"


@refuses(
    "ec2-endpoint-unknown-service",
    "ec2",
    CREATE,
    code="InvalidServiceName",
    message="The Vpc Endpoint Service '{service}' does not exist",
    source="terraform-aws-modules/terraform-aws-vpc issue 481, aws/aws-cdk issue 2597",
)
def unknown_service(call: Call) -> Verdict:
    name = call.params["ServiceName"]
    found = ec2(call.region).describe_vpc_endpoint_services([], [], None, "", call.region)
    names = {each["ServiceName"] for each in found["servicesDetails"]} | set(found["serviceNames"])
    return {"service": name} if name.startswith("com.amazonaws.") and name not in names else None


@refuses(
    "ec2-endpoint-unknown-group",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidGroup.NotFound",
    message="The security group '{group}' does not exist",
    source="EC2 API error codes",
)
def unknown_group(call: Call) -> Verdict:
    for group in _sent_groups(call):
        if ec2(call.region).get_security_group_from_id(group) is None:
            return {"group": group}
    return None


@refuses(
    "ec2-endpoint-two-subnets-in-one-zone",
    "ec2",
    [CREATE, MODIFY],
    code="DuplicateSubnetsInSameZone",
    message="Found another VPC endpoint subnet in the availability zone of {subnet}",
    source="cdk-preflight 1.9.1, ec2-vpce-subnet-az-unique",
)
def two_subnets_in_one_zone(call: Call) -> Verdict:
    existing = _existing(call)
    removed = call.get("RemoveSubnetIds") or []
    kept = [each for each in (existing.subnet_ids or []) if each not in removed] if existing else []
    zones: dict[str, str] = {}
    for subnet_id in [*kept, *(call.get("SubnetIds") or []), *(call.get("AddSubnetIds") or [])]:
        zone = ec2(call.region).get_subnet(subnet_id).availability_zone
        if zones.setdefault(zone, subnet_id) != subnet_id:
            return {"subnet": subnet_id}
    return None


@refuses(
    "ec2-endpoint-second-private-dns",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
    "{domain} in the VPC {vpc}",
    source="as quoted in public error reports",
)
def second_private_dns(call: Call) -> Verdict:
    if not _wants_private_dns(call):
        return None
    own = _existing(call)
    name = own.service_name if own else call.params["ServiceName"]
    for other in ec2(call.region).vpc_end_points.values():
        same = (other.vpc_id, other.service_name) == (_vpc_id(call), name)
        if same and other is not own and other.private_dns_enabled:
            service = name.removeprefix(f"com.amazonaws.{call.region}.")
            label = ".".join(reversed(service.split(".")))
            return {"domain": f"{label}.{call.region}.amazonaws.com", "vpc": _vpc_id(call)}
    return None


@refuses(
    "ec2-endpoint-private-dns-without-vpc-dns",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
    "set to true for {vpc}",
    source="wording from memory",
)
def private_dns_without_vpc_dns(call: Call) -> Verdict:
    vpc = ec2(call.region).vpcs.get(_vpc_id(call))
    if vpc is None or not _wants_private_dns(call):
        return None
    both = vpc.enable_dns_support and vpc.enable_dns_hostnames
    return None if both in (True, "true") else {"vpc": vpc.id}


@refuses(
    "ec2-gateway-endpoint-with-groups",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Security group IDs are only supported for Interface type VPC Endpoint.",
    source="CreateVpcEndpoint API reference, SecurityGroupIds: '(Interface endpoint)'; wording not verified",
)
def gateway_with_groups(call: Call) -> Verdict:
    return bool(_sent_groups(call)) and _kind(call) == "Gateway"


@refuses(
    "ec2-gateway-endpoint-with-private-dns",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Endpoint type (Gateway) does not support private DNS names",
    source="CreateVpcEndpoint API reference, PrivateDnsEnabled: '(Interface endpoint)'; wording not verified",
)
def gateway_with_private_dns(call: Call) -> Verdict:
    return bool(call.get("PrivateDnsEnabled")) and _kind(call) == "Gateway"


@refuses(
    "ec2-endpoint-bad-policy",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidPolicyDocument",
    message="The specified policy document is not a valid JSON policy document.",
    source="EC2 API error codes",
)
def bad_policy(call: Call) -> Verdict:
    policy = call.get("PolicyDocument")
    return bool(policy) and not is_policy(str(policy))


@refuses(
    "ec2-interface-endpoint-with-route-tables",
    "ec2",
    [CREATE, MODIFY],
    code="InvalidParameter",
    message="Route table IDs are only supported for Gateway type VPC Endpoint.",
    source="CreateVpcEndpoint API reference, RouteTableIds; as quoted in public error reports",
)
def interface_with_route_tables(call: Call) -> Verdict:
    tables = [*(call.get("RouteTableIds") or []), *(call.get("AddRouteTableIds") or [])]
    return bool(tables) and _kind(call) == "Interface"


@refuses(
    "ec2-endpoint-type-mismatch",
    "ec2",
    CREATE,
    code="InvalidParameter",
    message="Endpoint type (Gateway) does not match service type (Interface).",
    source="as quoted in public error reports",
)
def type_mismatch(call: Call) -> Verdict:
    service = call.params["ServiceName"].split(".")[-1]
    return _kind(call) == "Gateway" and service not in ("s3", "dynamodb")
