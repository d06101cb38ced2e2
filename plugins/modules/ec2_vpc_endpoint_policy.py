#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ec2_vpc_endpoint_policy
version_added: 1.0.0
short_description: Manage the policy of a VPC endpoint
description:
  - Sets what may be reached through an endpoint, apart from the endpoint itself, because such a policy often names
    what can be created only once the endpoint exists.
  - Without one, an endpoint has AWS's own policy, which allows everything; O(state=absent) returns to it.
  - Stands on the EC2 API DescribeVpcEndpoints and ModifyVpcEndpoint.
author:
  - private_rag.aws contributors (@private-rag)
options:
  vpc_endpoint_id:
    description: Id of the endpoint.
    type: str
    required: true
  policy:
    description: The policy document. Needed with O(state=present).
    type: dict
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Nothing but the chatbot's API
  private_rag.aws.ec2_vpc_endpoint_policy:
    vpc_endpoint_id: vpce-0123456789abcdef0
    policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: "*"
          Action: execute-api:Invoke
          Resource: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*
"""

RETURN = r"""
vpc_endpoint_policy:
  description: The endpoint's id and its policy in canonical form; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    vpc_endpoint_id: vpce-0123456789abcdef0
    policy: {Version: "2012-10-17", Statement: []}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {policy: {before: null, after: {Version: "2012-10-17", Statement: []}}}
"""

import json
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import canonical_policy
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "vpc_endpoint_id": {"type": "str", "required": True},
    "policy": {"type": "dict"},
}


def allows_everything(policy: dict[str, Any] | None) -> bool:
    """Whether a canonical policy is the one that AWS gives an endpoint by itself.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#default-endpoint-policy
    """
    if policy is None:
        return True
    statements = [{key: value for key, value in item.items() if key != "Sid"} for item in policy["Statement"]]
    everything = {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]}
    return statements == [everything]


class VpcEndpointPolicy(Resource):
    kind = "policy of VPC endpoint"
    key = "vpc_endpoint_policy"
    identity = ("vpc_endpoint_id",)

    def desired(self) -> State:
        policy = canonical_policy(self.params["policy"])
        if policy is None:
            raise ReconcileError("policy is needed with state=present")
        return {"policy": policy}

    def read(self) -> State | None:
        endpoint_id = self.params["vpc_endpoint_id"]
        try:
            found = self.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
        except is_boto3_error_code("InvalidVpcEndpointId.NotFound"):
            found = []
        if not found:
            return self._missing_endpoint()
        policy = canonical_policy(found[0].get("PolicyDocument"))
        return None if allows_everything(policy) else {"vpc_endpoint_id": endpoint_id, "policy": policy}

    def _missing_endpoint(self) -> None:
        if self.params["state"] == "present":
            raise ReconcileError(f"VPC endpoint {self.params['vpc_endpoint_id']} does not exist")

    def create(self, desired: State) -> None:
        self._modify(PolicyDocument=json.dumps(self.params["policy"]))

    def update(self, current: State, changes: Changes) -> None:
        self._modify(PolicyDocument=json.dumps(self.params["policy"]))

    def delete(self, current: State) -> None:
        self._modify(ResetPolicy=True)

    def _modify(self, **change: Any) -> None:
        self.client("ec2").modify_vpc_endpoint(VpcEndpointId=self.params["vpc_endpoint_id"], **change)


def main() -> None:
    run(VpcEndpointPolicy, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
