#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: elbv2_load_balancer
version_added: 1.0.0
short_description: Manage an Application Load Balancer
description:
  - Creates, corrects and deletes an Application Load Balancer, its subnets, security groups, attributes and tags.
  - Its listeners are made by M(private_rag.aws.elbv2_listener); O(listener_ports) removes those that are too many.
  - Stands on the Elastic Load Balancing API CreateLoadBalancer, SetSubnets, SetSecurityGroups, SetIpAddressType,
    ModifyLoadBalancerAttributes, DeleteListener, AddTags, DeleteLoadBalancer.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the load balancer, at most 32 characters, letters, digits and hyphens.
    type: str
    required: true
  scheme:
    description: Who can reach it. AWS cannot change it in place.
    type: str
    choices: [internal, internet-facing]
  ip_address_type:
    description: Addresses of the load balancer.
    type: str
    choices: [ipv4, dualstack, dualstack-without-public-ipv4]
  subnet_ids:
    description: Exactly these subnets, of at least two Availability Zones. Needed to create it.
    type: list
    elements: str
  security_group_ids:
    description: Exactly these security groups.
    type: list
    elements: str
  attributes:
    description:
      - Attributes by AWS's own names, for example C(idle_timeout.timeout_seconds). Only those given are managed.
      - An attribute that AWS leaves out of its answer counts as having its default.
    type: dict
  listener_ports:
    description: A listener on any other port than these is removed. Left out, other listeners are left alone.
    type: list
    elements: int
  wait:
    description: Wait until it is active, at most 10 minutes. Without it, the caller goes on while AWS is at work.
    type: bool
    default: true
  force:
    description: With O(state=absent), switch C(deletion_protection.enabled) off first, instead of refusing.
    type: bool
    default: false
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Internal load balancer of the chat page
  private_rag.aws.elbv2_load_balancer:
    name: chatbot-alb-prod
    scheme: internal
    ip_address_type: ipv4
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-08172635445362718]
    security_group_ids: [sg-0123456789abcdef0]
    attributes:
      idle_timeout.timeout_seconds: 300
      routing.http.drop_invalid_header_fields.enabled: true
    listener_ports: [80]
    deployment: chatbot-prod
