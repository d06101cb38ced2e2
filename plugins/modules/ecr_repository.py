#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecr_repository
version_added: 1.0.0
short_description: Manage a private ECR repository
description:
  - Creates, corrects and deletes a repository, tag mutability, scanning, lifecycle policy, policy and tags.
  - Stands on the ECR API CreateRepository, PutImageTagMutability, PutImageScanningConfiguration, PutLifecyclePolicy,
    SetRepositoryPolicy, TagResource, DeleteRepository.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the repository, 2 to 256 lower-case characters.
    type: str
    required: true
  image_tag_mutability:
    description: Whether a tag may be moved to another image.
    type: str
    choices: [MUTABLE, IMMUTABLE]
  scan_on_push:
    description: Scan every image that is pushed for known vulnerabilities.
    type: bool
  encryption:
    description: Encryption of the images. AWS cannot change it in place.
    type: dict
    suboptions:
      type:
        description: Who holds the key.
        type: str
        choices: [AES256, KMS, KMS_DSSE]
        default: AES256
      kms_key_id:
        description: ARN of the KMS key of V(KMS) and V(KMS_DSSE).
        type: str
  lifecycle_policy:
    description: Lifecycle policy document, compared by what it says. An empty one removes it.
    type: dict
  policy:
    description: Repository policy document, compared by what it says. An empty one removes it.
    type: dict
  force:
    description: With O(state=absent), delete the images in it too, instead of refusing.
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
- name: Repository of the chat page's image
  private_rag.aws.ecr_repository:
    name: chatbot-frontend-prod
    image_tag_mutability: IMMUTABLE
    scan_on_push: true
    lifecycle_policy:
      rules:
        - rulePriority: 1
          description: Untagged images after 14 days
          selection: {tagStatus: untagged, countType: sinceImagePushed, countUnit: days, countNumber: 14}
          action: {type: expire}
    deployment: chatbot-prod
"""

RETURN = r"""
repository:
  description: The repository; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: chatbot-frontend-prod
    arn: arn:aws:ecr:ap-northeast-1:123456789012:repository/chatbot-frontend-prod
    uri: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/chatbot-frontend-prod
    image_tag_mutability: IMMUTABLE
    scan_on_push: true
    encryption.type: AES256
    lifecycle_policy: {}
    policy: {}
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
  sample: {scan_on_push: {before: false, after: true}}
