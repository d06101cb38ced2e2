#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_security_group_rules
version_added: 1.0.0
short_description: Add rules to a security group that somebody else owns
description:
  - Adds inbound rules to a group of the company, for example that of its Bedrock endpoint, and takes just them away.
  - A rule that exists already, whoever made it, serves and is left as it is.
  - Rules whose description is exactly O(rules[].description) are this deployment's. Those of them that are not in
    O(rules), since somebody changed their port or peer, are removed; with O(state=absent) all of them are, also where
    O(rules) names no peer any more.
  - Stands on the EC2 API AuthorizeSecurityGroupIngress and RevokeSecurityGroupIngress.
author:
  - private_rag.aws contributors (@private-rag)
options:
  group_id:
    description: Id of the group.
    type: str
    required: true
  rules:
    description: The inbound rules.
    type: list
    elements: dict
    required: true
    suboptions:
      protocol:
        description: V(tcp), V(udp), V(icmp) or V(all).
        type: str
        default: tcp
      ports:
        description: Ports, each V(443), a range such as V(8080-8090), or V(all).
        type: list
        elements: str
        required: true
      cidrs:
        description: Address ranges.
        type: list
        elements: str
        default: []
      groups:
        description: Ids of groups.
        type: list
        elements: str
        default: []
      prefix_lists:
        description: Ids of prefix lists.
        type: list
        elements: str
        default: []
      description:
        description: What the rule is for, up to 255 ASCII characters; it marks the rule as this deployment's.
        type: str
        default: ""
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Let the function reach the company's Bedrock endpoint
  private_rag.aws.ec2_security_group_rules:
    group_id: sg-0123456789abcdef0
    rules:
      - ports: ["443"]
        groups: [sg-0fedcba9876543210]
        description: chatbot-prod function
"""

RETURN = r"""
security_group_rules:
  description: The group's id and those of the wanted rules that it has.
  returned: always
  type: dict
  sample:
    group_id: sg-0123456789abcdef0
    rules: [{protocol: tcp, ports: "443", peer: sg-0fedcba9876543210, description: chatbot-prod function}]
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {rules: {before: [], after: [{protocol: tcp, ports: "443", peer: sg-0a, description: chatbot-prod}]}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._security_groups import (
    RULE_SPEC,
    current_rules,
    faults,
    split_changes,
    to_permission,
    wanted_rules,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "group_id": {"type": "str", "required": True},
    "rules": {"type": "list", "elements": "dict", "required": True, "options": RULE_SPEC},
}


class SecurityGroupRules(Resource):
    kind = "rules of security group"
    key = "security_group_rules"
    identity = ("group_id",)

    def desired(self) -> State:
        rules = wanted_rules(self.params["rules"])
        wrong = faults(self.params["group_id"], "", rules)
        if wrong:
            raise ReconcileError("; ".join(wrong))
        return {"rules": rules}

    def read(self) -> State | None:
        try:
            groups = self.client("ec2").describe_security_groups(GroupIds=[self.params["group_id"]])
        except is_boto3_error_code("InvalidGroup.NotFound"):
            groups = {"SecurityGroups": []}
        if not groups["SecurityGroups"]:
            return self._missing_group()
        current = current_rules(groups["SecurityGroups"][0]["IpPermissions"], {})
        wanted = wanted_rules(self.params["rules"])
        missing, others, _described = split_changes(current, wanted)
        serving = [rule for rule in wanted if rule not in missing]
        if self.params["state"] == "absent":
            serving = [rule for rule in serving if rule in current]
        # Of the options, not of the rules: where no peer is left, there is none, and ours must be found all the same.
        marks = {option["description"] for option in self.params["rules"]} - {""}
        found = serving + [rule for rule in others if rule["description"] in marks]
        nothing_wanted = not wanted and self.params["state"] == "present"
        return {"group_id": self.params["group_id"], "rules": found} if found or nothing_wanted else None

    def _missing_group(self) -> None:
        if self.params["state"] == "present":
            raise ReconcileError(f"security group {self.params['group_id']} does not exist")

    def create(self, desired: State) -> None:
        self._call("authorize_security_group_ingress", desired["rules"])

    def update(self, current: State, changes: Changes) -> None:
        now, wanted = changes["rules"]
        self._call("authorize_security_group_ingress", [rule for rule in wanted if rule not in now])
        self._call("revoke_security_group_ingress", [rule for rule in now if rule not in wanted])

    def delete(self, current: State) -> None:
        self._call("revoke_security_group_ingress", current["rules"])

    def _call(self, call: str, rules: list[dict[str, str]]) -> None:
        if not rules:
            return
        permissions = [to_permission(rule, {}) for rule in rules]
        getattr(self.client("ec2"), call)(GroupId=self.params["group_id"], IpPermissions=permissions)


def main() -> None:
    run(SecurityGroupRules, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
