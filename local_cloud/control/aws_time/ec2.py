"""VPC endpoints are ``pending`` first, NAT gateways too, and neither is gone at once."""

from __future__ import annotations

from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.backends import ec2
from local_cloud.control.calls import Call, Params, Proceed, Result

Record = dict[str, Any]


def _kind(call: Call, shown: Record) -> str:
    return "gateway" if shown.get("VpcEndpointType") == "Gateway" else "interface"


@surrounds("ec2", "CreateVpcEndpoint")
def create_endpoint(call: Call, proceed: Proceed) -> Result:
    """``pending``, then ``available`` (State in the API reference of VpcEndpoint)."""
    result = proceed()
    shown = result["VpcEndpoint"]
    call.state.clock.start(shown["VpcEndpointId"], f"vpc_endpoint.{_kind(call, shown)}.create")
    result["VpcEndpoint"] = _endpoint(call, shown)
    return result


@surrounds("ec2", "ModifyVpcEndpoint")
def modify_endpoint(call: Call, proceed: Proceed) -> Result:
    """An interface endpoint whose subnets, groups or names change is ``pending`` again."""
    result = proceed()
    placed = ("AddSubnetIds", "RemoveSubnetIds", "PrivateDnsEnabled", "IpAddressType")
    if any(call.get(name) is not None for name in placed):
        call.state.clock.start(call.params["VpcEndpointId"], "vpc_endpoint.interface.update")
    return result


@surrounds("ec2", "DescribeVpcEndpoints")
def describe_endpoints(call: Call, proceed: Proceed) -> Result:
    """With the states of this moment, which the filter ``vpc-endpoint-state`` sees as well."""
    wanted, others = _without(call.params, "vpc-endpoint-state")
    result = proceed(others) if wanted else proceed()
    shown = [_endpoint(call, each) for each in result["VpcEndpoints"]]
    result["VpcEndpoints"] = [each for each in shown if not wanted or each["State"] in wanted]
    return result


@surrounds("ec2", "DeleteVpcEndpoints")
def delete_endpoints(call: Call, proceed: Proceed) -> Result:
    """``deleting``, with its interfaces and groups in use, then gone. Unknown ids are told at once."""
    clock = call.state.clock
    known = _known(call)
    for endpoint_id, kind in known.items():
        row = f"vpc_endpoint.{kind}.delete"
        clock.start(f"{endpoint_id}:deleting", row)
        clock.later(row, lambda gone=endpoint_id: proceed({**call.params, "VpcEndpointIds": [gone]}))
    unknown = [each for each in call.params["VpcEndpointIds"] if each not in known]
    return proceed({**call.params, "VpcEndpointIds": unknown}) if unknown else {"Unsuccessful": []}


def _known(call: Call) -> dict[str, str]:
    found = ec2(call.region).vpc_end_points
    ids = [each for each in call.params["VpcEndpointIds"] if each in found]
    return {each: "gateway" if found[each].vpc_endpoint_type == "Gateway" else "interface" for each in ids}


def _endpoint(call: Call, shown: Record) -> Record:
    clock = call.state.clock
    if clock.busy(f"{shown['VpcEndpointId']}:deleting"):
        return {**shown, "State": "deleting"}
    return {**shown, "State": "pending"} if clock.busy(shown["VpcEndpointId"]) else shown


def _without(params: Params, name: str) -> tuple[set[str], Params]:
    """The values that a filter asks for, and the parameters without that filter."""
    filters = params.get("Filters") or []
    wanted = {value for each in filters if each["Name"] == name for value in each["Values"]}
    return wanted, {**params, "Filters": [each for each in filters if each["Name"] != name]}


@surrounds("ec2", "CreateNatGateway")
def create_nat(call: Call, proceed: Proceed) -> Result:
    """``pending``, then ``available``."""
    result = proceed()
    call.state.clock.start(result["NatGateway"]["NatGatewayId"], "nat_gateway.create")
    result["NatGateway"] = _nat(call, result["NatGateway"])
    return result


@surrounds("ec2", "DescribeNatGateways")
def describe_nats(call: Call, proceed: Proceed) -> Result:
    """With the states of this moment."""
    wanted = {value for each in call.get("Filter") or [] if each["Name"] == "state" for value in each["Values"]}
    others = [each for each in call.get("Filter") or [] if each["Name"] != "state"]
    result = proceed({**call.params, "Filter": others}) if wanted else proceed()
    shown = [_nat(call, each) for each in result["NatGateways"]]
    result["NatGateways"] = [each for each in shown if not wanted or each["State"] in wanted]
    return result


@surrounds("ec2", "DeleteNatGateway")
def delete_nat(call: Call, proceed: Proceed) -> Result:
    """``deleting``, with its address and interface in use, then gone."""
    clock, nat = call.state.clock, call.params["NatGatewayId"]
    clock.start(f"{nat}:deleting", "nat_gateway.delete")
    clock.later("nat_gateway.delete", proceed)
    return {"NatGatewayId": nat}


def _nat(call: Call, shown: Record) -> Record:
    clock = call.state.clock
    if clock.busy(f"{shown['NatGatewayId']}:deleting"):
        return {**shown, "State": "deleting"}
    return {**shown, "State": "pending"} if clock.busy(shown["NatGatewayId"]) else shown