"""

import json
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import flat, given, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import from_pairs, tag_changes, to_pairs

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "image_tag_mutability": {"type": "str", "choices": ["MUTABLE", "IMMUTABLE"]},
    "scan_on_push": {"type": "bool"},
    "encryption": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["AES256", "KMS", "KMS_DSSE"], "default": "AES256"},
            "kms_key_id": {"type": "str"},
        },
    },
    "lifecycle_policy": {"type": "dict"},
    "policy": {"type": "dict"},
    "force": {"type": "bool", "default": False},
}


class Repository(Resource):
    kind = "ECR repository"
    key = "repository"
    immutable = frozenset({"encryption.type", "encryption.kms_key_id"})
    computed = {"arn": "repository arn", "uri": "repository uri"}

    def desired(self) -> State:
        state = {
            **given(self.params, "name", "image_tag_mutability", "scan_on_push"),
            **flat("encryption", self.params["encryption"]),
            **self.tags(),
        }
        if self.params["lifecycle_policy"] is not None:
            state["lifecycle_policy"] = canonical_lifecycle(self.params["lifecycle_policy"])
        if self.params["policy"] is not None:
            state["policy"] = canonical_policy(self.params["policy"]) or {}
        return state

    def read(self) -> State | None:
        ecr, name = self.client("ecr"), self.params["name"]
        try:
            found = ecr.describe_repositories(repositoryNames=[name])["repositories"][0]
        except is_boto3_error_code("RepositoryNotFoundException"):
            return None
        encryption = found.get("encryptionConfiguration", {})
        return {
            "name": name,
            "arn": found["repositoryArn"],
            "uri": found["repositoryUri"],
            "image_tag_mutability": found["imageTagMutability"],
            "scan_on_push": found.get("imageScanningConfiguration", {}).get("scanOnPush", False),
            "encryption.type": encryption.get("encryptionType", "AES256"),
            "encryption.kms_key_id": encryption.get("kmsKey", ""),
            "lifecycle_policy": self._lifecycle_policy(),
            "policy": self._policy(),
            "tags": from_pairs(ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"]),
        }

    def create(self, desired: State) -> None:
        request: State = {}
        if "image_tag_mutability" in desired:
            request["imageTagMutability"] = desired["image_tag_mutability"]
        if "scan_on_push" in desired:
            request["imageScanningConfiguration"] = {"scanOnPush": desired["scan_on_push"]}
        if "encryption.type" in desired:
            key = {"kmsKey": desired["encryption.kms_key_id"]} if desired.get("encryption.kms_key_id") else {}
            request["encryptionConfiguration"] = {"encryptionType": desired["encryption.type"], **key}
        if desired.get("tags"):
            request["tags"] = to_pairs(desired["tags"])
        self.client("ecr").create_repository(repositoryName=desired["name"], **request)
        self._set_policies({field: desired[field] for field in ("lifecycle_policy", "policy") if desired.get(field)})

    def update(self, current: State, changes: Changes) -> None:
        ecr, name, wanted = self.client("ecr"), current["name"], wanted_values(changes)
        if "image_tag_mutability" in wanted:
            ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=wanted["image_tag_mutability"])
        if "scan_on_push" in wanted:
            scanning = {"scanOnPush": wanted["scan_on_push"]}
            ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=scanning)
        self._set_policies(wanted)
        if "tags" in wanted:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                ecr.tag_resource(resourceArn=current["arn"], tags=to_pairs(to_set))
            if to_remove:
                ecr.untag_resource(resourceArn=current["arn"], tagKeys=to_remove)

    def delete(self, current: State) -> None:
        try:
            self.client("ecr").delete_repository(repositoryName=current["name"], force=self.params["force"])
        except is_boto3_error_code("RepositoryNotEmptyException") as error:
            raise ReconcileError(f"{self.label} holds images. Set force: true to delete them with it.") from error

    def _lifecycle_policy(self) -> State:
        try:
            answer = self.client("ecr").get_lifecycle_policy(repositoryName=self.params["name"])
        except is_boto3_error_code("LifecyclePolicyNotFoundException"):
            return {}
        return canonical_lifecycle(json.loads(answer["lifecyclePolicyText"]))

    def _policy(self) -> State:
        try:
            answer = self.client("ecr").get_repository_policy(repositoryName=self.params["name"])
        except is_boto3_error_code("RepositoryPolicyNotFoundException"):
            return {}
        return canonical_policy(answer["policyText"]) or {}

    def _set_policies(self, wanted: State) -> None:
        ecr, name = self.client("ecr"), self.params["name"]
        if wanted.get("lifecycle_policy"):
            ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps(wanted["lifecycle_policy"]))
        elif "lifecycle_policy" in wanted:
            ecr.delete_lifecycle_policy(repositoryName=name)
        if wanted.get("policy"):
            ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(wanted["policy"]))
        elif "policy" in wanted:
            ecr.delete_repository_policy(repositoryName=name)


def canonical_lifecycle(document: State) -> State:
    """A lifecycle policy with its rules by priority and its lists sorted; C({}) for none.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
    """
    rules = sorted(document.get("rules", []), key=lambda rule: int(rule["rulePriority"]))
    return {"rules": [_canonical_rule(rule) for rule in rules]} if rules else {}


def _canonical_rule(rule: State) -> State:
    selection = {key: sorted(value) if isinstance(value, list) else value for key, value in rule["selection"].items()}
    if "countNumber" in selection:
        selection["countNumber"] = int(selection["countNumber"])
    return {**rule, "rulePriority": int(rule["rulePriority"]), "selection": selection}


def main() -> None:
    run(Repository, ARGUMENT_SPEC, owned=True)


if __name__ == "__main__":
    main()
