#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_resource_policy
version_added: 1.0.0
short_description: Manage a Lambda function's resource-based policy, exactly
description:
  - Says which services and accounts may invoke a function. Any other statement of the policy is removed.
  - AWS cannot change a statement, so one that differs is removed and added again. Before one is added, a function that
    is still pending is waited for.
  - Faults in the options of any statement are all told at once, before anything is written.
  - With O(state=absent) every statement is removed.
  - Stands on the Lambda API AddPermission, RemovePermission, GetPolicy.
author:
  - private_rag.aws contributors (@private-rag)
options:
  function_name:
    description: Name or ARN of the function.
    type: str
    required: true
  statements:
    description:
      - The statements, exactly; an empty list for none. The whole policy has up to 20 KB.
      - Required with O(state=present); does not count with O(state=absent).
    type: list
    elements: dict
    suboptions:
      statement_id:
        description: Id of the statement, 1 to 100 letters, digits, C(-) and C(_), unique in the policy.
        type: str
        required: true
      principal:
        description:
          - The service, such as V(apigateway.amazonaws.com), the account or the ARN. Required with O(state=present).
        type: str
      action:
        description: The action that is allowed.
        type: str
        default: lambda:InvokeFunction
      source_arn:
        description: ARN of the resource that invokes, with C(*) for any characters. Left out, any resource may.
        type: str
      source_account:
        description: Account that the resource belongs to, 12 digits. Left out, any account's may.
        type: str
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The API may invoke the function for POST /, and nobody else may
  private_rag.aws.lambda_resource_policy:
    function_name: ChatbotBackendFunctionProd
    statements:
      - statement_id: api-gateway-post
        principal: apigateway.amazonaws.com
        source_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/
"""

RETURN = r"""
policy:
  description:
    - The fields of each statement under C(statement_id.field), and the ids of the statements that are not wanted.
    - Conditions other than the source's are in C(other_conditions); none are wanted. Empty after O(state=absent).
  returned: always
  type: dict
  sample:
    api-gateway-post.principal: apigateway.amazonaws.com
    api-gateway-post.action: lambda:InvokeFunction
    api-gateway-post.source_arn: arn:aws:execute-api:ap-northeast-1:123456789012:a1b2c3d4e5/*/POST/
    api-gateway-post.source_account: ""
    api-gateway-post.other_conditions: {}
    extra_statements: []
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {api-gateway-post.source_account: {before: "", after: "123456789012"}}
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import of
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, State
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait
from ansible_collections.private_rag.aws.plugins.module_utils._whole_set import WholeSet

ARGUMENT_SPEC: dict[str, Any] = {
    "function_name": {"type": "str", "required": True},
    "statements": {
        "type": "list",
        "elements": "dict",
        "options": {
            "statement_id": {"type": "str", "required": True},
            "principal": {"type": "str"},
            "action": {"type": "str", "default": "lambda:InvokeFunction"},
            "source_arn": {"type": "str"},
            "source_account": {"type": "str"},
        },
    },
}
# Field -> AddPermission's parameter.
REQUEST = {"principal": "Principal", "action": "Action", "source_arn": "SourceArn", "source_account": "SourceAccount"}
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


class Policy(WholeSet):
    kind = "resource policy of Lambda function"
    key = "policy"
    parent, option, name = "function_name", "statements", "statement_id"

    def found(self) -> dict[str, dict[str, Any]]:
        try:
            policy = self.client("lambda").get_policy(FunctionName=self.params["function_name"])["Policy"]
        except is_boto3_error_code("ResourceNotFoundException"):
            return {}
        return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}

    def faults_of(self, options: dict[str, Any]) -> Iterator[str]:
        sid = options["statement_id"]
        if not _ID.fullmatch(sid):
            yield f"{sid!r} is no id of a statement: 1 to 100 letters, digits, - and _"
        if not options["principal"]:
            yield f"{sid}: principal is missing"

    def wanted_state(self, options: dict[str, Any]) -> State:
        principal = options["principal"]
        # Lambda tells an account as the ARN of its root.
        if principal.isdigit() and len(principal) == 12:
            principal = f"arn:aws:iam::{principal}:root"
        return {**{field: options[field] or "" for field in REQUEST}, "principal": principal, "other_conditions": {}}

    def state_of(self, thing: dict[str, Any]) -> State:
        return state_of(thing)

    def update(self, current: State, changes: Changes) -> None:
        differing = [options for options in self.wanted if of(options["statement_id"], changes)]
        if differing:
            # A function that is Pending takes no calls that work on it (Lambda guide, "Lambda function states").
            wait(self.client("lambda"), "lambda_function_active", FunctionName=self.params["function_name"])
        self.delete(current)
        for options in differing:
            if of(options["statement_id"], current):
                self.remove(options["statement_id"])
            self._add(options)

    def remove(self, name: str) -> None:
        self.client("lambda").remove_permission(FunctionName=self.params["function_name"], StatementId=name)

    def _add(self, options: dict[str, Any]) -> None:
        given = {parameter: options[field] for field, parameter in REQUEST.items() if options[field]}
        self.client("lambda").add_permission(
            FunctionName=self.params["function_name"], StatementId=options["statement_id"], **given
        )


def state_of(statement: dict[str, Any]) -> State:
    """A statement as AddPermission took it; Lambda writes each source as a condition of its own."""
    principal = statement.get("Principal", "")
    principal = next(iter(principal.values())) if isinstance(principal, dict) else principal
    conditions = {
        name.lower(): value for names in statement.get("Condition", {}).values() for name, value in names.items()
    }
    return {
        "principal": principal,
        "action": statement["Action"],
        "source_arn": conditions.pop("aws:sourcearn", ""),
        "source_account": conditions.pop("aws:sourceaccount", ""),
        "other_conditions": conditions,
    }


def main() -> None:
    run(Policy, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
