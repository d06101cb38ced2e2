#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_security_group_rules
version_added: 1.0.0
short_description: Add rules to security groups that somebody else owns
description:
  - Adds inbound rules to groups of the company, for example those of its endpoints, and takes just them away.
  - The groups are one resource, asked for at once, so that looking at many takes no longer than at one.
  - A rule that exists already, whoever made it, serves and is left as it is.
  - Rules whose description is exactly that of one of O(groups[].rules) are this deployment's. Those of them that are
    not wanted, since somebody changed their port or peer, are removed; with O(state=absent) all of them are, also where
    no peer is named any more.
  - Stands on the EC2 API AuthorizeSecurityGroupIngress and RevokeSecurityGroupIngress.
author:
  - private_rag.aws contributors (@private-rag)
options:
  groups:
    description: The groups, each with the inbound rules that it is to have.
    type: list
    elements: dict
    required: true
    suboptions:
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
    groups:
      - group_id: sg-0123456789abcdef0
        rules:
          - ports: ["443"]
            groups: [sg-0fedcba9876543210]
            description: chatbot-prod function
"""

RETURN = r"""
security_group_rules:
  description: For each group those of the wanted rules that it has.
  returned: always
  type: dict
  sample:
    sg-0123456789abcdef0.rules:
      - {protocol: tcp, ports: "443", peer: sg-0fedcba9876543210, description: chatbot-prod function}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample:
    sg-0123456789abcdef0.rules:
      before: []
      after: [{protocol: tcp, ports: "443", peer: sg-0a, description: chatbot-prod}]
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import repeated
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._security_groups import (
    RULE_SPEC,
    Rule,
    current_rules,
    faults,
    split_changes,
    to_permission,
    wanted_rules,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "group_id": {"type": "str", "required": True},
            "rules": {"type": "list", "elements": "dict", "required": True, "options": RULE_SPEC},
        },
    },
}


class SecurityGroupRules(Resource):
    kind = "rules of security groups"
    key = "security_group_rules"
    identity = ()

    @property
    def label(self) -> str:
        return f"{self.kind} {', '.join(group['group_id'] for group in self.params['groups'])}"

    def desired(self) -> State:
        wanted = {group["group_id"]: wanted_rules(group["rules"]) for group in self.params["groups"]}
        ids = [group["group_id"] for group in self.params["groups"]]
        wrong = [f"groups: {each} is named twice" for each in sorted(repeated(ids))]
        wrong += [fault for group_id, rules in wanted.items() for fault in faults(group_id, "", rules)]
        if wrong:
            raise ReconcileError("; ".join(wrong))
        return {_field(group_id): rules for group_id, rules in wanted.items()}

    def read(self) -> State | None:
        found = self._permissions()
        if self.params["state"] == "present":
            self._refuse_missing(found)
        state = {
            _field(group["group_id"]): self._ours(group["rules"], found[group["group_id"]])
            for group in self.params["groups"]
            if group["group_id"] in found
        }
        wanted = any(wanted_rules(group["rules"]) for group in self.params["groups"])
        nothing_wanted = not wanted and self.params["state"] == "present"
        return state if any(state.values()) or nothing_wanted else None

    def _permissions(self) -> dict[str, list[dict[str, Any]]]:
        # By a filter, which leaves out those that do not exist; by their ids the call would fail for all.
        filters = [{"Name": "group-id", "Values": sorted({group["group_id"] for group in self.params["groups"]})}]
        if not filters[0]["Values"]:
            return {}
        groups = pages(self.client("ec2"), "describe_security_groups", "SecurityGroups", Filters=filters)
        return {group["GroupId"]: group["IpPermissions"] for group in groups}

    def _ours(self, options: list[dict[str, Any]], permissions: list[dict[str, Any]]) -> list[Rule]:
        """The wanted rules that are there, and others with our descriptions."""
        current, wanted = current_rules(permissions, {}), wanted_rules(options)
        missing, others, _described = split_changes(current, wanted)
        serving = [rule for rule in wanted if rule not in missing]
        if self.params["state"] == "absent":
            serving = [rule for rule in serving if rule in current]
        # Of the options, not of the rules: where no peer is left, there is none, and ours must be found all the same.
        marks = {option["description"] for option in options} - {""}
        return serving + [rule for rule in others if rule["description"] in marks]

    def _refuse_missing(self, found: dict[str, Any]) -> None:
        missing = [group["group_id"] for group in self.params["groups"] if group["group_id"] not in found]
        if missing:
            raise ReconcileError("; ".join(f"security group {group_id} does not exist" for group_id in missing))

    def create(self, desired: State) -> None:
        for field, rules in desired.items():
            self._call("authorize_security_group_ingress", field, rules)

    def update(self, current: State, changes: Changes) -> None:
        for field, (now, wanted) in changes.items():
            self._call("authorize_security_group_ingress", field, [rule for rule in wanted if rule not in now])
            self._call("revoke_security_group_ingress", field, [rule for rule in now if rule not in wanted])

    def delete(self, current: State) -> None:
        for field, rules in current.items():
            self._call("revoke_security_group_ingress", field, rules)

    def _call(self, call: str, field: str, rules: list[Rule]) -> None:
        if not rules:
            return
        permissions = [to_permission(rule, {}) for rule in rules]
        getattr(self.client("ec2"), call)(GroupId=field.removesuffix(".rules"), IpPermissions=permissions)


def _field(group_id: str) -> str:
    return f"{group_id}.rules"


def main() -> None:
    run(SecurityGroupRules, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
