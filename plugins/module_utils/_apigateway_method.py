# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A method of a REST API between the API's shapes and the states of C(apigateway_method).

https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError

# Field -> the API's name, which PutIntegration takes and GetResources returns.
INTEGRATION = {
    "type": "type",
    "uri": "uri",
    "integration_http_method": "httpMethod",
    "timeout_ms": "timeoutInMillis",
    "response_transfer_mode": "responseTransferMode",
    "request_templates": "requestTemplates",
    "passthrough_behavior": "passthroughBehavior",
}
METHOD_RESPONSE = {"response_parameters": "responseParameters", "response_models": "responseModels"}
INTEGRATION_RESPONSE = {"response_parameters": "responseParameters", "response_templates": "responseTemplates"}
# What AWS takes where nothing was said: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
INTEGRATION_DEFAULTS: dict[str, Any] = {
    "uri": "",
    "integration_http_method": "",
    "timeout_ms": 29000,
    "response_transfer_mode": "BUFFERED",
    "request_templates": {},
    "passthrough_behavior": "WHEN_NO_MATCH",
}


def integration_of(found: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """The integration that AWS shows, as far as C(fields) are managed; empty where there is none."""
    if not found:
        return {}
    state = {
        **INTEGRATION_DEFAULTS,
        **{field: found[name] for field, name in INTEGRATION.items() if found.get(name) is not None},
    }
    state["request_templates"] = _texts(state["request_templates"])
    return {field: state[field] for field in INTEGRATION if field in fields}


def wanted_integration(option: dict[str, Any]) -> dict[str, Any]:
    """The managed fields of the option C(integration), in the words of the API."""
    wanted = {field: option[field] for field in INTEGRATION if option.get(field) is not None}
    wanted["type"] = wanted["type"].upper()
    if wanted["type"] == "AWS_PROXY":
        if not wanted.get("uri"):
            raise ReconcileError("integration: aws_proxy needs uri, the invoke ARN of the function")
        # Lambda is invoked by POST only.
        wanted.setdefault("integration_http_method", "POST")
    if "request_templates" in wanted:
        wanted["request_templates"] = _texts(wanted["request_templates"])
    return wanted


def integration_request(wanted: dict[str, Any]) -> dict[str, Any]:
    """PutIntegration's parameters."""
    names = {**INTEGRATION, "integration_http_method": "integrationHttpMethod"}
    return {names[field]: value for field, value in wanted.items()}


def responses_of(found: dict[str, Any] | None, names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Responses that AWS shows, by status code as text, with every field filled."""
    return {
        str(code): {field: _filled(field, response.get(name)) for field, name in names.items()}
        for code, response in sorted((found or {}).items())
    }


def wanted_responses(option: str, given: dict[str, Any], names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Responses of an option, like C(responses_of). Raises ReconcileError on a key that is none."""
    result = {}
    for code, response in sorted((str(code), response or {}) for code, response in given.items()):
        if not isinstance(response, dict) or set(response) - set(names):
            raise ReconcileError(f"{option}: {code} takes {', '.join(names)} and nothing else")
        result[code] = {field: _filled(field, response.get(field)) for field in names}
    return result


def response_request(response: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Parameters of PutMethodResponse or PutIntegrationResponse."""
    return {name: response[field] for field, name in names.items() if response[field]}


def _filled(field: str, value: dict[str, Any] | None) -> dict[str, Any]:
    return _texts(value or {}) if field == "response_templates" else dict(value or {})


def _texts(templates: dict[str, Any]) -> dict[str, str]:
    """Templates with an empty one as an empty text, for which AWS returns null."""
    return {kind: text or "" for kind, text in templates.items()}
