#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_definition
version_added: 1.0.0
short_description: Manage what a REST API does, its methods and gateway responses, as a whole
description:
  - Creates, corrects and removes the methods of a REST API with their integrations and responses, the resources that
    their paths need, and what API Gateway answers itself, so that the API has exactly these.
  - A method that differs is deleted and made again whole. Callers do not notice, since a change is live only after a
    deployment, see M(private_rag.aws.apigateway_stage).
  - Faults in any of the options are all told at once, before anything is written.
  - With O(state=absent) all methods, resources and gateway responses are removed. They also go with the API.
  - Stands on the API Gateway API GetResources, CreateResource, PutMethod, PutMethodResponse, PutIntegration,
    PutIntegrationResponse, DeleteMethod, DeleteResource, GetGatewayResponses, PutGatewayResponse,
    DeleteGatewayResponse.
author:
  - private_rag.aws contributors (@private-rag)
options:
  rest_api_id:
    description: Id of the API.
    type: str
    required: true
  methods:
    description:
      - The methods, exactly. Any other is removed, with its resource if that is left empty.
      - Left out, methods are not managed.
    type: list
    elements: dict
    suboptions:
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
        required: true
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
            description:
              - Longest wait in milliseconds, 50 to 29000; more where AWS raised the quota. AWS's default is 29000.
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
          - How the integration's answer becomes the response of a status code, exactly. Each takes
            C(response_parameters), a dict of C(method.response.header.NAME) to its value, and C(response_templates) by
            content type.
        type: dict
  gateway_responses:
    description:
      - What API Gateway answers itself, for example where a request is not authorised. Of any other type, its own
        answer is put back.
      - Left out, gateway responses are not managed.
    type: list
    elements: dict
    suboptions:
      response_type:
        description: Type of the response, such as V(DEFAULT_4XX).
        type: str
        required: true
      status_code:
        description: HTTP status of the answer. An empty string leaves the status that the fault has.
        type: str
      response_parameters:
        description:
          - Headers, exactly, as in C(gatewayresponse.header.Access-Control-Allow-Origin); a fixed value stands in
            single quotes within the string.
        type: dict
      response_templates:
        description: Bodies by content type, exactly.
        type: dict
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Signed questions go to the function, and browsers may ask what is allowed
  private_rag.aws.apigateway_definition:
    rest_api_id: a1b2c3d4e5
    methods:
      - http_method: POST
        authorization_type: AWS_IAM
        integration:
          type: aws_proxy
          uri: "{{ function.function.invoke_arn }}"  # of private_rag.aws.lambda_function, registered as function
      - http_method: OPTIONS
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
    gateway_responses:
      - response_type: DEFAULT_4XX
        response_parameters:
          gatewayresponse.header.Access-Control-Allow-Origin: "'*'"
"""

RETURN = r"""
definition:
  description:
    - The managed methods and gateway responses, each field under C(METHOD path.field) or C(TYPE.field), and what is
      there besides; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    POST /.authorization_type: AWS_IAM
    POST /.api_key_required: false
    POST /.integration: {type: AWS_PROXY, integration_http_method: POST}
    DEFAULT_4XX.status_code: ""
    extra_methods: []
    extra_gateway_responses: []
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {POST /.authorization_type: {before: NONE, after: AWS_IAM}}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils import _apigateway as gateway
from ansible_collections.private_rag.aws.plugins.module_utils._apigateway_gateway_response import (
    GATEWAY_RESPONSE_SPEC,
    response_of,
    wanted_response,
    write_response,
)
from ansible_collections.private_rag.aws.plugins.module_utils._apigateway_method import (
    METHOD_SPEC,
    faults,
    method_of,
    route,
    wanted_method,
    write_method,
)
from ansible_collections.private_rag.aws.plugins.module_utils._apigateway_resources import Resources
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._fields import named, of, repeated
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)

ARGUMENT_SPEC: dict[str, Any] = {
    "rest_api_id": {"type": "str", "required": True},
    "methods": {"type": "list", "elements": "dict", "options": METHOD_SPEC},
    "gateway_responses": {"type": "list", "elements": "dict", "options": GATEWAY_RESPONSE_SPEC},
}


