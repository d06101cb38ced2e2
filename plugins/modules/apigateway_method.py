#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_method
version_added: 1.0.0
short_description: Manage a method of a REST API with its integration and responses
description:
  - Creates, corrects and deletes a method together with its integration and all its responses, and the resources that
    its path needs.
  - A method that differs is deleted and made again whole. Callers do not notice, since a change is live only after a
    deployment, see M(private_rag.aws.apigateway_stage).
  - Stands on the API Gateway API CreateResource, PutMethod, PutMethodResponse, PutIntegration,
    PutIntegrationResponse, GetResources, DeleteMethod, DeleteResource.
author:
  - private_rag.aws contributors (@private-rag)
options:
  rest_api_id:
    description: Id of the API.
    type: str
    required: true
  path:
    description: Path of the resource.
    type: str
    default: /
  http_method:
    description: The method, such as V(POST), or V(ANY).
    type: str
    required: true
  authorization_type:
    description: Who may call. V(AWS_IAM) wants a signed request, V(NONE) leaves it to the resource policy.
    type: str
    choices: [NONE, AWS_IAM]
    default: NONE
  api_key_required:
    description: Whether a caller must send an API key.
    type: bool
    default: false
  integration:
    description: What answers. A setting that is left out is not managed.
    type: dict
    suboptions:
      type:
        description: V(aws_proxy) hands the request over to a Lambda function, V(mock) answers by itself.
        type: str
        choices: [aws_proxy, mock]
        required: true
      uri:
        description: The invoke ARN, as M(private_rag.aws.lambda_function) returns it. Required for V(aws_proxy).
        type: str
      integration_http_method:
        description: Method towards the integration. For V(aws_proxy) it is V(POST), since Lambda takes no other.
        type: str
      timeout_ms:
        description: Longest wait in milliseconds, 50 to 29000; more where AWS raised the quota. AWS's default is 29000.
        type: int
      response_transfer_mode:
        description: V(STREAM) hands the answer on as it comes. AWS's default is V(BUFFERED).
        type: str
        choices: [BUFFERED, STREAM]
      request_templates:
        description: Templates by content type, exactly.
        type: dict
      passthrough_behavior:
        description: What is done with a content type that has no template. AWS's default is V(WHEN_NO_MATCH).
        type: str
        choices: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]
  method_responses:
    description:
      - Responses by status code, exactly. Each takes C(response_parameters), a dict of
        C(method.response.header.NAME) to whether it is required, and C(response_models) by content type.
    type: dict
  integration_responses:
    description:
      - How the integration's answer becomes the response of a status code, exactly. Each takes C(response_parameters),
        a dict of C(method.response.header.NAME) to its value, and C(response_templates) by content type.
    type: dict
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Signed questions go to the function
  private_rag.aws.apigateway_method:
    rest_api_id: a1b2c3d4e5
    path: /
    http_method: POST
    authorization_type: AWS_IAM
    integration:
      type: aws_proxy
      uri: "{{ function.function.invoke_arn }}"  # of private_rag.aws.lambda_function, registered as function

- name: Browsers may ask what is allowed
  private_rag.aws.apigateway_method:
    rest_api_id: a1b2c3d4e5
    http_method: OPTIONS
    integration:
      type: mock
      request_templates:
        application/json: '{"statusCode": 200}'
    method_responses:
      "200":
        response_parameters:
          method.response.header.Access-Control-Allow-Origin: true
    integration_responses:
      "200":
        response_parameters:
          method.response.header.Access-Control-Allow-Origin: "'*'"
"""

RETURN = r"""
method:
  description: The method; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    rest_api_id: a1b2c3d4e5
    resource_id: z9y8x7w6v5
    path: /
    http_method: POST
    authorization_type: AWS_IAM
    api_key_required: false
    integration: {type: AWS_PROXY, integration_http_method: POST}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {authorization_type: {before: NONE, after: AWS_IAM}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway_method as shapes
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)

