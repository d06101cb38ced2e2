# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A method of a REST API between the API's shapes and the states of C(apigateway_definition).

https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

METHOD_SPEC: dict[str, Any] = {
    "path": {"type": "str", "default": "/"},
    "http_method": {"type": "str", "required": True},
    "authorization_type": {"type": "str", "choices": ["NONE", "AWS_IAM"], "default": "NONE"},
    "api_key_required": {"type": "bool", "default": False},
    "integration": {
        "type": "dict",
        "required": True,
        "options": {
            "type": {"type": "str", "choices": ["aws_proxy", "mock"], "required": True},
            "uri": {"type": "str"},
            "integration_http_method": {"type": "str"},
            "timeout_ms": {"type": "int"},
            "response_transfer_mode": {"type": "str", "choices": ["BUFFERED", "STREAM"]},
            "request_templates": {"type": "dict"},
            "passthrough_behavior": {"type": "str", "choices": ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]},
        },
    },
    "method_responses": {"type": "dict"},
    "integration_responses": {"type": "dict"},
}
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
RESPONSES = {"method_responses": METHOD_RESPONSE, "integration_responses": INTEGRATION_RESPONSE}
# What AWS takes where nothing was said: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
INTEGRATION_DEFAULTS: dict[str, Any] = {
    "uri": "",
    "integration_http_method": "",
    "timeout_ms": 29000,
    "response_transfer_mode": "BUFFERED",
    "request_templates": {},
    "passthrough_behavior": "WHEN_NO_MATCH",
}


def route(options: dict[str, Any]) -> str:
    """A method in words, such as C(POST /)."""
    return f"{options['http_method']} {options['path']}"


def faults(options: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the options of a method, each fault with the option that has it."""
    name, path = route(options), options["path"]
    if not path.startswith("/") or (path != "/" and path.endswith("/")):
        yield f"{name}: path must start with / and must not end with it"
    if options["integration"]["type"] == "aws_proxy" and not options["integration"].get("uri"):
        yield f"{name}: integration: aws_proxy needs uri, the invoke ARN of the function"
    for option, names in RESPONSES.items():
        for code, response in (options.get(option) or {}).items():
            if not isinstance(response or {}, dict) or set(response or {}) - set(names):
                yield f"{name}: {option}: {code} takes {', '.join(names)} and nothing else"


def wanted_method(options: dict[str, Any]) -> dict[str, Any]:
    """The managed fields of a method, without those that name it."""
    return {
        "authorization_type": options["authorization_type"],
        "api_key_required": options["api_key_required"],
        "integration": wanted_integration(options["integration"]),
        **{
            option: wanted_responses(options[option], names)
            for option, names in RESPONSES.items()
            if options[option] is not None
        },
    }


def method_of(found: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """A method that AWS shows, its integration as far as C(options) manage it."""
    integration = found.get("methodIntegration") or {}
    return {
        "authorization_type": found.get("authorizationType", "NONE"),
        "api_key_required": found.get("apiKeyRequired", False),
        "integration": integration_of(integration, set(wanted_integration(options["integration"]))),
        "method_responses": responses_of(found.get("methodResponses"), METHOD_RESPONSE),
        "integration_responses": responses_of(integration.get("integrationResponses"), INTEGRATION_RESPONSE),
    }


def write_method(client: Any, place: dict[str, str], state: dict[str, Any]) -> None:
    """Make a method that is not there; C(place) is its API, resource and HTTP method as each call names them."""
    client.put_method(**place, authorizationType=state["authorization_type"], apiKeyRequired=state["api_key_required"])
    for code, response in state.get("method_responses", {}).items():
        client.put_method_response(**place, statusCode=code, **response_request(response, METHOD_RESPONSE))
    client.put_integration(**place, **integration_request(state["integration"]))
    for code, response in state.get("integration_responses", {}).items():
        client.put_integration_response(**place, statusCode=code, **response_request(response, INTEGRATION_RESPONSE))


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


def wanted_responses(given: dict[str, Any], names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Responses of an option, like C(responses_of)."""
    responses = sorted((str(code), response or {}) for code, response in given.items())
    return {code: {field: _filled(field, response.get(field)) for field in names} for code, response in responses}


def response_request(response: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Parameters of PutMethodResponse or PutIntegrationResponse."""
    return {name: response[field] for field, name in names.items() if response[field]}


def _filled(field: str, value: dict[str, Any] | None) -> dict[str, Any]:
    return _texts(value or {}) if field == "response_templates" else dict(value or {})


def _texts(templates: dict[str, Any]) -> dict[str, str]:
    """Templates with an empty one as an empty text, for which AWS returns null."""
    return {kind: text or "" for kind, text in templates.items()}
