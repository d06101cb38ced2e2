#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_security_group_set
version_added: 1.0.0
short_description: Manage the security groups of a system as one set
description:
  - Creates, corrects and deletes several security groups of one VPC whose rules refer to each other by name, in any
    order and in circles.
  - The rules are exact. A rule that was added by hand is removed, AWS's default rule that lets everything out too.
  - Stands on the EC2 API CreateSecurityGroup, AuthorizeSecurityGroupIngress and Egress, RevokeSecurityGroupIngress and
    Egress, UpdateSecurityGroupRuleDescriptionsIngress and Egress, DeleteSecurityGroup.
author:
  - private_rag.aws contributors (@private-rag)
options:
  vpc_id:
    description: The VPC of all groups.
    type: str
    required: true
  groups:
    description: The groups. With O(state=absent) only their names count.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the group, unique in the VPC, up to 255 characters.
        type: str
        required: true
      description:
        description:
          - What the group is for, 1 to 255 ASCII characters; the group's name where it is left out.
          - EC2 cannot change it later.
        type: str
      ingress: &rules
        description: Who may come in.
        type: list
        elements: dict
        default: []
        suboptions: &rule
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
            description: Names of groups in this set, or ids of others.
            type: list
            elements: str
            default: []
          prefix_lists:
            description: Ids of prefix lists, for example that of a gateway endpoint.
            type: list
            elements: str
            default: []
          description:
            description: What the rule is for, up to 255 ASCII characters.
            type: str
            default: ""
      egress:
        description: Where it may go out to.
        type: list
        elements: dict
        default: []
        suboptions: *rule
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Two groups that refer to each other
  private_rag.aws.ec2_security_group_set:
    vpc_id: vpc-0123456789abcdef0
    deployment: chatbot-prod
    groups:
      - name: chatbot-alb-sg
        description: Load balancer of the chatbot
        ingress: [{ports: ["80"], cidrs: [10.0.0.0/8]}]
        egress: [{ports: ["8080"], groups: [streamlit-fargate-task-sg]}]
      - name: streamlit-fargate-task-sg
        description: Streamlit tasks of the chatbot
        ingress: [{ports: ["8080"], groups: [chatbot-alb-sg]}]
"""

RETURN = r"""
security_groups:
  description: The groups' ids by name, under C(ids), beside the description and rules of each.
  returned: always
  type: dict
  sample:
    ids: {chatbot-alb-sg: sg-0123456789abcdef0}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {chatbot-alb-sg.egress: {before: [], after: [{protocol: tcp, ports: "8080", peer: app, description: ""}]}}
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._retries import patiently
from ansible_collections.private_rag.aws.plugins.module_utils._security_groups import (
    RULE_SPEC,
    Rule,
    current_rules,
    faults,
    split_changes,
    to_permission,
    wanted_rules,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, from_pairs, tag_changes, to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

RULES_SPEC: dict[str, Any] = {"type": "list", "elements": "dict", "default": [], "options": RULE_SPEC}
ARGUMENT_SPEC: dict[str, Any] = {
    "vpc_id": {"type": "str", "required": True},
    "groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "ingress": RULES_SPEC,
            "egress": RULES_SPEC,
        },
    },
}
DIRECTIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


