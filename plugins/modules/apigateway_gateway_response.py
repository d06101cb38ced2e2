#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: apigateway_gateway_response
version_added: 1.0.0
short_description: Manage a gateway response of a REST API
description:
  - Sets what API Gateway answers itself, for example where a request is not authorised; or puts its own answer back.
  - A change is live only after a deployment, see M(private_rag.aws.apigateway_stage).
  - Stands on the API Gateway API PutGatewayResponse, GetGatewayResponse, DeleteGatewayResponse.
author:
  - private_rag.aws contributors (@private-rag)
options:
  rest_api_id:
    description: Id of the API.
    type: str
    required: true
  response_type:
    description: Type of the response, such as V(DEFAULT_4XX).
    type: str
    required: true
  status_code:
    description: HTTP status of the answer. An empty string leaves the status that the fault has.
    type: str
  response_parameters:
    description:
      - Headers, exactly, as in C(gatewayresponse.header.Access-Control-Allow-Origin); a fixed value stands in single
        quotes within the string.
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
- name: Faults of the client carry the CORS header too
  private_rag.aws.apigateway_gateway_response:
    rest_api_id: a1b2c3d4e5
    response_type: DEFAULT_4XX
    response_parameters:
      gatewayresponse.header.Access-Control-Allow-Origin: "'*'"
"""

RETURN = r"""
gateway_response:
  description: The response; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    rest_api_id: a1b2c3d4e5
    response_type: DEFAULT_4XX
    status_code: ""
    response_parameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}
    response_templates: {application/json: '{"message":$context.error.messageString}'}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: create
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {status_code: {before: "", after: "400"}}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._aws import run
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import Changes, Resource, State

ARGUMENT_SPEC: dict[str, Any] = {
    "rest_api_id": {"type": "str", "required": True},
    "response_type": {"type": "str", "required": True},
    "status_code": {"type": "str"},
    "response_parameters": {"type": "dict"},
    "response_templates": {"type": "dict"},
}
# Field -> PutGatewayResponse's parameter.
REQUEST = {
    "status_code": "statusCode",
    "response_parameters": "responseParameters",
    "response_templates": "responseTemplates",
}


class GatewayResponse(Resource):
    kind = "gateway response"
    key = "gateway_response"
    identity = ("rest_api_id", "response_type")

    def desired(self) -> State:
        return compact({field: self.params[field] for field in ARGUMENT_SPEC})

    def read(self) -> State | None:
        api, response_type = self.params["rest_api_id"], self.params["response_type"]
        try:
            found = self.client("apigateway").get_gateway_response(restApiId=api, responseType=response_type)
        except is_boto3_error_code("NotFoundException"):
            return None
        # One that was never set is returned with AWS's defaults.
        if found.get("defaultResponse"):
            return None
        return {
            "rest_api_id": api,
            "response_type": response_type,
            "status_code": found.get("statusCode") or "",
            "response_parameters": found.get("responseParameters") or {},
            "response_templates": found.get("responseTemplates") or {},
        }

    def create(self, desired: State) -> None:
        request = {parameter: desired[field] for field, parameter in REQUEST.items() if desired.get(field)}
        self.client("apigateway").put_gateway_response(
            restApiId=desired["rest_api_id"], responseType=desired["response_type"], **request
        )

    def update(self, current: State, changes: Changes) -> None:
        # PutGatewayResponse writes the whole response.
        self.create({**current, **{field: after for field, (_before, after) in changes.items()}})

    def delete(self, current: State) -> None:
        self.client("apigateway").delete_gateway_response(
            restApiId=current["rest_api_id"], responseType=current["response_type"]
        )


def main() -> None:
    run(GatewayResponse, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
