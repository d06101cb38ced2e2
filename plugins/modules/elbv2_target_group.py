#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: elbv2_target_group
version_added: 1.0.0
short_description: Manage a target group of an Application Load Balancer
description:
  - Creates, corrects and deletes a target group, its health check, its attributes and its tags.
  - Stands on the Elastic Load Balancing API CreateTargetGroup, ModifyTargetGroup, ModifyTargetGroupAttributes, AddTags,
    DeleteTargetGroup.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the target group, at most 32 characters, letters, digits and hyphens.
    type: str
    required: true
  protocol:
    description: Protocol towards the targets. AWS cannot change it in place.
    type: str
    choices: [HTTP, HTTPS]
  port:
    description: Port of the targets, 1 to 65535. AWS cannot change it in place.
    type: int
  target_type:
    description: What a target is; Fargate tasks are V(ip). AWS cannot change it in place.
    type: str
    choices: [instance, ip, lambda, alb]
  vpc_id:
    description: VPC of the targets. AWS cannot change it in place.
    type: str
  protocol_version:
    description: HTTP version towards the targets. AWS cannot change it in place.
    type: str
    choices: [HTTP1, HTTP2, GRPC]
  health_check:
    description: How targets are checked. Only the keys given are managed.
    type: dict
    suboptions:
      path:
        description: Path that is asked for.
        type: str
      protocol:
        description: Protocol of the check.
        type: str
        choices: [HTTP, HTTPS]
      port:
        description: Port of the check, or V(traffic-port).
        type: str
      interval:
        description: Seconds between two checks, 5 to 300.
        type: int
      timeout:
        description: Seconds until a check without an answer has failed, 2 to 120.
        type: int
      healthy_threshold:
        description: Passed checks in a row until a target is healthy, 2 to 10.
        type: int
      unhealthy_threshold:
        description: Failed checks in a row until a target is unhealthy, 2 to 10.
        type: int
      matcher:
        description: HTTP codes of a passed check, for example V(200) or V(200-299).
        type: str
  attributes:
    description:
      - Attributes by AWS's own names, for example C(stickiness.enabled). Only those given are managed.
      - An attribute that AWS leaves out of its answer counts as having its default.
    type: dict
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Target group of the chat page's tasks; Streamlit keeps a session in one task, so clients stick to theirs
  private_rag.aws.elbv2_target_group:
    name: chatbot-tg-prod
    protocol: HTTP
    port: 8080
    target_type: ip
    vpc_id: vpc-0123456789abcdef0
    health_check:
      path: /_stcore/health
      interval: 30
      timeout: 5
      healthy_threshold: 2
      unhealthy_threshold: 2
    attributes:
      stickiness.enabled: true
      stickiness.type: lb_cookie
    deployment: chatbot-prod
"""

RETURN = r"""
target_group:
  description: The target group; empty after O(state=absent). C(attributes) holds those that are managed.
  returned: always
  type: dict
  sample:
    name: chatbot-tg-prod
    arn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/chatbot-tg-prod/6d0ecf831eec9f09
    protocol: HTTP
    port: 8080
    target_type: ip
    vpc_id: vpc-0123456789abcdef0
    health_check.path: /_stcore/health
    attributes: {stickiness.enabled: "true"}
    load_balancer_arns: []
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
  sample: {health_check.interval: {before: 30, after: 15}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._elbv2 import (
    TARGET_GROUP_DEFAULTS,
    attributes,
    read_tags,
    set_tags,
    wanted_attributes,
)
from ansible_collections.private_rag.aws.plugins.module_utils._fields import below, flat, given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State
from ansible_collections.private_rag.aws.plugins.module_utils._tags import to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "port": {"type": "int"},
    "target_type": {"type": "str", "choices": ["instance", "ip", "lambda", "alb"]},
    "vpc_id": {"type": "str"},
    "protocol_version": {"type": "str", "choices": ["HTTP1", "HTTP2", "GRPC"]},
    "health_check": {
        "type": "dict",
        "options": {
            "path": {"type": "str"},
            "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
            "port": {"type": "str"},
            "interval": {"type": "int"},
            "timeout": {"type": "int"},
            "healthy_threshold": {"type": "int"},
            "unhealthy_threshold": {"type": "int"},
            "matcher": {"type": "str"},
        },
    },
    "attributes": {"type": "dict"},
}