class SecurityGroupSet(Resource):
    kind = "security groups"
    key = "security_groups"
    identity = ("vpc_id",)

    @property
    def names(self) -> list[str]:
        return [group["name"] for group in self.params["groups"]]

    @property
    def label(self) -> str:
        return f"{self.kind} {', '.join(self.names)}"

    def desired(self) -> State:
        state: State = {}
        wrong: list[str] = []
        for group in self.params["groups"]:
            name = group["name"]
            rules = {direction: wanted_rules(group[direction]) for direction in DIRECTIONS}
            description = group["description"] or name
            wrong += faults(name, description, [*rules["ingress"], *rules["egress"]])
            state[f"{name}.description"] = description
            state |= {f"{name}.{direction}": rules[direction] for direction in DIRECTIONS}
            state |= {f"{name}.tags": {"Name": name, **tags} for tags in self.tags().values()}
        if wrong:
            raise ReconcileError("; ".join(wrong))
        return state

    def placeholders(self) -> State:
        return {"ids": {name: unknown(f"{name} id") for name in self.names}}

    def _groups(self) -> list[dict[str, Any]]:
        filters = [
            {"Name": "vpc-id", "Values": [self.params["vpc_id"]]},
            {"Name": "group-name", "Values": self.names},
        ]
        return pages(self.client("ec2"), "describe_security_groups", "SecurityGroups", Filters=filters)

    def read(self) -> State | None:
        groups = self._groups()
        if not groups:
            return None
        names = {group["GroupId"]: group["GroupName"] for group in groups}
        state: State = {"ids": {name: group_id for group_id, name in names.items()}}
        for group in groups:
            name = group["GroupName"]
            state[f"{name}.description"] = group["Description"]
            state[f"{name}.tags"] = from_pairs(group.get("Tags"))
            for direction, key in DIRECTIONS.items():
                state[f"{name}.{direction}"] = current_rules(group[key], names)
        return state

    def owners(self, current: State) -> dict[str, str]:
        return {f"security group {name}": current[f"{name}.tags"].get(OWNER_TAG, "") for name in current["ids"]}

    def without(self, current: State, things: Iterable[str]) -> State | None:
        others = {thing.removeprefix("security group ") for thing in things}
        ids = {name: group_id for name, group_id in current["ids"].items() if name not in others}
        fields = [f"{name}.{part}" for name in ids for part in ("description", "tags", *DIRECTIONS)]
        return {"ids": ids, **{field: current[field] for field in fields}} if ids else None

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        ids = {**self.placeholders()["ids"], **current["ids"]}
        if ids != current["ids"]:
            changes["ids"] = (current["ids"], ids)
        fixed = [field for field in changes if field.endswith(".description") and current.get(field) is not None]
        if fixed:
            raise ReconcileError(f"{', '.join(fixed)}: EC2 cannot change a group's description; keep the old one")
        return changes

    def create(self, desired: State) -> None:
        self.update({"ids": {}}, {field: (None, value) for field, value in desired.items()})

    def update(self, current: State, changes: Changes) -> None:
        ids = {**current["ids"]}
        for name in self.names:
            if name not in ids:
                ids[name] = self._create_group(name, changes)
        for name in self.names:
            for direction in DIRECTIONS:
                if f"{name}.{direction}" in changes:
                    wanted = changes[f"{name}.{direction}"][1]
                    self._correct(ids, name, direction, wanted)
            if f"{name}.tags" in changes and name in current["ids"]:
                self._retag(ids[name], *changes[f"{name}.tags"])

    def _create_group(self, name: str, changes: Changes) -> str:
        tags = to_pairs(changes.get(f"{name}.tags", (None, {}))[1])
        marked = {"TagSpecifications": [{"ResourceType": "security-group", "Tags": tags}]} if tags else {}
        group = self.client("ec2").create_security_group(
            GroupName=name,
            Description=changes[f"{name}.description"][1],
            VpcId=self.params["vpc_id"],
            **marked,
        )
        wait(self.client("ec2"), "security_group_exists", GroupIds=[group["GroupId"]])
        return str(group["GroupId"])

    def _correct(self, ids: dict[str, str], name: str, direction: str, wanted: list[Rule]) -> None:
        ec2 = self.client("ec2")
        group = ec2.describe_security_groups(GroupIds=[ids[name]])["SecurityGroups"][0]
        names = {group_id: group_name for group_name, group_id in ids.items()}
        added, removed, described = split_changes(current_rules(group[DIRECTIONS[direction]], names), wanted)
        calls = (
            (removed, f"revoke_security_group_{direction}"),
            (added, f"authorize_security_group_{direction}"),
            (described, f"update_security_group_rule_descriptions_{direction}"),
        )
        for rules, call in calls:
            if rules:
                permissions = [to_permission(rule, ids) for rule in rules]
                getattr(ec2, call)(GroupId=ids[name], IpPermissions=permissions)

    def _retag(self, group_id: str, now: dict[str, str], wanted: dict[str, str]) -> None:
        to_set, to_remove = tag_changes(now or {}, wanted)
        if to_set:
            self.client("ec2").create_tags(Resources=[group_id], Tags=to_pairs(to_set))
        if to_remove:
            self.client("ec2").delete_tags(Resources=[group_id], Tags=[{"Key": key} for key in to_remove])

    def delete(self, current: State) -> None:
        for name in current["ids"]:
            for direction in DIRECTIONS:
                self._correct(current["ids"], name, direction, [])
        for group_id in current["ids"].values():
            patiently("security_group_unused", self.client("ec2").delete_security_group)(GroupId=group_id)


def main() -> None:
    run(SecurityGroupSet, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
