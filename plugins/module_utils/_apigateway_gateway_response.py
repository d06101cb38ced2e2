# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A gateway response of a REST API between the API's shapes and the states of C(apigateway_definition).

https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._fields import given

# Field -> PutGatewayResponse's parameter, which GetGatewayResponses returns.
NAMES = {
    "status_code": "statusCode",
    "response_parameters": "responseParameters",
    "response_templates": "responseTemplates",
}
GATEWAY_RESPONSE_SPEC: dict[str, Any] = {
    "response_type": {"type": "str", "required": True},
    "status_code": {"type": "str"},
    "response_parameters": {"type": "dict"},
    "response_templates": {"type": "dict"},
}


def wanted_response(options: dict[str, Any]) -> dict[str, Any]:
    """The managed fields of a gateway response, without its type."""
    return given(options, *NAMES)


def response_of(found: dict[str, Any]) -> dict[str, Any]:
    """A gateway response that AWS shows."""
    return {
        "status_code": found.get("statusCode") or "",
        "response_parameters": found.get("responseParameters") or {},
        "response_templates": found.get("responseTemplates") or {},
    }


def write_response(client: Any, api: str, response_type: str, state: dict[str, Any]) -> None:
    """Set a gateway response. PutGatewayResponse writes it whole."""
    request = {name: state[field] for field, name in NAMES.items() if state.get(field)}
    client.put_gateway_response(restApiId=api, responseType=response_type, **request)