"""

RETURN = r"""
load_balancer:
  description: The load balancer; empty after O(state=absent). C(attributes) holds those that are managed.
  returned: always
  type: dict
  sample:
    name: chatbot-alb-prod
    arn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/chatbot-alb-prod/50dc6c495c0c9188
    dns_name: internal-chatbot-alb-prod-1234567890.ap-northeast-1.elb.amazonaws.com
    canonical_hosted_zone_id: Z14GRHDCWA56QT
    vpc_id: vpc-0123456789abcdef0
    state: active
    scheme: internal
    ip_address_type: ipv4
    subnet_ids: [subnet-08172635445362718, subnet-0a1b2c3d4e5f60718]
    security_group_ids: [sg-0123456789abcdef0]
    attributes: {idle_timeout.timeout_seconds: "300"}
    extra_listener_ports: []
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
  sample: {extra_listener_ports: {before: [8443], after: []}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._elbv2 import (
    LOAD_BALANCER_DEFAULTS,
    attributes,
    read_tags,
    set_tags,
    wanted_attributes,
)
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, given_sets, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "scheme": {"type": "str", "choices": ["internal", "internet-facing"]},
    "ip_address_type": {"type": "str", "choices": ["ipv4", "dualstack", "dualstack-without-public-ipv4"]},
    "subnet_ids": {"type": "list", "elements": "str"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "attributes": {"type": "dict"},
    "listener_ports": {"type": "list", "elements": "int"},
    "wait": {"type": "bool", "default": True},
    "force": {"type": "bool", "default": False},
}
PROTECTION = "deletion_protection.enabled"


class LoadBalancer(Resource):
    kind = "load balancer"
    key = "load_balancer"
    immutable = frozenset({"scheme"})
    computed = {
        "arn": "load balancer arn",
        "dns_name": "load balancer dns name",
        "canonical_hosted_zone_id": "load balancer hosted zone id",
    }

    def desired(self) -> State:
        state = {
            **given(self.params, "name", "scheme", "ip_address_type"),
            **given_sets(self.params, "subnet_ids", "security_group_ids"),
            **self.tags(),
        }
        if self.params["attributes"] is not None:
            state["attributes"] = wanted_attributes(self.params["attributes"])
        if self.params["listener_ports"] is not None:
            state["extra_listener_ports"] = []
        return state

    def read(self) -> State | None:
        found = self._describe()
        if found is not None and self._must_wait(found):
            wait(self.client("elbv2"), "load_balancer_active", LoadBalancerArns=[found["LoadBalancerArn"]])
            found = self._describe()
        if found is None:
            return None
        arn = found["LoadBalancerArn"]
        return {
            "name": found["LoadBalancerName"],
            "arn": arn,
            "dns_name": found["DNSName"],
            "canonical_hosted_zone_id": found.get("CanonicalHostedZoneId", ""),
            "vpc_id": found["VpcId"],
            "state": found["State"]["Code"],
            "scheme": found["Scheme"],
            "ip_address_type": found.get("IpAddressType", "ipv4"),
            "subnet_ids": sorted(zone["SubnetId"] for zone in found["AvailabilityZones"]),
            "security_group_ids": sorted(found.get("SecurityGroups", [])),
            "attributes": self._attributes(arn, self.params["attributes"]),
            "extra_listener_ports": sorted(self._extra_listeners(arn)),
            "tags": read_tags(self.client("elbv2"), arn),
        }

    def create(self, desired: State) -> None:
        if not desired.get("subnet_ids"):
            raise ReconcileError(f"{self.label} does not exist: subnet_ids is needed to create it")
        optional = {"Scheme": "scheme", "IpAddressType": "ip_address_type", "SecurityGroups": "security_group_ids"}
        made = self.client("elbv2").create_load_balancer(
            Name=desired["name"],
            Type="application",
            Subnets=desired["subnet_ids"],
            **{argument: desired[field] for argument, field in optional.items() if field in desired},
            **({"Tags": to_pairs(desired["tags"])} if desired.get("tags") else {}),
        )
        if desired.get("attributes"):
            self._set_attributes(made["LoadBalancers"][0]["LoadBalancerArn"], desired["attributes"])

    def update(self, current: State, changes: Changes) -> None:
        elbv2, arn, wanted = self.client("elbv2"), current["arn"], wanted_values(changes)
        if "subnet_ids" in wanted:
            elbv2.set_subnets(LoadBalancerArn=arn, Subnets=wanted["subnet_ids"])
        if "ip_address_type" in wanted:
            elbv2.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=wanted["ip_address_type"])
        if "security_group_ids" in wanted:
            elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=wanted["security_group_ids"])
        if "attributes" in wanted:
            self._set_attributes(arn, wanted["attributes"])
        if "extra_listener_ports" in wanted:
            for listener in self._extra_listeners(arn).values():
                elbv2.delete_listener(ListenerArn=listener)
        if "tags" in wanted:
            set_tags(elbv2, arn, changes["tags"])

    def check_delete(self, current: State) -> None:
        if not self.params["force"] and self._is_protected(current["arn"]):
            raise ReconcileError(
                f"{self.label} is protected: its attribute {PROTECTION} is true. Set force: true to delete it."
            )

    def delete(self, current: State) -> None:
        elbv2, arn = self.client("elbv2"), current["arn"]
        if self.params["force"] and self._is_protected(arn):
            self._set_attributes(arn, {PROTECTION: "false"})
        elbv2.delete_load_balancer(LoadBalancerArn=arn)
        wait(elbv2, "load_balancers_deleted", LoadBalancerArns=[arn])

    def _is_protected(self, arn: str) -> bool:
        return self._attributes(arn, {PROTECTION: None})[PROTECTION] == "true"

    def _describe(self) -> dict[str, Any] | None:
        try:
            found = pages(self.client("elbv2"), "describe_load_balancers", "LoadBalancers", Names=[self.params["name"]])
        except is_boto3_error_code("LoadBalancerNotFound"):
            return None
        if found[0]["Type"] != "application":
            raise ReconcileError(f"{self.label} is of type {found[0]['Type']}, not application. Choose another name.")
        return found[0]

    def _must_wait(self, found: dict[str, Any]) -> bool:
        waits = self.params["wait"] and self.params["state"] == "present" and not self.module.check_mode
        return bool(waits) and found["State"]["Code"] == "provisioning"

    def _attributes(self, arn: str, options: dict[str, Any] | None) -> dict[str, str]:
        answer = self.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)
        return attributes(answer, LOAD_BALANCER_DEFAULTS, options)

    def _set_attributes(self, arn: str, wanted: dict[str, str]) -> None:
        self.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=to_pairs(wanted))

    def _extra_listeners(self, arn: str) -> dict[int, str]:
        wanted = self.params["listener_ports"]
        if wanted is None:
            return {}
        found = pages(self.client("elbv2"), "describe_listeners", "Listeners", LoadBalancerArn=arn)
        return {item["Port"]: item["ListenerArn"] for item in found if item["Port"] not in wanted}


def main() -> None:
    run(LoadBalancer, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
