#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: elbv2_listener
version_added: 1.0.0
short_description: Manage a listener of an Application Load Balancer
description:
  - Creates, corrects and deletes the listener on one port of a load balancer, with one default action.
  - Rules that were added to the listener by hand are reported in RV(listener.rules) and otherwise left alone.
  - Stands on the Elastic Load Balancing API CreateListener, ModifyListener, DescribeRules, AddTags, DeleteListener.
author:
  - private_rag.aws contributors (@private-rag)
options:
  load_balancer_arn:
    description: ARN of the load balancer.
    type: str
    required: true
  port:
    description: Port of the listener, 1 to 65535.
    type: int
    required: true
  protocol:
    description: Protocol of the listener. V(HTTPS) needs O(certificate_arn).
    type: str
    choices: [HTTP, HTTPS]
  certificate_arn:
    description: ARN of the listener's default certificate (ACM). An empty string says that there is none.
    type: str
  ssl_policy:
    description: TLS policy of an HTTPS listener, for example V(ELBSecurityPolicy-TLS13-1-2-2021-06).
    type: str
  default_action:
    description: What happens to a request.
    type: dict
    suboptions:
      type:
        description: Forward to a target group, or redirect.
        type: str
        choices: [forward, redirect]
        required: true
      target_group_arn:
        description: Target group of V(forward).
        type: str
      protocol:
        description: Protocol to V(redirect) to.
        type: str
        choices: [HTTP, HTTPS, "#{protocol}"]
        default: HTTPS
      port:
        description: Port to V(redirect) to.
        type: str
        default: "443"
      status_code:
        description: Status of the V(redirect), permanent or temporary.
        type: str
        choices: [HTTP_301, HTTP_302]
        default: HTTP_301
  only_default_action:
    description: Whether rules, which come before the default action, are removed.
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
- name: Listener on port 80 that forwards to the chat page
  private_rag.aws.elbv2_listener:
    load_balancer_arn: "{{ alb.load_balancer.arn }}"
    port: 80
    protocol: HTTP
    default_action:
      type: forward
      target_group_arn: "{{ target_group.target_group.arn }}"
    deployment: chatbot-prod

- name: Listener on port 80 that sends browsers to HTTPS
  private_rag.aws.elbv2_listener:
    load_balancer_arn: "{{ alb.load_balancer.arn }}"
    port: 80
    protocol: HTTP
    default_action:
      type: redirect
    deployment: chatbot-prod
"""

RETURN = r"""
listener:
  description: The listener; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    arn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/chatbot-alb-prod/50dc6c495c0c9188/f2f7
    load_balancer_arn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/chatbot-alb-prod/50dc
    port: 80
    protocol: HTTP
    certificate_arn: ""
    ssl_policy: ""
    default_action:
      type: forward
      target_group_arn: arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/chatbot-tg-prod/6d0ecf83
    rules: 0
    tags: {"private-rag:deployment": chatbot-prod}
  contains:
    rules:
      description: How many rules it has beside the default action.
      returned: when it exists
      type: int
      sample: 0
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {protocol: {before: HTTP, after: HTTPS}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._elbv2 import (
    action_of,
    action_request,
    read_tags,
    set_tags,
)
from ansible_collections.private_rag.aws.plugins.module_utils._fields import given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "load_balancer_arn": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS"]},
    "certificate_arn": {"type": "str"},
    "ssl_policy": {"type": "str"},
    "default_action": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["forward", "redirect"], "required": True},
            "target_group_arn": {"type": "str"},
            "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "#{protocol}"], "default": "HTTPS"},
            "port": {"type": "str", "default": "443"},
            "status_code": {"type": "str", "choices": ["HTTP_301", "HTTP_302"], "default": "HTTP_301"},
        },
        "required_if": [("type", "forward", ["target_group_arn"])],
    },
    "only_default_action": {"type": "bool", "default": False},
}


