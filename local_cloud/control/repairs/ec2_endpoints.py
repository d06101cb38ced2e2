"""VPC endpoints: DNS names as AWS forms them, interfaces in the right subnets, changes of everything.

Names: AWS PrivateLink guide, 'DNS hostnames': one regional and one zonal name per endpoint, and the
service's own name where private DNS is on. moto forms them wrongly and ignores private DNS on modify.
"""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs

# The hosted zone of interface endpoints in Tokyo (AWS General Reference, PrivateLink endpoints).
VPCE_ZONE = "Z2E726K9Y6RL4W"
KEPT = ("IpAddressType", "DnsOptions")


@repairs("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(call: Call, proceed: Proceed) -> Result:
    """Create it, then give its interfaces and names the form AWS gives them."""
    created = proceed()["VpcEndpoint"]
    endpoint = ec2(call.region).vpc_end_points[created["VpcEndpointId"]]
    extra = call.state.extra(endpoint.id)
    extra.update({key: call.params[key] for key in KEPT if key in call.params})
    extra.setdefault("IpAddressType", "ipv4")
    endpoint.vpc_endpoint_type = call.get("VpcEndpointType") or "Gateway"
    endpoint.private_dns_enabled = _private_dns(call)
    if endpoint.vpc_endpoint_type == "Interface":
        _default_group(call, endpoint)
        _rebuild_interfaces(call, endpoint)
    return {"VpcEndpoint": _describe(call, {**created, **_describe_again(endpoint)})}


def _private_dns(call: Call) -> bool:
    if call.get("VpcEndpointType") != "Interface":
        return False
    wanted = call.get("PrivateDnsEnabled")
    # CreateVpcEndpoint, PrivateDnsEnabled: 'Default: true'.
    return True if wanted is None else bool(wanted)


def _default_group(call: Call, endpoint: Any) -> None:
    if not endpoint.security_group_ids:
        groups = ec2(call.region).describe_security_groups(filters={"vpc-id": [endpoint.vpc_id]})
        endpoint.security_group_ids = [group.id for group in groups if group.name == "default"]


def _rebuild_interfaces(call: Call, endpoint: Any) -> None:
    """One interface per subnet with an address of that subnet and the endpoint's groups."""
    backend = ec2(call.region)
    by_subnet = {}
    for eni_id in endpoint.network_interface_ids:
        eni = backend.enis.get(eni_id)
        if eni is not None and eni.interface_type == "vpc_endpoint" and eni.subnet.id in endpoint.subnet_ids:
            by_subnet[eni.subnet.id] = eni_id
        else:
            backend.enis.pop(eni_id, None)
    for subnet_id in endpoint.subnet_ids or []:
        if subnet_id not in by_subnet:
            by_subnet[subnet_id] = _new_interface(call, endpoint, subnet_id)
    endpoint.network_interface_ids = [by_subnet[subnet] for subnet in endpoint.subnet_ids or []]
    for eni_id in endpoint.network_interface_ids:
        backend.enis[eni_id]._group_set = [
            backend.get_security_group_from_id(group) for group in endpoint.security_group_ids
        ]


def _new_interface(call: Call, endpoint: Any, subnet_id: str) -> str:
    subnet = ec2(call.region).get_subnet(subnet_id)
    eni = ec2(call.region).create_network_interface(
        subnet,
        subnet.get_available_subnet_ip(endpoint),
        group_ids=endpoint.security_group_ids,
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    eni.interface_type, eni.requester_managed, eni.status = "vpc_endpoint", True, "in-use"
    return str(eni.id)


def _describe_again(endpoint: Any) -> Result:
    return {
        "VpcEndpointType": endpoint.vpc_endpoint_type,
        "PrivateDnsEnabled": endpoint.private_dns_enabled,
        "NetworkInterfaceIds": endpoint.network_interface_ids,
        "SubnetIds": endpoint.subnet_ids or [],
        "Groups": endpoint.groups,
    }


def _describe(call: Call, shown: Result) -> Result:
    endpoint = ec2(call.region).vpc_end_points[shown["VpcEndpointId"]]
    shown.update(call.state.kept.get(endpoint.id, {}))
    shown["State"] = "available"
    shown["DnsEntries"] = dns_entries(call, endpoint) if endpoint.vpc_endpoint_type == "Interface" else []
    return shown


def dns_entries(call: Call, endpoint: Any) -> list[dict[str, str]]:
    """The names an interface endpoint answers to, the regional one first."""
    region = call.region
    service = endpoint.service_name.removeprefix(f"com.amazonaws.{region}.")
    # ecr.api is reached as api.ecr.<region>: the labels of the service stand in reverse order.
    label = ".".join(reversed(service.split(".")))
    suffix = f"{label}.{region}.vpce.amazonaws.com"
    unique = f"{endpoint.id}-{endpoint.id[-8:]}"
    subnets = [ec2(region).get_subnet(subnet) for subnet in endpoint.subnet_ids or []]
    names = [f"{unique}.{suffix}", *(f"{unique}-{subnet.availability_zone}.{suffix}" for subnet in subnets)]
    entries = [{"DnsName": name, "HostedZoneId": VPCE_ZONE} for name in names]
    if endpoint.private_dns_enabled:
        zone = f"Z0{endpoint.id[-12:].upper()}"
        own = [f"{label}.{region}.amazonaws.com"]
        if service in ("execute-api", "ecr.dkr", "s3"):
            own = [f"*.{own[0]}"] if service == "ecr.dkr" else [own[0], f"*.{own[0]}"]
        entries += [{"DnsName": name, "HostedZoneId": zone} for name in own]
    return entries


@repairs("ec2", "DescribeVpcEndpoints")
def describe_vpc_endpoints(call: Call, proceed: Proceed) -> Result:
    """Complete descriptions, also by the filter vpc-endpoint-id; an id that is not there is AWS's error, in XML."""
    for endpoint_id in call.get("VpcEndpointIds") or []:
        require(call, endpoint_id)
    filters = call.get("Filters") or []
    by_id = [set(it["Values"]) for it in filters if it["Name"] == "vpc-endpoint-id"]
    others = [it for it in filters if it["Name"] != "vpc-endpoint-id"]
    result = proceed({**call.params, "Filters": others}) if by_id else proceed()
    result["VpcEndpoints"] = [
        shown for shown in result["VpcEndpoints"] if all(shown["VpcEndpointId"] in ids for ids in by_id)
    ]
    for shown in result["VpcEndpoints"]:
        _describe(call, shown)
    return result


def require(call: Call, endpoint_id: str) -> Any:
    """moto's endpoint of that id, or AWS's error."""
    endpoint = ec2(call.region).vpc_end_points.get(endpoint_id)
    if endpoint is None:
        message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
        raise AwsError("InvalidVpcEndpointId.NotFound", message)
    return endpoint


@repairs("ec2", "ModifyVpcEndpoint")
def modify_vpc_endpoint(call: Call, proceed: Proceed) -> Result:
    """Everything that ModifyVpcEndpoint takes, private DNS, subnets' interfaces and routes included."""
    endpoint = require(call, call.params["VpcEndpointId"])
    result = proceed()
    if call.get("ResetPolicy"):
        endpoint.policy_document = _default_policy(endpoint)
    if call.get("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = bool(call.params["PrivateDnsEnabled"])
    extra = call.state.extra(endpoint.id)
    extra.update({key: call.params[key] for key in KEPT if key in call.params})
    if endpoint.vpc_endpoint_type == "Interface":
        _rebuild_interfaces(call, endpoint)
    else:
        _route(call, endpoint)
    return result


def _default_policy(endpoint: Any) -> str:
    return json.dumps(endpoint.DEFAULT_POLICY)


def _route(call: Call, endpoint: Any) -> None:
    """A gateway endpoint's prefix list is routed in exactly its route tables."""
    prefix_list = endpoint.destination_prefix_list_id
    if not prefix_list:
        return
    backend = ec2(call.region)
    for table_id in call.get("AddRouteTableIds") or []:
        backend.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
    for table_id in call.get("RemoveRouteTableIds") or []:
        backend.delete_route(table_id, None, destination_prefix_list_id=prefix_list)


@repairs("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call: Call, proceed: Proceed) -> Result:
    """Gone at once; ids that are not there are reported as AWS does, in ``Unsuccessful``."""
    backend = ec2(call.region)
    known = [each for each in call.params["VpcEndpointIds"] if each in backend.vpc_end_points]
    if known:
        proceed({**call.params, "VpcEndpointIds": known})
    for endpoint_id in known:
        del backend.vpc_end_points[endpoint_id]
        call.state.kept.pop(endpoint_id, None)
    unknown = [each for each in call.params["VpcEndpointIds"] if each not in known]
    return {"Unsuccessful": [_unsuccessful(each) for each in unknown]}


def _unsuccessful(endpoint_id: str) -> dict[str, Any]:
    message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
    return {
        "ResourceId": endpoint_id,
        "Error": {"Code": "InvalidVpcEndpointId.NotFound", "Message": message},
    }
