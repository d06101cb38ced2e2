# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One IAM role with its trust, its policies, its boundary and its tags, as C(iam_role_set) puts several together.

What is faulty in the options is told before anything is sent, since AWS refuses the second role only after the first
was made. API: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import pages
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy, compact, policy_json
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, State
from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ROLE_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "path": {"type": "str", "default": "/"},
    "description": {"type": "str"},
    "assume_role_policy": {"type": "dict"},
    "inline_policies": {"type": "dict"},
    "managed_policies": {"type": "list", "elements": "str"},
    "max_session_duration": {"type": "int"},
    "permissions_boundary": {"type": "str"},
}
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH = re.compile(r"/|/[\x21-\x7e]{1,510}/")
# All inline policies of a role together, white space not counted:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
_INLINE_CHARACTERS = 10240


def faults(options: Mapping[str, Any]) -> Iterator[str]:
    """What IAM would refuse in the options of a role that is to be present."""
    name, seconds = options["name"], options["max_session_duration"]
    if not _NAME.fullmatch(name):
        yield f"{name!r} is no name of a role: 1 to 64 letters, digits and _+=,.@-"
    if not options["assume_role_policy"]:
        yield f"{name}: assume_role_policy is missing"
    if not _PATH.fullmatch(options["path"]):
        yield f"{name}: path {options['path']!r} does not begin and end with /"
    if len(options["description"] or "") > 1000:
        yield f"{name}: description is longer than 1000 characters"
    if seconds is not None and not 3600 <= seconds <= 43200:
        yield f"{name}: max_session_duration {seconds} is not within 3600 and 43200"
    yield from _policy_faults(name, options["inline_policies"] or {})


def _policy_faults(name: str, policies: Mapping[str, Any]) -> Iterator[str]:
    for policy in policies:
        if not _POLICY_NAME.fullmatch(policy):
            yield f"{name}: {policy!r} is no name of a policy: 1 to 128 letters, digits and _+=,.@-"
    size = sum(len("".join(json.dumps(document).split())) for document in policies.values())
    if size > _INLINE_CHARACTERS:
        yield f"{name}: its inline policies have {size} characters together, more than {_INLINE_CHARACTERS}"


