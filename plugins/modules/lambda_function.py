#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lambda_function
version_added: 1.0.0
short_description: Manage a Lambda function
description:
  - Creates, corrects and deletes a function from a zip file, with its network, log settings, layers, concurrency and
    tags, and waits until it can be invoked.
  - A role that IAM made seconds ago and that Lambda does not know yet is waited for, at most 60 seconds.
  - Stands on the Lambda API CreateFunction, GetFunction, UpdateFunctionCode, UpdateFunctionConfiguration,
    PutFunctionConcurrency, DeleteFunctionConcurrency, TagResource, UntagResource, DeleteFunction.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the function, 1 to 64 characters.
    type: str
    required: true
  description:
    description: Description, up to 256 characters.
    type: str
  runtime:
    description: Identifier of the runtime, such as V(python3.12). Required to create the function.
    type: str
  architectures:
    description: The one instruction set. AWS's default is V(x86_64).
    type: list
    elements: str
    choices: [x86_64, arm64]
  handler:
    description: The function within the code, as V(module.function). Required to create the function.
    type: str
  role:
    description: ARN of the execution role. Required to create the function.
    type: str
  zip_file:
    description:
      - Path of the deployment package on the host that runs the module, up to 50 MB. Required to create the function.
      - Only in check mode it may be missing.
    type: path
  code_sha256:
    description:
      - The package's hash as Lambda counts it, as RV(private_rag.aws.lambda_package#module:package.sha256) returns it.
        Compared in check mode where O(zip_file) is not there yet; otherwise the hash of the file counts.
    type: str
  timeout:
    description: Longest run in seconds, 1 to 900. AWS's default is 3.
    type: int
  memory_size:
    description: Memory in MB, 128 to 10240; the share of the processor follows it. AWS's default is 128.
    type: int
  ephemeral_storage:
    description: Size of C(/tmp) in MB, 512 to 10240. AWS's default is 512.
    type: int
  environment:
    description:
      - The environment variables, exactly. Together up to 4 KB; AWS reserves names such as C(AWS_REGION).
      - YAML's true becomes the text V(true). A variable without a value is refused; an empty text is one.
    type: dict
  subnet_ids:
    description: Subnets of the function. An empty list takes it out of the VPC.
    type: list
    elements: str
  security_group_ids:
    description: Security groups of the function's network interfaces.
    type: list
    elements: str
  log_group:
    description: Log group that the function writes to. AWS's default is C(/aws/lambda/) and the name.
    type: str
  log_format:
    description: Format of the log. AWS's default is V(Text).
    type: str
    choices: [Text, JSON]
  layers:
    description: ARNs of the layer versions, exactly and in this order, at most 5.
    type: list
    elements: str
  reserved_concurrency:
    description: Concurrent runs that are reserved for the function and bound it. V(-1) removes the reservation.
    type: int
  tracing_mode:
    description: X-Ray tracing. AWS's default is V(PassThrough).
    type: str
    choices: [PassThrough, Active]
  wait:
    description:
      - Wait until a function that was made can be invoked. An update waits anyway, before, until Lambda takes it, and
        afterwards.
      - A function in a VPC is V(Pending) for about 90 seconds.
    type: bool
    default: true
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: The chatbot's function
  private_rag.aws.lambda_function:
    name: ChatbotBackendFunctionProd
    runtime: python3.12
    architectures: [x86_64]
    handler: lambda_function.lambda_handler
    role: arn:aws:iam::123456789012:role/lambda-rag-processor-role-prod
    zip_file: build/chatbot-backend.zip
    timeout: 28
    memory_size: 512
    environment:
      ES_HOST: https://search.corp.example:9200
    subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    security_group_ids: [sg-0123456789abcdef0]
    deployment: chatbot-prod
"""

RETURN = r"""
function:
  description: The function; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: ChatbotBackendFunctionProd
    arn: arn:aws:lambda:ap-northeast-1:123456789012:function:ChatbotBackendFunctionProd
    version: $LATEST
    code_sha256: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
    invoke_arn: arn:aws:apigateway:ap-northeast-1:lambda:path/2015-03-31/functions/arn:aws:lambda:.../invocations
    handler: lambda_function.lambda_handler
    runtime: python3.12
    role: arn:aws:iam::123456789012:role/lambda-rag-processor-role-prod
    timeout: 28
    memory_size: 512
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
  sample: {timeout: {before: 3, after: 28}}
