#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_role_set
version_added: 1.0.0
short_description: Manage the IAM roles of a system, with their policies, as one set
description:
  - Creates, corrects and deletes several roles, each with its trust policy, its inline policies, its attached managed
    policies, its permissions boundary and its tags. A policy that someone adds by hand is a difference.
  - Faults in the options of any role, and namesakes of any role that were not made by this deployment, are all told
    at once, before anything is written.
  - With O(state=absent) the roles of this deployment are deleted, and others are kept with a warning.
  - Stands on the IAM API CreateRole, UpdateRole, UpdateAssumeRolePolicy, PutRolePolicy, AttachRolePolicy,
    PutRolePermissionsBoundary, TagRole, DeleteRole.
author:
  - private_rag.aws contributors (@private-rag)
options:
  roles:
    description: The roles. With O(state=absent) only their names count.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the role, 1 to 64 characters, unique in the account whatever the path.
        type: str
        required: true
      path:
        description: Path of the role. AWS cannot change it.
        type: str
        default: /
      description:
        description: Description, up to 1000 characters.
        type: str
      assume_role_policy:
        description: The trust policy. Required with O(state=present).
        type: dict
      inline_policies:
        description:
          - The inline policies by name, exactly; any other inline policy is removed.
          - Together up to 10240 characters without white space.
        type: dict
      managed_policies:
        description: ARNs of the attached managed policies, exactly; any other one is detached.
        type: list
        elements: str
      max_session_duration:
        description: Longest session in seconds, 3600 to 43200. AWS's default is 3600.
        type: int
      permissions_boundary:
        description: ARN of the policy that bounds the role's permissions. An empty string removes it.
        type: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The role of the Lambda function, which may read one secret and nothing else
  private_rag.aws.iam_role_set:
    deployment: chatbot-prod
    roles:
      - name: lambda-rag-processor-role-prod
        assume_role_policy:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Service: lambda.amazonaws.com}
              Action: sts:AssumeRole
        inline_policies:
          search-credentials:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: secretsmanager:GetSecretValue
                Resource: arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:chatbot/search-AbCdEf
        managed_policies: []
"""

RETURN = r"""
roles:
  description:
    - The roles' ARNs by name, under C(arns), beside the fields of each under C(name.field).
    - Empty after O(state=absent). Only the policies that are managed are in it.
  returned: always
  type: dict
  sample:
    arns: {lambda-rag-processor-role-prod: "arn:aws:iam::123456789012:role/lambda-rag-processor-role-prod"}
    lambda-rag-processor-role-prod.managed_policies: []
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {lambda-rag-processor-role-prod.max_session_duration: {before: 3600, after: 7200}}
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import named, of, repeated
from ansible_collections.private_rag.aws.plugins.module_utils._iam_role import ROLE_SPEC, Role, faults
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "roles": {"type": "list", "elements": "dict", "required": True, "options": ROLE_SPEC},
}


class RoleSet(Resource):
    kind = "IAM roles"
    key = "roles"
    # The names are known before anything exists; what the policies name need not be.
    identity = ()

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.names: list[str] = [options["name"] for options in self.params["roles"]]

    @property
    def label(self) -> str:
        return f"{self.kind} {', '.join(self.names)}"

    def _roles(self) -> list[Role]:
        iam, tags = self.client("iam"), self.tags().get("tags")
        return [Role(iam, options, tags) for options in self.params["roles"]]

    def _refuse_faulty(self) -> None:
        wrong = [f"{name} is named more than once" for name in repeated(self.names)]
        wrong += [fault for options in self.params["roles"] for fault in faults(options)]
        if wrong:
            raise ReconcileError(f"{self.kind}: {'; '.join(wrong)}")

    def desired(self) -> State:
        return {field: value for role in self._roles() for field, value in named(role.name, role.desired()).items()}

    def placeholders(self) -> State:
        return {"arns": {name: unknown(f"{name} arn") for name in self.names}}

    def read(self) -> State | None:
        whole = self.params["state"] == "absent"
        if not whole:
            # Before IAM is asked, which knows of the first fault only.
            self._refuse_faulty()
        found = {role.name: state for role in self._roles() if (state := role.read(whole))}
        # Of the roles that are there: one that is yet to be made takes any path.
        self.immutable = frozenset(f"{name}.path" for name in found)
        return _joined(found) if found else None

    def owners(self, current: State) -> dict[str, str]:
        return {f"IAM role {name}": current[f"{name}.tags"].get(OWNER_TAG, "") for name in current["arns"]}

    def without(self, current: State, things: Iterable[str]) -> State | None:
        others = {thing.removeprefix("IAM role ") for thing in things}
        ours = {name: {"arn": arn, **of(name, current)} for name, arn in current["arns"].items() if name not in others}
        return _joined(ours) if ours else None

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        arns = {**self.placeholders()["arns"], **current["arns"]}
        return changes if arns == current["arns"] else {**changes, "arns": (current["arns"], arns)}

    def create(self, desired: State) -> None:
        for role in self._roles():
            role.create()

    def update(self, current: State, changes: Changes) -> None:
        for role in self._roles():
            if role.name in current["arns"]:
                role.update(of(role.name, current), of(role.name, changes))
            else:
                role.create()

    def check_delete(self, current: State) -> None:
        held = {role.name: role.instance_profiles() for role in self._roles() if role.name in current["arns"]}
        kept = [
            f"IAM role {name} is kept: it is in the instance profiles {', '.join(profiles)}. Remove it there first."
            for name, profiles in held.items()
            if profiles
        ]
        if kept:
            raise ReconcileError(" ".join(kept))

    def delete(self, current: State) -> None:
        for role in self._roles():
            if role.name in current["arns"]:
                role.delete(of(role.name, current))


def _joined(roles: Mapping[str, State]) -> State:
    """The set's state from that of each role by its name."""
    state: State = {"arns": {name: role["arn"] for name, role in roles.items()}}
    for name, role in roles.items():
        state |= named(name, {field: value for field, value in role.items() if field != "arn"})
    return state


def main() -> None:
    run(RoleSet, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