class Role:
    """One role: C(options) are those of C(ROLE_SPEC), C(tags) its tags or C(None) where they are not managed."""

    def __init__(self, iam: Any, options: Mapping[str, Any], tags: Mapping[str, str] | None) -> None:
        self.iam, self.options, self.tags = iam, options, tags
        self.name: str = options["name"]

    def desired(self) -> State:
        options = self.options
        inline, managed = options["inline_policies"], options["managed_policies"]
        plain = ("path", "description", "max_session_duration", "permissions_boundary")
        wanted: State = compact(
            {
                **{option: options[option] for option in plain},
                "assume_role_policy": canonical_policy(options["assume_role_policy"]),
                "inline_policies": None if inline is None else canonical_policies(inline),
                "managed_policies": None if managed is None else sorted(set(managed)),
                "tags": self.tags,
            }
        )
        return wanted

    def read(self, whole: bool) -> State | None:
        """The role with its ARN; with the policies that are managed, or with all where it is read C(whole)."""
        try:
            role = self.iam.get_role(RoleName=self.name)["Role"]
        except is_boto3_error_code("NoSuchEntity"):
            return None
        state = {
            "arn": role["Arn"],
            "path": role["Path"],
            "description": role.get("Description", ""),
            "max_session_duration": role.get("MaxSessionDuration", 3600),
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "assume_role_policy": canonical_policy(role["AssumeRolePolicyDocument"]),
            "tags": from_pairs(role.get("Tags")),
        }
        if whole or self.options["inline_policies"] is not None:
            state["inline_policies"] = self._inline_policies()
        if whole or self.options["managed_policies"] is not None:
            state["managed_policies"] = self._managed_policies()
        return state

    def create(self) -> None:
        wanted = self.desired()
        optional = {
            "Description": wanted.get("description"),
            "MaxSessionDuration": wanted.get("max_session_duration"),
            "PermissionsBoundary": wanted.get("permissions_boundary"),
            "Tags": to_pairs(wanted.get("tags")),
        }
        self.iam.create_role(
            RoleName=self.name,
            Path=wanted["path"],
            AssumeRolePolicyDocument=policy_json(self.options["assume_role_policy"]),
            **{option: value for option, value in optional.items() if value},
        )
        wait(self.iam, "iam_role_exists", RoleName=self.name)
        self._set_inline_policies({}, wanted.get("inline_policies", {}))
        self._set_managed_policies([], wanted.get("managed_policies", []))

    def update(self, current: State, changes: Changes) -> None:
        if "assume_role_policy" in changes:
            document = policy_json(self.options["assume_role_policy"])
            self.iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=document)
        if {"description", "max_session_duration"} & set(changes):
            # UpdateRole sets both, and what is left out to its default.
            merged = {**current, **{field: after for field, (_before, after) in changes.items()}}
            self.iam.update_role(
                RoleName=self.name,
                Description=merged["description"],
                MaxSessionDuration=merged["max_session_duration"],
            )
        if "permissions_boundary" in changes:
            self._set_boundary(changes["permissions_boundary"][1])
        if "inline_policies" in changes:
            self._set_inline_policies(*changes["inline_policies"])
        if "managed_policies" in changes:
            self._set_managed_policies(*changes["managed_policies"])
        if "tags" in changes:
            self._retag(*changes["tags"])

    def delete(self, current: State) -> None:
        """Delete a role that was read whole: DeleteRole refuses one that still has policies (DeleteConflict)."""
        self._set_inline_policies(current["inline_policies"], {})
        self._set_managed_policies(current["managed_policies"], [])
        self.iam.delete_role(RoleName=self.name)

    def instance_profiles(self) -> list[str]:
        """Names of the instance profiles that hold the role, for which it cannot be deleted."""
        found = pages(self.iam, "list_instance_profiles_for_role", "InstanceProfiles", RoleName=self.name)
        return sorted(profile["InstanceProfileName"] for profile in found)

    def _inline_policies(self) -> State:
        policies = {}
        for policy in pages(self.iam, "list_role_policies", "PolicyNames", RoleName=self.name):
            document = self.iam.get_role_policy(RoleName=self.name, PolicyName=policy)["PolicyDocument"]
            policies[str(policy)] = document
        return canonical_policies(policies)

    def _managed_policies(self) -> list[str]:
        attached = pages(self.iam, "list_attached_role_policies", "AttachedPolicies", RoleName=self.name)
        return sorted(policy["PolicyArn"] for policy in attached)

    def _set_inline_policies(self, now: State, wanted: State) -> None:
        for policy in sorted(wanted):
            if now.get(policy) != wanted[policy]:
                document = policy_json(self.options["inline_policies"][policy])
                self.iam.put_role_policy(RoleName=self.name, PolicyName=policy, PolicyDocument=document)
        for policy in sorted(set(now) - set(wanted)):
            self.iam.delete_role_policy(RoleName=self.name, PolicyName=policy)

    def _set_managed_policies(self, now: list[str], wanted: list[str]) -> None:
        for arn in sorted(set(wanted) - set(now)):
            self.iam.attach_role_policy(RoleName=self.name, PolicyArn=arn)
        for arn in sorted(set(now) - set(wanted)):
            self.iam.detach_role_policy(RoleName=self.name, PolicyArn=arn)

    def _set_boundary(self, arn: str) -> None:
        if arn:
            self.iam.put_role_permissions_boundary(RoleName=self.name, PermissionsBoundary=arn)
        else:
            self.iam.delete_role_permissions_boundary(RoleName=self.name)

    def _retag(self, now: Mapping[str, str], wanted: Mapping[str, str]) -> None:
        to_set, to_remove = tag_changes(now, wanted)
        if to_set:
            self.iam.tag_role(RoleName=self.name, Tags=to_pairs(to_set))
        if to_remove:
            self.iam.untag_role(RoleName=self.name, TagKeys=to_remove)


def canonical_policies(policies: Mapping[str, Any]) -> State:
    """Policies by name, each in the form in which two spellings of one compare equal."""
    return {name: canonical_policy(policies[name]) for name in sorted(policies)}
