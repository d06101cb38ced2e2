#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_resource_policy
version_added: 1.0.0
short_description: Manage the resource policy of a REST API
description:
  - Writes or removes the policy that says who may call the API. A private API cannot be deployed without one.
  - Compares what the policy means, not how it is written. AWS returns it with backslashes and with its short ARNs
    in full.
  - A change is live only after a deployment, see M(private_rag.aws.apigateway_stage).
  - Stands on the API Gateway API UpdateRestApi, GetRestApi.
author:
  - private_rag.aws contributors (@private-rag)
options:
  rest_api_id:
    description: Id of the API.
    type: str
    required: true
  policy:
    description: The policy; C(execute-api:/*) stands for every stage and method of this API.
    type: dict
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Only the task role may call the API, and only through the VPC endpoint
  private_rag.aws.apigateway_resource_policy:
    rest_api_id: a1b2c3d4e5
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Deny
          Principal: "*"
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition: {StringNotEquals: {"aws:SourceVpce": vpce-0123456789abcdef0}}
        - Effect: Allow
          Principal: {AWS: "arn:aws:iam::123456789012:role/ecs-task-role-sg"}
          Action: execute-api:Invoke
          Resource: execute-api:/prod/POST/
"""

RETURN = r"""
resource_policy:
  description: The policy; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    rest_api_id: a1b2c3d4e5
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: ["*"]}
          Action: ["execute-api:Invoke"]
          Resource: ["execute-api:/*"]
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: The policy before and after, where it differed.
  returned: always
  type: dict
  sample: {}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._apigateway import canonical_api_policy
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import policy_json
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State
from ansible_collections.private_rag.aws.plugins.module_utils._retries import patiently

ARGUMENT_SPEC: dict[str, Any] = {
    "rest_api_id": {"type": "str", "required": True},
    "policy": {"type": "dict"},
}


class ResourcePolicy(Resource):
    kind = "resource policy of REST API"
    key = "resource_policy"
    identity = ("rest_api_id",)

    def desired(self) -> State:
        api = self.params["rest_api_id"]
        return {"rest_api_id": api, "policy": canonical_api_policy(self.params["policy"], api)}

    def read(self) -> State | None:
        api = self.params["rest_api_id"]
        try:
            policy = self.client("apigateway").get_rest_api(restApiId=api).get("policy")
        except is_boto3_error_code("NotFoundException"):
            return None
        return {"rest_api_id": api, "policy": canonical_api_policy(policy, api)} if policy else None

    def create(self, desired: State) -> None:
        self._write(policy_json(self.params["policy"]))

    def update(self, current: State, changes: Changes) -> None:
        self._write(policy_json(self.params["policy"]))

    def delete(self, current: State) -> None:
        # An empty text removes the policy.
        self._write("")

    def _write(self, text: str) -> None:
        patch = {"op": "replace", "path": "/policy", "value": text}
        update = patiently("api_policy_valid", self.client("apigateway").update_rest_api)
        update(restApiId=self.params["rest_api_id"], patchOperations=[patch])


def main() -> None:
    run(ResourcePolicy, ARGUMENT_SPEC, required_if=[("state", "present", ["policy"])])


if __name__ == "__main__":
    main()
