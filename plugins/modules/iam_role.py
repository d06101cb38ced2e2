#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_role
version_added: 1.0.0
short_description: Manage an IAM role together with its policies
description:
  - Creates, corrects and deletes a role, its trust policy, its inline policies, its attached managed policies, its
    permissions boundary and its tags, as one resource. A policy that someone adds by hand is a difference.
  - Stands on the IAM API CreateRole, UpdateRole, UpdateAssumeRolePolicy, PutRolePolicy, AttachRolePolicy,
    PutRolePermissionsBoundary, TagRole, DeleteRole.
author:
  - private_rag.aws contributors (@private-rag)
options:
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
    description: The trust policy. Required to create the role.
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
- name: Role of the Lambda function, which may read one secret and nothing else
  private_rag.aws.iam_role:
    name: lambda-rag-processor-role-prod
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
    deployment: chatbot-prod
"""

RETURN = r"""
role:
  description: The role; empty after O(state=absent). Only the policies that are managed are in it.
  returned: always
  type: dict
  sample:
    name: lambda-rag-processor-role-prod
    arn: arn:aws:iam::123456789012:role/lambda-rag-processor-role-prod
    role_id: AROAEXAMPLEEXAMPLEEXA
    path: /
    description: ""
    max_session_duration: 3600
    permissions_boundary: ""
    managed_policies: []
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
  sample: {max_session_duration: {before: 3600, after: 7200}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages, run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy, compact, policy_json
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "path": {"type": "str", "default": "/"},
    "description": {"type": "str"},
    "assume_role_policy": {"type": "dict"},
    "inline_policies": {"type": "dict"},
    "managed_policies": {"type": "list", "elements": "str"},
    "max_session_duration": {"type": "int"},
    "permissions_boundary": {"type": "str"},
}


class Role(Resource):
    kind = "IAM role"
    key = "role"
    immutable = frozenset({"path"})
    computed = {"arn": "role arn", "role_id": "role id"}

    def desired(self) -> State:
        params = self.params
        inline, managed = params["inline_policies"], params["managed_policies"]
        plain = {key: params[key] for key in ("description", "max_session_duration", "permissions_boundary")}
        return compact(
            {
                "name": params["name"],
                "path": params["path"],
                **plain,
                "assume_role_policy": canonical_policy(params["assume_role_policy"]),
                "inline_policies": None if inline is None else _canonical_policies(inline),
                "managed_policies": None if managed is None else sorted(set(managed)),
                **self.tags(),
            }
        )

    def read(self) -> State | None:
        try:
            role = self.client("iam").get_role(RoleName=self.params["name"])["Role"]
        except is_boto3_error_code("NoSuchEntity"):
            return None
        state = {
            "name": role["RoleName"],
            "arn": role["Arn"],
            "role_id": role["RoleId"],
            "path": role["Path"],
            "description": role.get("Description", ""),
            "max_session_duration": role.get("MaxSessionDuration", 3600),
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "assume_role_policy": canonical_policy(role["AssumeRolePolicyDocument"]),
            "tags": from_pairs(role.get("Tags")),
        }
        going = self.params["state"] == "absent"
        if going or self.params["inline_policies"] is not None:
            state["inline_policies"] = self._inline_policies()
        if going or self.params["managed_policies"] is not None:
            state["managed_policies"] = self._managed_policies()
        return state

    def create(self, desired: State) -> None:
        iam, name = self.client("iam"), desired["name"]
        optional = {
            "Description": desired.get("description"),
            "MaxSessionDuration": desired.get("max_session_duration"),
            "PermissionsBoundary": desired.get("permissions_boundary"),
            "Tags": to_pairs(desired.get("tags")),
        }
        iam.create_role(
            RoleName=name,
            Path=desired["path"],
            AssumeRolePolicyDocument=policy_json(self.params["assume_role_policy"]),
            **{option: value for option, value in optional.items() if value},
        )
        wait(iam, "iam_role_exists", RoleName=name)
        self._set_inline_policies({}, desired.get("inline_policies", {}))
        self._set_managed_policies([], desired.get("managed_policies", []))

    def update(self, current: State, changes: Changes) -> None:
        iam, name = self.client("iam"), self.params["name"]
        if "assume_role_policy" in changes:
            document = policy_json(self.params["assume_role_policy"])
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)
        if {"description", "max_session_duration"} & set(changes):
            merged = {**current, **{field: after for field, (_before, after) in changes.items()}}
            iam.update_role(
                RoleName=name, Description=merged["description"], MaxSessionDuration=merged["max_session_duration"]
            )
        if "permissions_boundary" in changes:
            self._set_boundary(changes["permissions_boundary"][1])
        if "inline_policies" in changes:
            self._set_inline_policies(*changes["inline_policies"])
        if "managed_policies" in changes:
            self._set_managed_policies(*changes["managed_policies"])
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                iam.tag_role(RoleName=name, Tags=to_pairs(to_set))
            if to_remove:
                iam.untag_role(RoleName=name, TagKeys=to_remove)

    def check_delete(self, current: State) -> None:
        profiles = pages(
            self.client("iam"), "list_instance_profiles_for_role", "InstanceProfiles", RoleName=current["name"]
        )
        if profiles:
            names = ", ".join(sorted(profile["InstanceProfileName"] for profile in profiles))
            raise ReconcileError(
                f"{self.label} is kept: it is in the instance profiles {names}. Remove it there first."
            )

    def delete(self, current: State) -> None:
        # DeleteRole refuses a role that still has policies (DeleteConflict).
        self._set_inline_policies(current["inline_policies"], {})
        self._set_managed_policies(current["managed_policies"], [])
        self.client("iam").delete_role(RoleName=current["name"])

    def _inline_policies(self) -> State:
        iam, name = self.client("iam"), self.params["name"]
        policies = {}
        for policy in pages(iam, "list_role_policies", "PolicyNames", RoleName=name):
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            policies[str(policy)] = document
        return _canonical_policies(policies)

    def _managed_policies(self) -> list[str]:
        attached = pages(
            self.client("iam"), "list_attached_role_policies", "AttachedPolicies", RoleName=self.params["name"]
        )
        return sorted(policy["PolicyArn"] for policy in attached)

    def _set_inline_policies(self, now: State, wanted: State) -> None:
        iam, name = self.client("iam"), self.params["name"]
        for policy in sorted(wanted):
            if now.get(policy) != wanted[policy]:
                document = policy_json(self.params["inline_policies"][policy])
                iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        for policy in sorted(set(now) - set(wanted)):
            iam.delete_role_policy(RoleName=name, PolicyName=policy)

    def _set_managed_policies(self, now: list[str], wanted: list[str]) -> None:
        iam, name = self.client("iam"), self.params["name"]
        for arn in sorted(set(wanted) - set(now)):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(set(now) - set(wanted)):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)

    def _set_boundary(self, arn: str) -> None:
        iam, name = self.client("iam"), self.params["name"]
        if arn:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=arn)
        else:
            iam.delete_role_permissions_boundary(RoleName=name)


def _canonical_policies(policies: dict[str, Any]) -> State:
    return {name: canonical_policy(policies[name]) for name in sorted(policies)}


def main() -> None:
    run(Role, ARGUMENT_SPEC, owned=True, required_if=[("state", "present", ["assume_role_policy"])])


if __name__ == "__main__":
    main()
