"""What EC2 refuses of blocks, associations and addresses that are taken or out of place."""

from __future__ import annotations

import ipaddress

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import apart, subnet_of
from local_cloud.control.rules import Verdict, refuses

SMALLEST, LARGEST = 28, 16
MOST_GROUPS = 5
RESERVED_AT_START = 4


@refuses(
    "ec2-subnet-size",
    "ec2",
    "CreateSubnet",
    code="InvalidSubnet.Range",
    message="The CIDR '{block}' is invalid.",
    source="EC2 API error codes, InvalidSubnet.Range: between a /28 and a /16",
)
def subnet_size(call: Call) -> Verdict:
    block = call.get("CidrBlock") or ""
    length = block.partition("/")[2]
    return {"block": block} if length.isdigit() and not LARGEST <= int(length) <= SMALLEST else None


@refuses(
    "ec2-subnet-has-a-table",
    "ec2",
    "AssociateRouteTable",
    code="Resource.AlreadyAssociated",
    message="the specified association for route table {table} conflicts with an existing association",
    source="EC2 API error codes, Resource.AlreadyAssociated; as quoted in public error reports",
)
def subnet_has_a_table(call: Call) -> Verdict:
    for table in ec2(call.region).route_tables.values():
        others = {each.get("SubnetId") for each in table.associations}
        if table.id != call.get("RouteTableId") and call.get("SubnetId") in others - {None}:
            return {"table": call.get("RouteTableId")}
    return None


def _address(call: Call) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(call.get("PrivateIpAddress") or "")
    except ValueError:
        return None


@refuses(
    "ec2-interface-address",
    "ec2",
    "CreateNetworkInterface",
    code="InvalidParameterValue",
    message="Address does not fall within the subnet's address range",
    source="CreateNetworkInterface API reference, PrivateIpAddress; VPC guide, 'Subnet CIDR blocks', of the four first "
    "addresses and the last; as quoted in public error reports",
)
def interface_address(call: Call) -> Verdict:
    subnet, address = subnet_of(call, call.get("SubnetId")), _address(call)
    if subnet is None or address is None:
        return None
    block = ipaddress.IPv4Network(subnet.cidr_block)
    first, last = block.network_address + RESERVED_AT_START, block.broadcast_address - 1
    return not first <= address <= last


@refuses(
    "ec2-interface-address-taken",
    "ec2",
    "CreateNetworkInterface",
    code="InvalidIPAddress.InUse",
    message="Address {address} is in use.",
    source="EC2 API error codes, InvalidIPAddress.InUse",
)
def interface_address_taken(call: Call) -> Verdict:
    wanted = call.get("PrivateIpAddress")
    for interface in ec2(call.region).enis.values():
        addresses = {each.get("PrivateIpAddress") for each in interface.private_ip_addresses}
        if wanted in addresses and interface.subnet.id == call.get("SubnetId"):
            return {"address": wanted}
    return None


@refuses(
    "ec2-interface-networks-apart",
    "ec2",
    "CreateNetworkInterface",
    code="InvalidParameter",
    message="Security group {group} and subnet {subnet} belong to different networks.",
    source="EC2 API error codes, InvalidParameter; as quoted in public error reports",
)
def interface_networks_apart(call: Call) -> Verdict:
    return apart(call, [call.get("SubnetId") or ""], call.get("Groups") or [])


@refuses(
    "ec2-too-many-groups",
    "ec2",
    ["CreateNetworkInterface", "CreateVpcEndpoint", "ModifyNetworkInterfaceAttribute"],
    code="SecurityGroupsPerInterfaceLimitExceeded",
    message="The maximum number of security groups per interface has been reached.",
    source="EC2 API error codes, SecurityGroupsPerInterfaceLimitExceeded; VPC quotas, security groups per interface",
)
def too_many_groups(call: Call) -> Verdict:
    return len(set(call.get("Groups") or call.get("SecurityGroupIds") or [])) > MOST_GROUPS


@refuses(
    "ec2-local-route",
    "ec2",
    "DeleteRoute",
    code="InvalidParameterValue",
    message="cannot remove local route {block} in route table {table}",
    source="VPC guide, 'Route table concepts': the local route cannot be deleted; as quoted in public error reports",
)
def local_route(call: Call) -> Verdict:
    block = call.get("DestinationCidrBlock")
    table = ec2(call.region).route_tables.get(call.get("RouteTableId"))
    found = [each for each in table.routes if each.destination_cidr_block == block] if table else []
    return {"block": block, "table": table.id} if any(each.local for each in found) else None


@refuses(
    "ec2-main-table",
    "ec2",
    "DeleteRouteTable",
    code="DependencyViolation",
    message="The routeTable '{table}' has dependencies and cannot be deleted.",
    source="VPC guide, 'Delete a route table': not the main one; as quoted in public error reports",
)
def main_table(call: Call) -> Verdict:
    table = ec2(call.region).route_tables.get(call.get("RouteTableId"))
    return {"table": table.id} if table is not None and table.main_association_id else None
