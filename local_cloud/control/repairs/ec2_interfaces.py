"""Network interfaces that the data plane reports: those of the tasks and functions it runs.

``PUT /_local/enis/{id}`` takes the fields of EC2's NetworkInterface shape that are known:
``SubnetId``, ``PrivateIpAddress``, ``Groups`` (ids, or AWS's ``[{"GroupId": ...}]``), ``Description``,
``InterfaceType`` (interface | lambda), ``RequesterId``, ``TagSet``. They show in DescribeNetworkInterfaces
and hold their groups and subnet.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import ec2
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.settings import ACCOUNT
from local_cloud.control.state import State


def report(state: State, eni_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /_local/enis/{id}: the interface is there from now on; the whole of it is replaced."""
    subnet = ec2().get_subnet(body["SubnetId"])
    address = body.get("PrivateIpAddress", "")
    groups = [_group(entry) for entry in body.get("Groups", [])]
    state.interfaces[eni_id] = {
        "NetworkInterfaceId": eni_id,
        "SubnetId": subnet.id,
        "VpcId": subnet.vpc_id,
        "AvailabilityZone": subnet.availability_zone,
        "Description": body.get("Description", ""),
        "InterfaceType": body.get("InterfaceType", "interface"),
        "RequesterId": body.get("RequesterId", ACCOUNT),
        "RequesterManaged": True,
        "OwnerId": ACCOUNT,
        "Status": "in-use",
        "SourceDestCheck": True,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
        "Ipv6Addresses": [],
        "Groups": groups,
        "TagSet": body.get("TagSet", []),
        "Attachment": {"Status": "attached", "InstanceOwnerId": "amazon-aws", "DeleteOnTermination": False},
    }
    return {}


def _group(entry: str | dict[str, str]) -> dict[str, str]:
    group_id = entry if isinstance(entry, str) else entry["GroupId"]
    group = ec2().get_security_group_from_id(group_id)
    return {"GroupId": group_id, "GroupName": group.name if group else group_id}


def forget(state: State, eni_id: str) -> dict[str, Any]:
    """DELETE /_local/enis/{id}; one that is not there is no error."""
    state.interfaces.pop(eni_id, None)
    return {}


@repairs("ec2", "DescribeNetworkInterfaces")
def describe_network_interfaces(call: Call, proceed: Proceed) -> Result:
    """moto's interfaces and the reported ones, each asked for by id or filter."""
    wanted = call.get("NetworkInterfaceIds") or []
    ours = call.state.interfaces
    theirs = [eni for eni in wanted if eni not in ours]
    result: Result = {"NetworkInterfaces": []}
    if theirs or not wanted:
        params = {**call.params, "NetworkInterfaceIds": theirs} if wanted else call.params
        result = proceed(params)
    chosen = [eni for key, eni in ours.items() if not wanted or key in wanted]
    found = [eni for eni in chosen if _matches(eni, call.get("Filters") or [])]
    result["NetworkInterfaces"] = [*result["NetworkInterfaces"], *found]
    return result


FILTERS = {
    "network-interface-id": "NetworkInterfaceId",
    "subnet-id": "SubnetId",
    "vpc-id": "VpcId",
    "description": "Description",
    "status": "Status",
    "availability-zone": "AvailabilityZone",
    "interface-type": "InterfaceType",
    "private-ip-address": "PrivateIpAddress",
    "addresses.private-ip-address": "PrivateIpAddress",
    "requester-id": "RequesterId",
}


def _matches(interface: dict[str, Any], filters: list[dict[str, Any]]) -> bool:
    return all(_matches_one(interface, entry["Name"], entry["Values"]) for entry in filters)


def _matches_one(interface: dict[str, Any], name: str, values: list[str]) -> bool:
    if name == "group-id":
        return any(group["GroupId"] in values for group in interface["Groups"])
    if name.startswith("tag:"):
        return any(tag["Key"] == name[4:] and tag["Value"] in values for tag in interface["TagSet"])
    if name not in FILTERS:
        raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return interface[FILTERS[name]] in values
