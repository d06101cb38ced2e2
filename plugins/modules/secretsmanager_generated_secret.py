#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: secretsmanager_generated_secret
version_added: 1.0.0
short_description: Manage a secret whose value nobody needs to know
description:
  - Creates a secret in Secrets Manager with a random value of letters and digits, and never changes that value.
  - The value is not returned, not logged and not kept by Ansible.
  - A secret of this deployment that waits for its deletion is deleted at once and made anew; one of somebody else is
    left to be restored, and the module fails.
  - Stands on the Secrets Manager API GetRandomPassword, CreateSecret, UpdateSecret, RestoreSecret, TagResource,
    DeleteSecret.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the secret, 1 to 512 characters.
    type: str
    required: true
  description:
    description: What the secret is for.
    type: str
  length:
    description: Characters of the value, 32 to 4096. Counts at creation only.
    type: int
    default: 64
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: What signs the chat page's cookies
  private_rag.aws.secretsmanager_generated_secret:
    name: chatbot/prod/streamlit-cookie
    description: Signs the cookies of the chat page
    deployment: chatbot-prod
"""

RETURN = r"""
secret:
  description: The secret without its value; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: chatbot/prod/streamlit-cookie
    arn: arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:chatbot/prod/streamlit-cookie-AbCdEf
    description: Signs the cookies of the chat page
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {description: {before: "", after: Signs the cookies of the chat page}}
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
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, from_pairs, tag_changes, to_pairs

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str"},
    "length": {"type": "int", "default": 64},
}


class GeneratedSecret(Resource):
    kind = "secret"
    key = "secret"
    computed = {"arn": "secret arn"}

    def desired(self) -> State:
        if not 32 <= self.params["length"] <= 4096:
            raise ReconcileError(f"length: {self.params['length']} is not between 32 and 4096")
        description = self.params["description"]
        return {
            "name": self.params["name"],
            **({} if description is None else {"description": description}),
            **self.tags(),
        }

    def read(self) -> State | None:
        try:
            secret = self.client("secretsmanager").describe_secret(SecretId=self.params["name"])
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        if "DeletedDate" in secret:
            # Within its recovery window a secret blocks its name; as nobody needs the old value, it is ended now.
            return self._end_recovery(secret["ARN"], from_pairs(secret.get("Tags")).get(OWNER_TAG, ""))
        return {
            "name": secret["Name"],
            "arn": secret["ARN"],
            "description": secret.get("Description", ""),
            "tags": from_pairs(secret.get("Tags")),
        }

    def _end_recovery(self, arn: str, owner: str) -> None:
        if self.params["state"] == "absent":
            return
        deployment = self.params["deployment"]
        if deployment and owner != deployment and (owner or not self.params["adopt"]):
            raise ReconcileError(
                f"{self.label} was not made by this deployment. It is marked for deletion, blocks its name until then, "
                "and its owner may still restore it. Choose another name, or wait until it is gone."
            )
        if not self.module.check_mode:
            self.client("secretsmanager").restore_secret(SecretId=arn)
            self.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    def create(self, desired: State) -> None:
        secrets = self.client("secretsmanager")
        value = secrets.get_random_password(PasswordLength=self.params["length"], ExcludePunctuation=True)
        tags = to_pairs(desired.get("tags"))
        secrets.create_secret(
            Name=desired["name"],
            Description=desired.get("description", ""),
            SecretString=value["RandomPassword"],
            **({"Tags": tags} if tags else {}),
        )

    def update(self, current: State, changes: Changes) -> None:
        secrets = self.client("secretsmanager")
        if "description" in changes:
            secrets.update_secret(SecretId=current["arn"], Description=changes["description"][1])
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                secrets.tag_resource(SecretId=current["arn"], Tags=to_pairs(to_set))
            if to_remove:
                secrets.untag_resource(SecretId=current["arn"], TagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("secretsmanager").delete_secret(SecretId=current["arn"], ForceDeleteWithoutRecovery=True)


def main() -> None:
    run(GeneratedSecret, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