INTEGRATION_SPEC: dict[str, Any] = {
    "type": {"type": "str", "choices": ["aws_proxy", "mock"], "required": True},
    "uri": {"type": "str"},
    "integration_http_method": {"type": "str"},
    "timeout_ms": {"type": "int"},
    "response_transfer_mode": {"type": "str", "choices": ["BUFFERED", "STREAM"]},
    "request_templates": {"type": "dict"},
    "passthrough_behavior": {"type": "str", "choices": ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "rest_api_id": {"type": "str", "required": True},
    "path": {"type": "str", "default": "/"},
    "http_method": {"type": "str", "required": True},
    "authorization_type": {"type": "str", "choices": ["NONE", "AWS_IAM"], "default": "NONE"},
    "api_key_required": {"type": "bool", "default": False},
    "integration": {"type": "dict", "options": INTEGRATION_SPEC},
    "method_responses": {"type": "dict"},
    "integration_responses": {"type": "dict"},
}
RESPONSES = {"method_responses": shapes.METHOD_RESPONSE, "integration_responses": shapes.INTEGRATION_RESPONSE}


class Method(Resource):
    kind = "method"
    key = "method"
    identity = ("rest_api_id", "path", "http_method")
    computed = {"resource_id": "resource id"}

    @property
    def label(self) -> str:
        return f"method {self.params['http_method']} {self.params['path']}"

    def desired(self) -> State:
        params = self.params
        if not params["path"].startswith("/") or (params["path"] != "/" and params["path"].endswith("/")):
            raise ReconcileError(f"path: {params['path']} must start with / and must not end with it")
        plain = ("rest_api_id", "path", "http_method", "authorization_type", "api_key_required")
        state = {field: params[field] for field in plain}
        if params["integration"]:
            state["integration"] = shapes.wanted_integration(params["integration"])
        for option, names in RESPONSES.items():
            if params[option] is not None:
                state[option] = shapes.wanted_responses(option, params[option], names)
        return state

    def read(self) -> State | None:
        params = self.params
        try:
            resource = self._resources().get(params["path"], {})
        except is_boto3_error_code("NotFoundException"):
            return None
        found = (resource.get("resourceMethods") or {}).get(params["http_method"])
        if found is None:
            return None
        integration = found.get("methodIntegration") or {}
        managed = set(shapes.wanted_integration(params["integration"])) if params["integration"] else {"type", "uri"}
        return {
            "rest_api_id": params["rest_api_id"],
            "resource_id": resource["id"],
            "path": params["path"],
            "http_method": params["http_method"],
            "authorization_type": found.get("authorizationType", "NONE"),
            "api_key_required": found.get("apiKeyRequired", False),
            "integration": shapes.integration_of(integration, managed),
            "method_responses": shapes.responses_of(found.get("methodResponses"), shapes.METHOD_RESPONSE),
            "integration_responses": shapes.responses_of(
                integration.get("integrationResponses"), shapes.INTEGRATION_RESPONSE
            ),
        }

    def create(self, desired: State) -> None:
        self._write(self._resource_id(desired["path"]), desired)

    def update(self, current: State, changes: Changes) -> None:
        self._delete_method(current)
        self._write(current["resource_id"], {**current, **self.desired()})

    def delete(self, current: State) -> None:
        self._delete_method(current)
        self._delete_empty(current["path"])

    def _resources(self) -> dict[str, dict[str, Any]]:
        return gateway.resources(self.client("apigateway"), self.params["rest_api_id"])

    def _write(self, resource: str, state: State) -> None:
        client = self.client("apigateway")
        place = {"restApiId": state["rest_api_id"], "resourceId": resource, "httpMethod": state["http_method"]}
        client.put_method(
            **place, authorizationType=state["authorization_type"], apiKeyRequired=state["api_key_required"]
        )
        for code, response in state.get("method_responses", {}).items():
            request = shapes.response_request(response, shapes.METHOD_RESPONSE)
            client.put_method_response(**place, statusCode=code, **request)
        if state.get("integration"):
            client.put_integration(**place, **shapes.integration_request(state["integration"]))
        for code, response in state.get("integration_responses", {}).items():
            request = shapes.response_request(response, shapes.INTEGRATION_RESPONSE)
            client.put_integration_response(**place, statusCode=code, **request)

    def _resource_id(self, path: str) -> str:
        """The id of the resource at a path; it and what leads to it are made where they are missing."""
        client, found = self.client("apigateway"), self._resources()
        parent, reached = str(found["/"]["id"]), ""
        for part in path.strip("/").split("/") if path != "/" else []:
            reached = f"{reached}/{part}"
            if reached in found:
                parent = str(found[reached]["id"])
            else:
                made = client.create_resource(restApiId=self.params["rest_api_id"], parentId=parent, pathPart=part)
                parent = str(made["id"])
        return parent

    def _delete_method(self, current: State) -> None:
        self.client("apigateway").delete_method(
            restApiId=current["rest_api_id"], resourceId=current["resource_id"], httpMethod=current["http_method"]
        )

    def _delete_empty(self, path: str) -> None:
        """Delete the resource at a path and those that lead to it, as far as nothing else uses them."""
        found = self._resources()
        while path != "/":
            below = any(other.startswith(f"{path}/") for other in found)
            if below or found[path].get("resourceMethods"):
                return
            self.client("apigateway").delete_resource(
                restApiId=self.params["rest_api_id"], resourceId=found[path]["id"]
            )
            del found[path]
            path = path.rpartition("/")[0] or "/"


def main() -> None:
    run(Method, ARGUMENT_SPEC, required_if=[("state", "present", ["integration"])])


if __name__ == "__main__":
    main()
