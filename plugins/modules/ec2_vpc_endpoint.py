#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_vpc_endpoint
version_added: 1.0.0
short_description: Manage a VPC endpoint
description:
  - Creates, corrects and deletes an interface or gateway endpoint with its subnets, security groups, route tables,
    private DNS, policy and tags, and waits until it is available.
  - The endpoint is the one of O(service_name) in O(vpc_id) that bears the tag of O(deployment). One that bears no
    such tag is left to its owner, and a second one is made, unless it has the same O(name) or one of
    O(security_group_ids) (refused), or O(adopt) is true and it is the only one.
  - Stands on the EC2 API CreateVpcEndpoint, ModifyVpcEndpoint, DeleteVpcEndpoints, DescribeVpcEndpoints.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: The C(Name) tag. Without O(deployment) it tells several endpoints of one service apart.
    type: str
  vpc_id:
    description: Id of the VPC. AWS cannot change it.
    type: str
    required: true
  service_name:
    description: The service, short as V(execute-api) or in full as V(com.amazonaws.ap-northeast-1.execute-api).
    type: str
    required: true
  type:
    description: Kind of endpoint. AWS cannot change it.
    type: str
    choices: [interface, gateway]
    default: interface
  subnet_ids:
    description: Subnets of an interface endpoint, at most one in each Availability Zone.
    type: list
    elements: str
  security_group_ids:
    description: Security groups of an interface endpoint. Left out at creation, AWS takes the VPC's default group.
    type: list
    elements: str
  route_table_ids:
    description: Route tables that lead to a gateway endpoint.
    type: list
    elements: str
  private_dns:
    description:
      - Whether the service's public name resolves to an interface endpoint inside the VPC. Left out at creation, AWS
        takes V(true). Only one endpoint of a service may have it in a VPC, and the VPC's DNS must be on.
    type: bool
  policy:
    description: The endpoint policy. An empty dict puts back AWS's default, which allows everything.
    type: dict
  ip_address_type:
    description: Addresses of an interface endpoint.
    type: str
    choices: [ipv4, dualstack, ipv6]
  wait:
    description: Wait until the endpoint is available, or gone; at most 10 minutes.
    type: bool
    default: true
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Endpoint through which the private API is called
  private_rag.aws.ec2_vpc_endpoint:
    name: api-gateway-vpce-prod
    vpc_id: vpc-0123456789abcdef0
    service_name: execute-api
    subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    security_group_ids: [sg-0123456789abcdef0]
    private_dns: false
    deployment: chatbot-prod