class Listener(Resource):
    kind = "listener"
    key = "listener"
    identity = ("load_balancer_arn", "port")
    computed = {"arn": "listener arn"}

    @property
    def label(self) -> str:
        # arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID
        name = self.params["load_balancer_arn"].partition(":loadbalancer/app/")[2].partition("/")[0]
        return f"listener {name or unknown('load balancer')}:{self.params['port']}"

    def desired(self) -> State:
        state = {
            **given(self.params, "load_balancer_arn", "port", "protocol", "certificate_arn", "ssl_policy"),
            **self.tags(),
        }
        if state.get("protocol") == "HTTPS" and not state.get("certificate_arn"):
            raise ReconcileError(f"{self.label}: protocol HTTPS needs a certificate_arn")
        if state.get("protocol") == "HTTP" and (state.get("certificate_arn") or state.get("ssl_policy")):
            raise ReconcileError(f"{self.label}: certificate_arn and ssl_policy need the protocol HTTPS")
        if self.params["default_action"]:
            state["default_action"] = wanted_action(self.params["default_action"])
        if self.params["only_default_action"]:
            state["rules"] = 0
        return state

    def read(self) -> State | None:
        elbv2, load_balancer = self.client("elbv2"), self.params["load_balancer_arn"]
        try:
            listeners = pages(elbv2, "describe_listeners", "Listeners", LoadBalancerArn=load_balancer)
        except is_boto3_error_code("LoadBalancerNotFound"):
            return None
        found = next((item for item in listeners if item["Port"] == self.params["port"]), None)
        if found is None:
            return None
        arn = found["ListenerArn"]
        certificates = [item["CertificateArn"] for item in found.get("Certificates", [])]
        return {
            "arn": arn,
            "load_balancer_arn": load_balancer,
            "port": found["Port"],
            "protocol": found["Protocol"],
            "certificate_arn": certificates[0] if certificates else "",
            "ssl_policy": found.get("SslPolicy", "") if found["Protocol"] == "HTTPS" else "",
            "default_action": action_of(found["DefaultActions"]),
            "rules": len(self._rules(arn)),
            "tags": read_tags(elbv2, arn),
        }

    def _rules(self, arn: str) -> list[dict[str, Any]]:
        found = pages(self.client("elbv2"), "describe_rules", "Rules", ListenerArn=arn)
        return [rule for rule in found if not rule["IsDefault"]]

    def create(self, desired: State) -> None:
        if not {"protocol", "default_action"} <= desired.keys():
            raise ReconcileError(f"{self.label} does not exist: protocol and default_action are needed to create it")
        self.client("elbv2").create_listener(
            LoadBalancerArn=desired["load_balancer_arn"],
            Port=desired["port"],
            **listener_request(desired),
            **({"Tags": to_pairs(desired["tags"])} if desired.get("tags") else {}),
        )

    def update(self, current: State, changes: Changes) -> None:
        wanted = wanted_values(changes)
        if "rules" in wanted:
            for rule in self._rules(current["arn"]):
                self.client("elbv2").delete_rule(RuleArn=rule["RuleArn"])
        if wanted.keys() - {"tags", "rules"}:
            managed = {**given(self.params, "protocol", "certificate_arn", "ssl_policy"), **wanted}
            self.client("elbv2").modify_listener(ListenerArn=current["arn"], **listener_request(managed))
        if "tags" in changes:
            set_tags(self.client("elbv2"), current["arn"], changes["tags"])

    def delete(self, current: State) -> None:
        self.client("elbv2").delete_listener(ListenerArn=current["arn"])


def wanted_action(option: State) -> State:
    """The keys of the option C(default_action) that its type knows."""
    keys = ("target_group_arn",) if option["type"] == "forward" else ("protocol", "port", "status_code")
    return {key: option[key] for key in ("type", *keys)}


def listener_request(fields: State) -> State:
    """Fields as CreateListener and ModifyListener take them."""
    request: State = {"Protocol": fields["protocol"]} if fields.get("protocol") else {}
    if fields.get("certificate_arn"):
        request["Certificates"] = [{"CertificateArn": fields["certificate_arn"]}]
    if fields.get("ssl_policy"):
        request["SslPolicy"] = fields["ssl_policy"]
    if fields.get("default_action"):
        request["DefaultActions"] = action_request(fields["default_action"])
    return request


def main() -> None:
    run(Listener, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
