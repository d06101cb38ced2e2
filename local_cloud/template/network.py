"""VPCs, subnets, routes, security groups and endpoints as CloudFormation resources."""

from __future__ import annotations

import json
from typing import Any

from local_cloud.template.shapes import Account, Record, Resources, pick, resource, tags

ROUTE_TARGETS = ("GatewayId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId")


def vpcs(account: Account) -> Resources:
    """AWS::EC2::VPC; not the default one, which nobody made."""
    return {
        each["VpcId"]: resource(
            "AWS::EC2::VPC",
            {
                **pick(each, "CidrBlock", "EnableDnsSupport", "EnableDnsHostnames"),
                "Tags": tags(each.get("Tags")),
            },
        )
        for each in account["vpcs"]
        if not each.get("IsDefault")
    }


def _made(account: Account) -> set[str]:
    return {each["VpcId"] for each in account["vpcs"] if not each.get("IsDefault")}


def subnets(account: Account) -> Resources:
    """AWS::EC2::Subnet."""
    fields = ("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch")
    return {
        each["SubnetId"]: resource("AWS::EC2::Subnet", {**pick(each, *fields), "Tags": tags(each.get("Tags"))})
        for each in account["subnets"]
        if each["VpcId"] in _made(account)
    }


def internet_gateways(account: Account) -> Resources:
    """AWS::EC2::InternetGateway and its attachment."""
    made: Resources = {}
    for each in account["internet_gateways"]:
        gateway = each["InternetGatewayId"]
        made[gateway] = resource("AWS::EC2::InternetGateway", {"Tags": tags(each.get("Tags"))})
        for attachment in each.get("Attachments", []):
            properties = {"InternetGatewayId": gateway, "VpcId": attachment["VpcId"]}
            made[f"{gateway} attachment"] = resource("AWS::EC2::VPCGatewayAttachment", properties)
    return made


def nat_gateways(account: Account) -> Resources:
    """AWS::EC2::NatGateway of those that are there."""
    made: Resources = {}
    for each in account["nat_gateways"]:
        if each.get("State") == "deleted":
            continue
        addresses = [one["AllocationId"] for one in each.get("NatGatewayAddresses", []) if one.get("AllocationId")]
        properties = {"SubnetId": each["SubnetId"], "AllocationId": addresses[0] if addresses else None}
        if not addresses:
            properties["ConnectivityType"] = "private"
        made[each["NatGatewayId"]] = resource("AWS::EC2::NatGateway", {**properties, "Tags": tags(each.get("Tags"))})
    return made


def route_tables(account: Account) -> Resources:
    """AWS::EC2::RouteTable with its routes and associations; not the main ones, which come with their VPC."""
    made: Resources = {}
    for table in account["route_tables"]:
        associations = table.get("Associations", [])
        if table["VpcId"] not in _made(account) or any(each.get("Main") for each in associations):
            continue
        name = table["RouteTableId"]
        properties = {"VpcId": table["VpcId"], "Tags": tags(table.get("Tags"))}
        made[name] = resource("AWS::EC2::RouteTable", properties)
        for number, route in enumerate(_own_routes(table)):
            made[f"{name} route {number}"] = resource("AWS::EC2::Route", {"RouteTableId": name, **route})
        for each in associations:
            if each.get("SubnetId"):
                properties = {"RouteTableId": name, "SubnetId": each["SubnetId"]}
                made[each["RouteTableAssociationId"]] = resource("AWS::EC2::SubnetRouteTableAssociation", properties)
    return made


def _own_routes(table: Record) -> list[Record]:
    """Routes somebody made: not the local one, nor those that an endpoint or a gateway propagates."""
    return [
        pick(route, "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", *ROUTE_TARGETS)
        for route in table.get("Routes", [])
        if route.get("GatewayId") != "local" and not str(route.get("GatewayId", "")).startswith("vpce-")
    ]


def groups(account: Account) -> Resources:
    """AWS::EC2::SecurityGroup, without its rules; not a VPC's default group."""
    return {
        each["GroupId"]: resource(
            "AWS::EC2::SecurityGroup",
            {
                "GroupName": each["GroupName"],
                "GroupDescription": each["Description"],
                "VpcId": each["VpcId"],
                "Tags": tags(each.get("Tags")),
            },
        )
        for each in account["groups"]
        if each["GroupName"] != "default"
    }


def group_rules(account: Account) -> Resources:
    """AWS::EC2::SecurityGroupIngress and ...Egress: resources of their own, since groups name each other."""
    ours = {each["GroupId"] for each in account["groups"] if each["GroupName"] != "default"}
    rules = [rule for rule in account["group_rules"] if rule["GroupId"] in ours]
    return {rule["SecurityGroupRuleId"]: _rule(rule) for rule in rules}


def _rule(rule: Record) -> Record:
    outward = rule["IsEgress"]
    properties = {
        **pick(rule, "GroupId", "IpProtocol", "Description"),
        **({} if rule["IpProtocol"] == "-1" else pick(rule, "FromPort", "ToPort")),
        "CidrIp": rule.get("CidrIpv4"),
        "CidrIpv6": rule.get("CidrIpv6"),
    }
    prefix = "Destination" if outward else "Source"
    properties[f"{prefix}PrefixListId"] = rule.get("PrefixListId")
    other = "DestinationSecurityGroupId" if outward else "SourceSecurityGroupId"
    properties[other] = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
    return resource(f"AWS::EC2::SecurityGroup{'Egress' if outward else 'Ingress'}", properties)


def endpoints(account: Account) -> Resources:
    """AWS::EC2::VPCEndpoint."""
    made: Resources = {}
    for each in account["endpoints"]:
        interface = each["VpcEndpointType"] == "Interface"
        properties: Record = {
            **pick(each, "VpcId", "ServiceName", "VpcEndpointType"),
            "PolicyDocument": _document(each.get("PolicyDocument")),
            "Tags": tags(each.get("Tags")),
        }
        if interface:
            properties["PrivateDnsEnabled"] = each.get("PrivateDnsEnabled")
            properties["SubnetIds"] = each.get("SubnetIds")
            properties["SecurityGroupIds"] = [group["GroupId"] for group in each.get("Groups", [])]
        else:
            properties["RouteTableIds"] = each.get("RouteTableIds")
        made[each["VpcEndpointId"]] = resource("AWS::EC2::VPCEndpoint", properties)
    return made


def _document(text: str | None) -> Any:
    return json.loads(text) if text else None


RENDERERS = (
    vpcs,
    subnets,
    internet_gateways,
    nat_gateways,
    route_tables,
    groups,
    group_rules,
    endpoints,
)