# Field -> the argument of CreateTargetGroup, and the key of DescribeTargetGroups.
FIXED = {
    "protocol": "Protocol",
    "port": "Port",
    "target_type": "TargetType",
    "vpc_id": "VpcId",
    "protocol_version": "ProtocolVersion",
}
HEALTH_CHECK = {
    "path": "HealthCheckPath",
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy_threshold": "HealthyThresholdCount",
    "unhealthy_threshold": "UnhealthyThresholdCount",
}


class TargetGroup(Resource):
    kind = "target group"
    key = "target_group"
    immutable = frozenset(FIXED)
    computed = {"arn": "target group arn"}

    def desired(self) -> State:
        state = {
            **given(self.params, "name", *FIXED),
            **flat("health_check", self.params["health_check"]),
            **self.tags(),
        }
        if self.params["attributes"] is not None:
            state["attributes"] = wanted_attributes(self.params["attributes"])
        return state

    def read(self) -> State | None:
        elbv2 = self.client("elbv2")
        try:
            found = pages(elbv2, "describe_target_groups", "TargetGroups", Names=[self.params["name"]])[0]
        except is_boto3_error_code("TargetGroupNotFound"):
            return None
        arn = found["TargetGroupArn"]
        answer = elbv2.describe_target_group_attributes(TargetGroupArn=arn)
        return {
            "name": found["TargetGroupName"],
            "arn": arn,
            **{field: found.get(key) for field, key in FIXED.items()},
            **{f"health_check.{field}": found.get(key) for field, key in HEALTH_CHECK.items()},
            "health_check.matcher": found.get("Matcher", {}).get("HttpCode"),
            "attributes": attributes(answer, TARGET_GROUP_DEFAULTS, self.params["attributes"]),
            "load_balancer_arns": found.get("LoadBalancerArns", []),
            "tags": read_tags(elbv2, arn),
        }

    def create(self, desired: State) -> None:
        made = self.client("elbv2").create_target_group(
            Name=desired["name"],
            **{key: desired[field] for field, key in FIXED.items() if field in desired},
            **health_check_request(below("health_check", desired)),
            **({"Tags": to_pairs(desired["tags"])} if desired.get("tags") else {}),
        )
        if desired.get("attributes"):
            self._set_attributes(made["TargetGroups"][0]["TargetGroupArn"], desired["attributes"])

    def update(self, current: State, changes: Changes) -> None:
        elbv2, arn, wanted = self.client("elbv2"), current["arn"], wanted_values(changes)
        health_check = health_check_request(below("health_check", wanted))
        if health_check:
            elbv2.modify_target_group(TargetGroupArn=arn, **health_check)
        if "attributes" in wanted:
            self._set_attributes(arn, wanted["attributes"])
        if "tags" in wanted:
            set_tags(elbv2, arn, changes["tags"])

    def delete(self, current: State) -> None:
        elbv2, arn = self.client("elbv2"), current["arn"]
        try:
            elbv2.delete_target_group(TargetGroupArn=arn)
        except is_boto3_error_code("ResourceInUse"):
            # A load balancer that has just been deleted still holds it for a moment.
            wait(elbv2, "target_group_unused", TargetGroupArns=[arn])
            elbv2.delete_target_group(TargetGroupArn=arn)

    def _set_attributes(self, arn: str, wanted: dict[str, str]) -> None:
        self.client("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=to_pairs(wanted))


def health_check_request(fields: State) -> State:
    """Fields of the health check as CreateTargetGroup and ModifyTargetGroup take them."""
    request = {key: fields[field] for field, key in HEALTH_CHECK.items() if field in fields}
    return {**request, **({"Matcher": {"HttpCode": fields["matcher"]}} if "matcher" in fields else {})}


def main() -> None:
    run(TargetGroup, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