"""

RETURN = r"""
vpc_endpoint:
  description: The endpoint; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    id: vpce-0123456789abcdef0
    name: api-gateway-vpce-prod
    vpc_id: vpc-0123456789abcdef0
    service_name: com.amazonaws.ap-northeast-1.execute-api
    type: interface
    state: available
    dns_names: [vpce-0123456789abcdef0-abcdefgh.execute-api.ap-northeast-1.vpce.amazonaws.com]
    network_interface_ids: [eni-0123456789abcdef0, eni-0123456789abcdef1]
    subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    security_group_ids: [sg-0123456789abcdef0]
    route_table_ids: []
    private_dns: false
    ip_address_type: ipv4
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {private_dns: {before: true, after: false}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy, compact, policy_json
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, from_pairs, tag_changes, to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

# https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#default-endpoint-policy
DEFAULT_POLICY = {
    "Version": "2008-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
INTERFACE_ONLY = ("subnet_ids", "security_group_ids", "private_dns", "ip_address_type")
# Field -> the word in ModifyVpcEndpoint's Add...Ids and Remove...Ids.
SETS = {"subnet_ids": "Subnet", "security_group_ids": "SecurityGroup", "route_table_ids": "RouteTable"}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
GONE = ("deleting", "deleted", "failed", "rejected", "expired")

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str"},
    "vpc_id": {"type": "str", "required": True},
    "service_name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["interface", "gateway"], "default": "interface"},
    **{field: {"type": "list", "elements": "str"} for field in SETS},
    "private_dns": {"type": "bool"},
    "policy": {"type": "dict"},
    "ip_address_type": {"type": "str", "choices": ["ipv4", "dualstack", "ipv6"]},
    "wait": {"type": "bool", "default": True},
}


class VpcEndpoint(Resource):
    kind = "VPC endpoint"
    key = "vpc_endpoint"
    identity = ("vpc_id", "service_name")
    immutable = frozenset({"type"})
    computed = {
        "id": "vpc endpoint id",
        "dns_names": ["vpc endpoint dns name"],
        "network_interface_ids": ["vpc endpoint network interface id"],
    }

    @property
    def label(self) -> str:
        return f"{self.kind} {self.params['name'] or self.params['service_name']}"

    def desired(self) -> State:
        params = self.params
        wrong = INTERFACE_ONLY if params["type"] == "gateway" else ("route_table_ids",)
        given = [option for option in wrong if params[option] is not None]
        if given:
            raise ReconcileError(f"{self.label}: {', '.join(given)} does not go with type {params['type']}")
        policy = params["policy"]
        tags = self.tags()
        name = params["name"] or tags.get("tags", {}).get("Name")
        return compact(
            {
                "name": name,
                "vpc_id": params["vpc_id"],
                "service_name": self._service(),
                "type": params["type"],
                **{field: None if params[field] is None else sorted(set(params[field])) for field in SETS},
                "private_dns": params["private_dns"],
                "ip_address_type": params["ip_address_type"],
                "policy": None if policy is None else canonical_policy(policy or DEFAULT_POLICY),
                **{field: {key: value[key] for key in value if key != "Name"} for field, value in tags.items()},
            }
        )

    def read(self) -> State | None:
        chosen = self._choose(self._endpoints())
        if chosen is None:
            return None
        waits = self.params["wait"] and self.params["state"] == "present" and not self.module.check_mode
        if waits and chosen["State"].lower() == "pending":
            ec2 = self.client("ec2")
            wait(ec2, "vpc_endpoint_available", VpcEndpointIds=[chosen["VpcEndpointId"]])
            chosen = ec2.describe_vpc_endpoints(VpcEndpointIds=[chosen["VpcEndpointId"]])["VpcEndpoints"][0]
        return state_of(chosen)

    def create(self, desired: State) -> None:
        tags = {**desired.get("tags", {}), **({"Name": desired["name"]} if "name" in desired else {})}
        optional = {
            "SubnetIds": desired.get("subnet_ids"),
            "SecurityGroupIds": desired.get("security_group_ids"),
            "RouteTableIds": desired.get("route_table_ids"),
            "PrivateDnsEnabled": desired.get("private_dns"),
            "IpAddressType": desired.get("ip_address_type"),
            "PolicyDocument": policy_json(self.params["policy"]) if self.params["policy"] else None,
            "TagSpecifications": [{"ResourceType": "vpc-endpoint", "Tags": to_pairs(tags)}] if tags else None,
        }
        self.client("ec2").create_vpc_endpoint(
            VpcId=desired["vpc_id"],
            ServiceName=desired["service_name"],
            VpcEndpointType=desired["type"].capitalize(),
            **compact(optional),
        )

    def update(self, current: State, changes: Changes) -> None:
        ec2, endpoint = self.client("ec2"), current["id"]
        request = self._modification(changes)
        if request:
            ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, **request)
        to_set, to_remove = tag_changes(*changes.get("tags", ({}, {})))
        if "name" in changes:
            to_set["Name"] = changes["name"][1]
        if to_set:
            ec2.create_tags(Resources=[endpoint], Tags=to_pairs(to_set))
        if to_remove:
            ec2.delete_tags(Resources=[endpoint], Tags=[{"Key": key} for key in to_remove])

    def delete(self, current: State) -> None:
        ec2, endpoint = self.client("ec2"), current["id"]
        # DeleteVpcEndpoints answers 200 and lists what it refused.
        refused = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint]).get("Unsuccessful", [])
        if refused:
            raise ReconcileError(f"{self.label} was not deleted: {refused[0].get('Error', {}).get('Message')}")
        if self.params["wait"]:
            wait(ec2, "vpc_endpoint_deleted", Filters=[{"Name": "vpc-endpoint-id", "Values": [endpoint]}])

    def _service(self) -> str:
        name: str = self.params["service_name"]
        in_full = name.startswith(("com.", "aws.", "cn."))
        return name if in_full else f"com.amazonaws.{self.client('ec2').meta.region_name}.{name}"

    def _endpoints(self) -> list[dict[str, Any]]:
        filters = {"vpc-id": self.params["vpc_id"], "service-name": self._service()}
        endpoints = pages(
            self.client("ec2"),
            "describe_vpc_endpoints",
            "VpcEndpoints",
            Filters=[{"Name": name, "Values": [value]} for name, value in filters.items()],
        )
        return [endpoint for endpoint in endpoints if endpoint["State"].lower() not in GONE]

    def _choose(self, endpoints: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Ours by its tag; else a namesake, or one with a group of ours; else the one that is to be adopted.

        The loop refuses what does not bear our tag, or adopts it.
        """
        deployment, name = self.params["deployment"], self.params["name"]
        tags = {endpoint["VpcEndpointId"]: from_pairs(endpoint.get("Tags")) for endpoint in endpoints}

        def having(key: str, value: str | None) -> list[dict[str, Any]]:
            return [endpoint for endpoint in endpoints if tags[endpoint["VpcEndpointId"]].get(key) == value]

        ours = having(OWNER_TAG, deployment) if deployment else []
        found = ours or (having("Name", name) if name else [])
        found = found or (self._with_our_groups(having(OWNER_TAG, None)) if deployment else [])
        if not found and (self.params["adopt"] or not (deployment or name)):
            found = having(OWNER_TAG, None)
        # To be taken away, and none of ours: the first stands for all, which the loop leaves to their owners.
        others_only = self.params["state"] == "absent" and deployment and not ours
        if len(found) > 1 and not others_only:
            ids = ", ".join(sorted(endpoint["VpcEndpointId"] for endpoint in found))
            raise ReconcileError(f"{self.label}: several endpoints could be meant, {ids}. Delete or tag all but one.")
        return found[0] if found else None

    def _with_our_groups(self, endpoints: list[dict[str, Any]]) -> list[dict[str, Any]]:
        ours = set(self.params["security_group_ids"] or [])
        return [each for each in endpoints if ours & {group["GroupId"] for group in each.get("Groups", [])}]

    def _modification(self, changes: Changes) -> dict[str, Any]:
        request: dict[str, Any] = {}
        for field, word in SETS.items():
            now, wanted = (set(side or []) for side in changes.get(field, ([], [])))
            request[f"Add{word}Ids"] = sorted(wanted - now) or None
            request[f"Remove{word}Ids"] = sorted(now - wanted) or None
        request["PrivateDnsEnabled"] = changes.get("private_dns", (None, None))[1]
        request["IpAddressType"] = changes.get("ip_address_type", (None, None))[1]
        if "policy" in changes:
            policy = self.params["policy"]
            request.update({"PolicyDocument": policy_json(policy)} if policy else {"ResetPolicy": True})
        result: dict[str, Any] = compact(request)
        return result


def state_of(endpoint: dict[str, Any]) -> State:
    """An endpoint of DescribeVpcEndpoints as a state."""
    tags = from_pairs(endpoint.get("Tags"))
    return {
        "id": endpoint["VpcEndpointId"],
        "name": tags.get("Name", ""),
        "vpc_id": endpoint["VpcId"],
        "service_name": endpoint["ServiceName"],
        "type": endpoint["VpcEndpointType"].lower(),
        "state": endpoint["State"].lower(),
        "subnet_ids": sorted(endpoint.get("SubnetIds", [])),
        "security_group_ids": sorted(group["GroupId"] for group in endpoint.get("Groups", [])),
        "route_table_ids": sorted(endpoint.get("RouteTableIds", [])),
        "private_dns": endpoint.get("PrivateDnsEnabled", False),
        "ip_address_type": endpoint.get("IpAddressType", "ipv4"),
        "policy": canonical_policy(endpoint.get("PolicyDocument")),
        "network_interface_ids": sorted(endpoint.get("NetworkInterfaceIds", [])),
        "dns_names": [entry["DnsName"] for entry in endpoint.get("DnsEntries", []) if "DnsName" in entry],
        "tags": {key: value for key, value in tags.items() if key != "Name"},
    }


def main() -> None:
    run(VpcEndpoint, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
