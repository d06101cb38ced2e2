#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_permission
version_added: 1.0.0
short_description: Manage one statement of a Lambda function's resource policy
description:
  - Lets a service or an account invoke a function. AWS cannot change a statement, so one that differs is removed and
    added again.
  - Stands on the Lambda API AddPermission, RemovePermission, GetPolicy.
author:
  - private_rag.aws contributors (@private-rag)
options:
  function_name:
    description: Name of the function.
    type: str
    required: true
  statement_id:
    description: Id of the statement, 1 to 100 characters.
    type: str
    required: true
  principal:
    description: The service, such as V(apigateway.amazonaws.com), the account or the ARN. Required to add it.
    type: str
  action:
    description: The action that is allowed.
    type: str
    default: lambda:InvokeFunction
  source_arn:
    description: ARN of the resource that invokes, with C(*) for any characters. Left out, any resource may.
    type: str
  source_account:
    description: Account that the resource belongs to. Left out, any account's may.
    type: str
  other_statements:
    description: The statements that the function's policy may have besides. Any other is removed. Left out, all stay.
    type: list
    elements: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The API may invoke the function for POST /
  private_rag.aws.lambda_permission:
    function_name: ChatbotBackendFunctionProd
    statement_id: api-gateway-post
    principal: apigateway.amazonaws.com
    source_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/
"""

RETURN = r"""
permission:
  description: The statement; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    function_name: ChatbotBackendFunctionProd
    statement_id: api-gateway-post
    principal: apigateway.amazonaws.com
    action: lambda:InvokeFunction
    source_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/
    source_account: ""
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {source_account: {before: "", after: "123456789012"}}
"""

import json
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "function_name": {"type": "str", "required": True},
    "statement_id": {"type": "str", "required": True},
    "principal": {"type": "str"},
    "action": {"type": "str", "default": "lambda:InvokeFunction"},
    "source_arn": {"type": "str"},
    "source_account": {"type": "str"},
    "other_statements": {"type": "list", "elements": "str"},
}
# Field -> AddPermission's parameter.
REQUEST = {
    "function_name": "FunctionName",
    "statement_id": "StatementId",
    "principal": "Principal",
    "action": "Action",
    "source_arn": "SourceArn",
    "source_account": "SourceAccount",
}


class Permission(Resource):
    kind = "Lambda permission"
    key = "permission"
    identity = ("function_name", "statement_id")

    def desired(self) -> State:
        alone = {} if self.params["other_statements"] is None else {"unwanted_statements": []}
        return {**{field: self.params[field] or "" for field in REQUEST}, "principal": self._principal(), **alone}

    def read(self) -> State | None:
        try:
            policy = self.client("lambda").get_policy(FunctionName=self.params["function_name"])["Policy"]
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        statements = json.loads(policy)["Statement"]
        found = next((each for each in statements if each.get("Sid") == self.params["statement_id"]), None)
        if found is None:
            return None
        allowed = self.params["other_statements"]
        others = [each["Sid"] for each in statements if each is not found and allowed is not None]
        unwanted = sorted(sid for sid in others if sid not in allowed)
        return {"function_name": self.params["function_name"], **state_of(found), "unwanted_statements": unwanted}

    def create(self, desired: State) -> None:
        # A function that is Pending takes no calls that work on it (Lambda guide, "Lambda function states").
        wait(self.client("lambda"), "lambda_function_active", FunctionName=desired["function_name"])
        self._add(desired)
        for statement in (self.read() or {"unwanted_statements": []})["unwanted_statements"]:
            self.delete({**desired, "statement_id": statement})

    def update(self, current: State, changes: Changes) -> None:
        for statement in changes.get("unwanted_statements", ([], []))[0]:
            self.delete({**current, "statement_id": statement})
        if changes.keys() != {"unwanted_statements"}:
            self.delete(current)
            self._add({**current, **{field: after for field, (_before, after) in changes.items()}})

    def delete(self, current: State) -> None:
        self.client("lambda").remove_permission(
            FunctionName=current["function_name"], StatementId=current["statement_id"]
        )

    def _add(self, state: State) -> None:
        given = {parameter: state[field] for field, parameter in REQUEST.items() if state[field]}
        self.client("lambda").add_permission(**given)

    def _principal(self) -> str:
        """As GetPolicy returns it: an account becomes the ARN of its root."""
        principal = self.params["principal"] or ""
        return f"arn:aws:iam::{principal}:root" if principal.isdigit() and len(principal) == 12 else principal


def state_of(statement: dict[str, Any]) -> State:
    """A statement as AddPermission took it; Lambda writes each source as a condition of its own."""
    principal = statement.get("Principal", "")
    principal = next(iter(principal.values())) if isinstance(principal, dict) else principal
    conditions = {
        name.lower(): value for names in statement.get("Condition", {}).values() for name, value in names.items()
    }
    return {
        "statement_id": statement["Sid"],
        "principal": principal,
        "action": statement["Action"],
        "source_arn": conditions.get("aws:sourcearn", ""),
        "source_account": conditions.get("aws:sourceaccount", ""),
    }


def main() -> None:
    run(Permission, ARGUMENT_SPEC, required_if=[("state", "present", ["principal"])])


if __name__ == "__main__":
    main()
