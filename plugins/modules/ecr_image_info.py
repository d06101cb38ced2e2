#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecr_image_info
version_added: 1.0.0
short_description: Find an image in a private ECR repository
description:
  - Turns a tag into the image's digest, so that a task definition can name exactly this image.
  - ECS takes a service whose image does not exist; this module tells before that it does not.
  - Stands on the ECR API DescribeImages, DescribeRepositories.
author:
  - private_rag.aws contributors (@private-rag)
options:
  repository:
    description: Name of the repository.
    type: str
    required: true
  tag:
    description: Tag of the image. Either this or O(digest).
    type: str
  digest:
    description: Digest of the image, C(sha256:...). Either this or O(tag).
    type: str
  missing_ok:
    description: Return an empty RV(image) where there is no such image or repository, instead of failing.
    type: bool
    default: false
attributes:
  check_mode:
    description: Reads in check mode as it does otherwise.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: none
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The digest of the image that is to be deployed
  private_rag.aws.ecr_image_info:
    repository: chatbot-frontend-prod
    tag: 3f1c2a9d8b7e6f50
  register: image
"""

RETURN = r"""
image:
  description: The image; empty where there is none and O(missing_ok) is set.
  returned: always
  type: dict
  sample:
    repository: chatbot-frontend-prod
    digest: sha256:0d4d5d8e7a1c7a1b7a3d3a4e9a0f0c0b0a09080706050403020100ffeeddccbb
    uri: 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/chatbot-frontend-prod@sha256:0d4d5d8e7a1c7a1b7a3d3a4e9a0f
    tags: [3f1c2a9d8b7e6f50]
    pushed_at: "2026-11-23T06:00:00+00:00"
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module
from ansible_collections.private_rag.aws.plugins.module_utils._ecr import find_image, known_tags
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "repository": {"type": "str", "required": True},
    "tag": {"type": "str"},
    "digest": {"type": "str"},
    "missing_ok": {"type": "bool", "default": False},
}


def find(module: Any) -> dict[str, Any]:
    """The module's result. Raises ReconcileError where there is no such image."""
    params, ecr = module.params, module.client("ecr")
    wanted = params["tag"] or params["digest"]
    if has_unknown(wanted) or has_unknown(params["repository"]):
        return {"changed": False, "image": {}}
    image = find_image(ecr, params["repository"], tag=params["tag"] or "", digest=params["digest"] or "")
    if image is None and not params["missing_ok"]:
        tags = ", ".join(known_tags(ecr, params["repository"])) or "no tags at all"
        raise ReconcileError(
            f"ECR repository {params['repository']} has no image {wanted}. It has: {tags}. Push the image first."
        )
    return {"changed": False, "image": image or {}}


def main() -> None:
    module = make_module(
        ARGUMENT_SPEC,
        state=False,
        mutually_exclusive=[("tag", "digest")],
        required_one_of=[("tag", "digest")],
    )
    answer(module, lambda: find(module), "find the image")


if __name__ == "__main__":
    main()
