# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: model_statements
version_added: 1.0.0
short_description: The statements of an IAM policy that let one model of Bedrock be invoked
author: private_rag.aws contributors (@private-rag)
description:
  - A model is allowed by itself. A cross-region inference profile is allowed by itself and with its model in every
    region that it routes to, the latter only through the profile; a global one with the model without a region besides.
options:
  _input:
    description: Id of a model or of an inference profile (told by its prefix, such as C(jp.)), or the ARN of a model.
      An empty one needs no statement.
    type: str
    required: true
  sid:
    description: Name of the statement.
    type: str
    required: true
  actions:
    description: What is allowed.
    type: list
    elements: str
    default: ["bedrock:InvokeModel"]
  region:
    description: Region of the calls.
    type: str
    required: true
  account_id:
    description: Account of the inference profile.
    type: str
    required: true
  profile_regions:
    description: Regions that the inference profile routes to.
    type: list
    elements: str
    default: []
seealso:
  - name: Prerequisites for inference profiles
    description: Bedrock User Guide
    link: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
"""

EXAMPLES = r"""
- name: What an embedding model needs
  ansible.builtin.debug:
    msg: "{{ 'amazon.titan-embed-text-v2:0' | private_rag.aws.model_statements('EmbedQuestions', **place) }}"
  vars:
    place: {region: ap-northeast-1, account_id: "123456789012", profile_regions: []}
"""

RETURN = r"""
_value:
  description: One statement for a model, two for a profile, none for an empty id.
  type: list
  elements: dict
  sample:
    - Sid: EmbedQuestions
      Effect: Allow
      Action: ["bedrock:InvokeModel"]
      Resource: arn:aws:bedrock:ap-northeast-1::foundation-model/amazon.titan-embed-text-v2:0
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_PROFILE = re.compile(r"(jp|apac|global|us|eu|au|ca)\.(.+)")
_GLOBAL = "global"
_INVOKE = ("bedrock:InvokeModel",)


def model_statements(
    model_id: str,
    sid: str,
    actions: Sequence[str] = _INVOKE,
    *,
    region: str,
    account_id: str,
    profile_regions: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """See DOCUMENTATION."""
    if not model_id:
        return []
    allowed = {"Effect": "Allow", "Action": list(actions)}
    profile = _PROFILE.fullmatch(model_id)
    if not profile:
        arn = model_id if model_id.startswith("arn:") else _model_arn(region, model_id)
        return [{"Sid": sid, **allowed, "Resource": arn}]
    arn = f"arn:aws:bedrock:{region}:{account_id}:inference-profile/{model_id}"
    # https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
    regions = [*profile_regions, *([""] if profile[1] == _GLOBAL else [])]
    return [
        {"Sid": sid.replace("Model", "Profile"), **allowed, "Resource": arn},
        {
            "Sid": f"{sid}ThroughTheProfile",
            **allowed,
            "Resource": [_model_arn(each, profile[2]) for each in regions],
            "Condition": {"StringEquals": {"bedrock:InferenceProfileArn": arn}},
        },
    ]


def _model_arn(region: str, model_id: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model_id}"


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"model_statements": model_statements}