"""

from pathlib import Path
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils import _lambda_function as shapes
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._lambda_package import code_sha256
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact, text
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._retries import patiently
from ansible_collections.private_rag.aws.plugins.module_utils._tags import tag_changes
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown, unknown
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str"},
    "runtime": {"type": "str"},
    "architectures": {"type": "list", "elements": "str", "choices": ["x86_64", "arm64"]},
    "handler": {"type": "str"},
    "role": {"type": "str"},
    "zip_file": {"type": "path"},
    "code_sha256": {"type": "str"},
    "timeout": {"type": "int"},
    "memory_size": {"type": "int"},
    "ephemeral_storage": {"type": "int"},
    "environment": {"type": "dict"},
    "subnet_ids": {"type": "list", "elements": "str"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "log_group": {"type": "str"},
    "log_format": {"type": "str", "choices": ["Text", "JSON"]},
    "layers": {"type": "list", "elements": "str"},
    "reserved_concurrency": {"type": "int"},
    "tracing_mode": {"type": "str", "choices": ["PassThrough", "Active"]},
    "wait": {"type": "bool", "default": True},
}
TO_CREATE = ("runtime", "handler", "role", "zip_file")


class Function(Resource):
    kind = "Lambda function"
    key = "function"
    computed = {"arn": "function arn", "version": "function version", "invoke_arn": "function invoke arn"}

    def desired(self) -> State:
        params = self.params
        sets = {field: params[field] and sorted(set(params[field])) for field in ("subnet_ids", "security_group_ids")}
        variables = params["environment"]
        return compact(
            {
                **{field: params[field] for field in (*shapes.PLAIN, "name", "architectures", "reserved_concurrency")},
                **sets,
                "environment": None if variables is None else self._texts(variables),
                "code_sha256": self._code_sha256(),
                **self.tags(),
            }
        )

    def read(self) -> State | None:
        client, name = self.client("lambda"), self.params["name"]
        try:
            answer = client.get_function(FunctionName=name)
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        waits = self.params["wait"] and not self.module.check_mode
        if waits and shapes.is_changing(answer["Configuration"]):
            wait(client, "lambda_function_at_rest", FunctionName=name)
            answer = client.get_function(FunctionName=name)
        if self.params["state"] == "present":
            self._refuse_failed(answer["Configuration"])
        return shapes.state_of(answer)

    def create(self, desired: State) -> None:
        missing = [option for option in TO_CREATE if not self.params[option]]
        if missing:
            raise ReconcileError(f"{self.label} does not exist, and to create it needs {', '.join(missing)}")
        optional = {"Architectures": desired.get("architectures"), "Tags": desired.get("tags")}
        patiently("lambda_role_usable", self.client("lambda").create_function)(
            FunctionName=desired["name"],
            PackageType="Zip",
            Code={"ZipFile": self._zip()},
            **shapes.configuration(desired, desired),
            **compact(optional),
        )
        reserved = desired.get("reserved_concurrency", -1)
        if self.params["wait"] or reserved >= 0:
            self._settle()
        if reserved >= 0:
            self._reserve(reserved)

    def update(self, current: State, changes: Changes) -> None:
        name, client = current["name"], self.client("lambda")
        wait(client, "lambda_function_at_rest", FunctionName=name)
        wanted = {field: after for field, (_before, after) in changes.items()}
        if {"code_sha256", "architectures"} & set(wanted):
            architectures = wanted.get("architectures", current["architectures"])
            client.update_function_code(FunctionName=name, ZipFile=self._zip(), Architectures=architectures)
            self._settle()
        settings = shapes.configuration(wanted, {**current, **wanted})
        if settings:
            patiently("lambda_role_usable", client.update_function_configuration)(FunctionName=name, **settings)
            self._settle()
        if "reserved_concurrency" in wanted:
            self._reserve(wanted["reserved_concurrency"])
        if "tags" in changes:
            to_set, to_remove = tag_changes(*changes["tags"])
            if to_set:
                client.tag_resource(Resource=current["arn"], Tags=to_set)
            if to_remove:
                client.untag_resource(Resource=current["arn"], TagKeys=to_remove)

    def delete(self, current: State) -> None:
        self.client("lambda").delete_function(FunctionName=current["name"])

    def _texts(self, variables: dict[str, Any]) -> dict[str, str]:
        empty = sorted(key for key, value in variables.items() if value is None)
        if empty:
            raise ReconcileError(
                f'{self.label}: environment: {", ".join(empty)} has no value; write "" for an empty one'
            )
        return {key: text(variables[key]) for key in sorted(variables)}

    def _code_sha256(self) -> str | None:
        path = self.params["zip_file"]
        if not path:
            return None
        if self.module.check_mode and (has_unknown(path) or not Path(path).is_file()):
            return self.params["code_sha256"] or unknown("package sha256")
        return code_sha256(self._zip())

    def _zip(self) -> bytes:
        path = self.params["zip_file"]
        if not path:
            raise ReconcileError(f"{self.label}: this change uploads the code again, which needs zip_file")
        try:
            return Path(path).read_bytes()
        except OSError as error:
            raise ReconcileError(f"zip_file: cannot read {path}: {error.strerror}") from error

    def _refuse_failed(self, found: dict[str, Any]) -> None:
        """'you must delete and recreate the function' (Lambda guide, 'Lambda function states')."""
        if found.get("State") == "Failed":
            raise ReconcileError(
                f"{self.label} could not be made, and Lambda does not mend such a one: {found.get('StateReason')} "
                "Put that right, delete the function, and run again."
            )

    def _settle(self) -> None:
        """Wait until nothing is under way; Lambda refuses a second change meanwhile (ResourceConflictException)."""
        client, name = self.client("lambda"), self.params["name"]
        wait(client, "lambda_function_active", FunctionName=name)
        wait(client, "lambda_function_updated", FunctionName=name)

    def _reserve(self, concurrency: int) -> None:
        client, name = self.client("lambda"), self.params["name"]
        if concurrency >= 0:
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=concurrency)
        else:
            client.delete_function_concurrency(FunctionName=name)


def main() -> None:
    run(Function, ARGUMENT_SPEC, owned=True, required_together=[("subnet_ids", "security_group_ids")])


if __name__ == "__main__":
    main()
