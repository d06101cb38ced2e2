"""What EC2 refuses of subnets, routes, rules of security groups and tags."""

from __future__ import annotations

import re
from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import group_of, subnet_of
from local_cloud.control.rules import Verdict, refuses

RULES_OF_A_GROUP = ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
HIGHEST_PORT = 65535
# IpPermission API reference, IpProtocol: names, or a number as in the IANA registry.
PROTOCOLS = {"tcp", "udp", "icmp", "icmpv6", "-1", "6", "17", "1", "58"}
ROUTE_TARGETS = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "OdbNetworkArn",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


@refuses(
    "ec2-unknown-zone",
    "ec2",
    "CreateSubnet",
    code="InvalidParameterValue",
    message="Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in "
    "the following availability zones: {zones}.",
    source="EC2 API error codes, InvalidParameterValue; as quoted in public error reports",
)
def unknown_zone(call: Call) -> Verdict:
    sent = call.get("AvailabilityZone")
    zones = [each.name for each in ec2(call.region).describe_availability_zones()]
    return {"zone": sent, "zones": ", ".join(zones)} if sent and sent not in zones else None


@refuses(
    "ec2-group-name",
    "ec2",
    "CreateSecurityGroup",
    code="InvalidParameterValue",
    message="Invalid security group name '{name}'. Group names may not be in the format sg-*.",
    source="cdk-preflight 1.9.1, ec2-sg-group-name",
)
def group_name(call: Call) -> Verdict:
    name = call.get("GroupName") or ""
    return {"name": name} if name.startswith("sg-") else None


def _permissions(call: Call) -> list[dict[str, Any]]:
    flat = {key: call.get(key) for key in ("IpProtocol", "FromPort", "ToPort")}
    return [*(call.get("IpPermissions") or []), *([flat] if call.get("IpProtocol") else [])]


@refuses(
    "ec2-rule-protocol",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidParameterValue",
    message="Invalid value '{protocol}' for IP protocol. Unknown protocol.",
    source="IpPermission API reference, IpProtocol; as quoted in public error reports",
)
def rule_protocol(call: Call) -> Verdict:
    for permission in _permissions(call):
        name = str(permission.get("IpProtocol", "")).lower()
        number = name.isdigit() and int(name) <= 255
        if name not in PROTOCOLS and not number:
            return {"protocol": permission.get("IpProtocol")}
    return None


def _over_ports(permission: dict[str, Any]) -> bool:
    return str(permission.get("IpProtocol", "")).lower() in ("tcp", "udp", "6", "17")


@refuses(
    "ec2-rule-without-ports",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidParameterValue",
    message="Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    source="aws/aws-sdk-go-v2 issue 1203",
)
def rule_without_ports(call: Call) -> Verdict:
    return any(
        permission.get(name) is None
        for permission in _permissions(call)
        if _over_ports(permission)
        for name in ("FromPort", "ToPort")
    )


@refuses(
    "ec2-rule-port-out-of-range",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidPermission.Malformed",
    message="TCP/UDP port ({port}) out of range",
    source="boto/boto3 issue 336",
)
def rule_port_out_of_range(call: Call) -> Verdict:
    for permission in filter(_over_ports, _permissions(call)):
        for port in (permission.get("FromPort"), permission.get("ToPort")):
            if port is not None and not 0 <= port <= HIGHEST_PORT:
                return {"port": port}
    return None


@refuses(
    "ec2-rule-ports-turned-around",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidParameterValue",
    message="Invalid TCP/UDP port range ({first}:{last})",
    source="IpPermission API reference, FromPort and ToPort; wording from memory",
)
def rule_ports_turned_around(call: Call) -> Verdict:
    for permission in filter(_over_ports, _permissions(call)):
        first, last = permission.get("FromPort"), permission.get("ToPort")
        if first is not None and last is not None and first > last:
            return {"first": first, "last": last}
    return None


@refuses(
    "ec2-rule-unknown-prefix-list",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidPrefixListID.NotFound",
    message="The prefix list ID '{list}' does not exist",
    source="EC2 API error codes",
)
def rule_unknown_prefix_list(call: Call) -> Verdict:
    known = ec2(call.region).managed_prefix_lists
    for permission in _permissions(call):
        for entry in permission.get("PrefixListIds") or []:
            if entry["PrefixListId"] not in known:
                return {"list": entry["PrefixListId"]}
    return None


@refuses(
    "ec2-rule-group-of-another-network",
    "ec2",
    RULES_OF_A_GROUP,
    code="InvalidGroup.NotFound",
    message="You have specified two resources that belong to different networks.",
    source="ansible/ansible issue 30053",
)
def rule_group_of_another_network(call: Call) -> Verdict:
    own = group_of(call, call.get("GroupId"))
    for permission in _permissions(call) if own else []:
        for pair in permission.get("UserIdGroupPairs") or []:
            other = group_of(call, pair.get("GroupId"))
            if other is not None and other.vpc_id != own.vpc_id:
                return True
    return None


@refuses(
    "ec2-route-table-of-another-network",
    "ec2",
    ["AssociateRouteTable", "ReplaceRouteTableAssociation"],
    code="InvalidParameterValue",
    message="Route table {table} and subnet {subnet} belong to different networks",
    source="EC2 API error codes, InvalidParameterValue; as quoted in public error reports",
)
def route_table_of_another_network(call: Call) -> Verdict:
    table = ec2(call.region).route_tables.get(call.get("RouteTableId"))
    subnet = subnet_of(call, call.get("SubnetId"))
    if table is None or subnet is None or table.vpc_id == subnet.vpc_id:
        return None
    return {"table": table.id, "subnet": subnet.id}


@refuses(
    "ec2-route-without-target",
    "ec2",
    ["CreateRoute", "ReplaceRoute"],
    code="MissingParameter",
    message="The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, "
    "vpcPeeringConnectionId or instanceId",
    source="CreateRoute API reference: 'You must specify one of the targets'; wording from memory",
)
def route_without_target(call: Call) -> Verdict:
    local = call.operation == "ReplaceRoute" and call.get("LocalTarget")
    return not local and not any(call.get(name) for name in ROUTE_TARGETS)


@refuses(
    "ec2-route-unknown-gateway",
    "ec2",
    ["CreateRoute", "ReplaceRoute"],
    code="InvalidGatewayID.NotFound",
    message="The gateway ID '{gateway}' does not exist",
    source="EC2 API error codes",
)
def route_unknown_gateway(call: Call) -> Verdict:
    gateway = call.get("GatewayId") or ""
    unknown = gateway.startswith("igw-") and gateway not in ec2(call.region).internet_gateways
    return {"gateway": gateway} if unknown else None


@refuses(
    "ec2-tag-of-aws",
    "ec2",
    "CreateTags",
    code="InvalidParameterValue",
    message="Tag keys starting with 'aws:' are reserved for internal use",
    source="EC2 guide, 'Tag your Amazon EC2 resources'; as quoted in public error reports",
)
def tag_of_aws(call: Call) -> Verdict:
    return any(each.get("Key", "").lower().startswith("aws:") for each in call.get("Tags") or [])


@refuses(
    "ec2-one-vpc-attribute",
    "ec2",
    "ModifyVpcAttribute",
    code="InvalidParameterCombination",
    message="Fields for multiple attribute types specified: {names}",
    source="ModifyVpcAttribute API reference: 'modify one attribute at a time'; wording from memory",
)
def one_vpc_attribute(call: Call) -> Verdict:
    names = [name for name in call.params if name.startswith("Enable")]
    lowered = ", ".join(re.sub("^E", "e", name) for name in names)
    return {"names": lowered} if len(names) > 1 else None