class Definition(Resource):
    kind = "definition of the REST API"
    key = "definition"
    identity = ("rest_api_id",)

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        # All that is there goes where the state is absent. None is not managed.
        absent = self.params["state"] == "absent"
        self.methods: list[dict[str, Any]] | None = [] if absent else self.params["methods"]
        self.responses: list[dict[str, Any]] | None = [] if absent else self.params["gateway_responses"]

    def desired(self) -> State:
        wrong = list(self._faults())
        if wrong:
            raise ReconcileError(f"{self.label}: {'; '.join(wrong)}")
        state: State = {}
        for options in self.methods or []:
            state |= named(route(options), wanted_method(options))
        for options in self.responses or []:
            state |= named(options["response_type"], wanted_response(options))
        extra = {"extra_methods": self.methods, "extra_gateway_responses": self.responses}
        return {**state, **{field: [] for field, managed in extra.items() if managed is not None}}

    def read(self) -> State | None:
        client, api = self.client("apigateway"), self.params["rest_api_id"]
        state: State = {"extra_methods": [], "extra_gateway_responses": []}
        try:
            if self.methods is not None:
                state |= self._read_methods(gateway.resources(client, api))
            if self.responses is not None:
                state |= self._read_responses(gateway.gateway_responses(client, api))
        except is_boto3_error_code("NotFoundException"):
            return None
        # An API that has nothing yet has no definition, unless it is to have none.
        wanted = self.methods or self.responses or self.params["state"] == "absent"
        return None if wanted and not any(state.values()) else state

    def create(self, desired: State) -> None:
        self._write({}, desired)

    def update(self, current: State, changes: Changes) -> None:
        client, api = self.client("apigateway"), self.params["rest_api_id"]
        if "extra_methods" in changes:
            Resources(client, api).remove(current["extra_methods"], map(route, self.methods or []))
        for kind in changes.get("extra_gateway_responses", ([], []))[0]:
            client.delete_gateway_response(restApiId=api, responseType=kind)
        self._write(current, changes)

    def delete(self, current: State) -> None:
        self.update(current, {field: (current[field], []) for field in ("extra_methods", "extra_gateway_responses")})

    def _faults(self) -> Iterator[str]:
        names = [*map(route, self.methods or []), *(options["response_type"] for options in self.responses or [])]
        yield from (f"{name} is named more than once" for name in repeated(names))
        for options in self.methods or []:
            yield from faults(options)

    def _read_methods(self, resources: dict[str, dict[str, Any]]) -> State:
        wanted = {route(options): options for options in self.methods or []}
        state: State = {"extra_methods": []}
        for path, resource in sorted(resources.items()):
            for method, found in sorted((resource.get("resourceMethods") or {}).items()):
                name = f"{method} {path}"
                if name in wanted:
                    state |= named(name, method_of(found, wanted[name]))
                else:
                    state["extra_methods"].append(name)
        return state

    def _read_responses(self, found: dict[str, dict[str, Any]]) -> State:
        wanted = [options["response_type"] for options in self.responses or []]
        state: State = {"extra_gateway_responses": sorted(kind for kind in found if kind not in wanted)}
        for kind in wanted:
            state |= named(kind, response_of(found[kind])) if kind in found else {}
        return state

    def _write(self, current: State, fields: Mapping[str, Any]) -> None:
        """Write the methods and responses that have one of the fields, beside what is there of them."""
        client, api = self.client("apigateway"), self.params["rest_api_id"]
        methods = {route(options): options for options in self.methods or [] if of(route(options), fields)}
        if methods:
            resources = Resources(client, api)
            for name, options in methods.items():
                place, there = resources.method_at(name), of(name, current)
                if there:
                    client.delete_method(**place)
                write_method(client, place, {**there, **wanted_method(options)})
        for options in self.responses or []:
            kind = options["response_type"]
            if of(kind, fields):
                write_response(client, api, kind, {**of(kind, current), **wanted_response(options)})


def main() -> None:
    run(Definition, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
