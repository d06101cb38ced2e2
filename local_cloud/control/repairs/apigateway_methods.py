"""Methods and integrations: what moto drops of PutIntegration, and the Update operations it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.apigateway.models import Integration

from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.patching import replace
from local_cloud.control.repairs.apigateway_apis import find

Record = dict[str, Any]
# PutIntegration API reference: 'default timeout of 29,000 milliseconds', passthroughBehavior WHEN_NO_MATCH.
DEFAULTS = {"timeoutInMillis": 29_000, "passthroughBehavior": "WHEN_NO_MATCH", "responseTransferMode": "BUFFERED"}
MOTO_TO_JSON: Callable[[Any], Record] = Integration.to_json


def _to_json(integration: Any) -> Record:
    shown = {key: value for key, value in MOTO_TO_JSON(integration).items() if value is not None}
    for key, value in DEFAULTS.items():
        shown.setdefault(key, value)
    shown["responseTransferMode"] = getattr(integration, "response_transfer_mode", "BUFFERED")
    return shown


# moto's integration has no place for the transfer mode, and shows itself in five answers.
replace(Integration, to_json=_to_json)


@repairs("apigateway", "PutIntegration")
def put_integration(call: Call, proceed: Proceed) -> Result:
    """Keep the transfer mode and the namespace AWS gives a cache."""
    proceed()
    integration = _method(call).method_integration
    integration.response_transfer_mode = call.get("responseTransferMode") or "BUFFERED"
    integration.cache_namespace = integration.cache_namespace or call.params["resourceId"]
    return _to_json(integration)


def _resource(call: Call) -> Any:
    resource = find(call, call.params["restApiId"]).resources.get(call.params["resourceId"])
    if resource is None:
        raise AwsError("NotFoundException", "Invalid Resource identifier specified", 404)
    return resource


def _method(call: Call) -> Any:
    method = _resource(call).resource_methods.get(call.params["httpMethod"])
    if method is None:
        raise AwsError("NotFoundException", "Invalid Method identifier specified", 404)
    return method


def patch(target: Any, names: dict[str, str], operations: list[Record]) -> None:
    """Apply JSON patches to attributes: ``/name`` sets one, ``/name/key`` an entry of a map.

    ``names`` maps the API's names to the attributes. Map keys come with ``/`` escaped as ``~1``.
    """
    for operation in operations:
        path = operation["path"]
        name, _slash, key = path.lstrip("/").partition("/")
        if name not in names:
            message = f"Invalid patch path  '{path}' specified for op '{operation['op']}'."
            raise AwsError("BadRequestException", message)
        _patch_one(target, names[name], key.replace("~1", "/").replace("~0", "~"), operation)


def _patch_one(target: Any, attribute: str, key: str, operation: Record) -> None:
    removing, value = operation["op"] == "remove", operation.get("value", "")
    if not key:
        setattr(target, attribute, None if removing else _converted(getattr(target, attribute, None), value))
        return
    entries = dict(getattr(target, attribute, None) or {})
    if removing:
        entries.pop(key, None)
    else:
        entries[key] = _boolean(value)
    setattr(target, attribute, entries)


def _converted(current: Any, value: str) -> Any:
    if isinstance(current, bool):
        return value.lower() == "true"
    return int(value) if isinstance(current, int) else value


def _boolean(value: str) -> Any:
    """requestParameters of a method map to booleans, everything else to text."""
    return {"true": True, "false": False}.get(value, value)


METHOD = {
    "authorizationType": "authorization_type",
    "authorizerId": "authorizer_id",
    "apiKeyRequired": "api_key_required",
    "operationName": "operation_name",
    "requestParameters": "request_parameters",
    "requestModels": "request_models",
    "requestValidatorId": "request_validator_id",
}
INTEGRATION = {
    "type": "integration_type",
    "uri": "uri",
    "httpMethod": "http_method",
    "credentials": "credentials",
    "passthroughBehavior": "passthrough_behaviour",
    "contentHandling": "content_handling",
    "cacheNamespace": "cache_namespace",
    "timeoutInMillis": "timeout_in_millis",
    "requestParameters": "request_parameters",
    "requestTemplates": "request_templates",
    "responseTransferMode": "response_transfer_mode",
}
RESPONSE = {
    "responseParameters": "response_parameters",
    "responseModels": "response_models",
    "responseTemplates": "response_templates",
    "selectionPattern": "selection_pattern",
    "contentHandling": "content_handling",
}


@repairs("apigateway", "UpdateResource")
def update_resource(call: Call, proceed: Proceed) -> Result:
    """Not in moto: another name in its parent, or another parent (patch-operations.html#UpdateResource-Patch)."""
    resource, operations = _resource(call), call.get("patchOperations") or []
    _refuse_places(call, resource, {each["path"].lstrip("/"): each.get("value", "") for each in operations})
    patch(resource, {"pathPart": "path_part", "parentId": "parent_id"}, operations)
    return dict(resource.to_dict())


def _refuse_places(call: Call, resource: Any, wanted: dict[str, str]) -> None:
    """As CreateResource refuses a parent that is not there and a name that its parent has already."""
    resources = find(call, call.params["restApiId"]).resources
    parent, part = wanted.get("parentId", resource.parent_id), wanted.get("pathPart", resource.path_part)
    if parent not in resources:
        raise AwsError("NotFoundException", "Invalid Resource identifier specified", 404)
    if any((each.parent_id, each.path_part) == (parent, part) for each in resources.values() if each is not resource):
        message = f"Another resource with the same parent already has this name: {part}"
        raise AwsError("ConflictException", message, 409)


@repairs("apigateway", "UpdateMethod")
def update_method(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    method = _method(call)
    patch(method, METHOD, call.get("patchOperations") or [])
    return _plain(method.to_json())


@repairs("apigateway", "UpdateIntegration")
def update_integration(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    integration = _integration(call)
    integration.timeout_in_millis = int(integration.timeout_in_millis or 29_000)
    patch(integration, INTEGRATION, call.get("patchOperations") or [])
    return _to_json(integration)


def _integration(call: Call) -> Any:
    integration = _method(call).method_integration
    if integration is None:
        raise AwsError("NotFoundException", "Invalid Integration identifier specified", 404)
    return integration


@repairs("apigateway", "UpdateMethodResponse")
def update_method_response(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    response = _one(_method(call).method_responses, call.params["statusCode"])
    patch(response, RESPONSE, call.get("patchOperations") or [])
    return _plain(response.to_json())


@repairs("apigateway", "UpdateIntegrationResponse")
def update_integration_response(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    response = _one(_integration(call).integration_responses, call.params["statusCode"])
    patch(response, RESPONSE, call.get("patchOperations") or [])
    return _plain(response.to_json())


def _one(responses: dict[str, Any] | None, status: str) -> Any:
    found = (responses or {}).get(status)
    if found is None:
        raise AwsError("NotFoundException", "Invalid Response status code specified", 404)
    return found


def _plain(shown: Record) -> Record:
    return {key: value for key, value in shown.items() if value is not None}


@repairs("apigateway", "DeleteResource")
def delete_resource(call: Call, proceed: Proceed) -> Result:
    """A resource goes with all that is below it; moto leaves its children without a parent."""
    resources = find(call, call.params["restApiId"]).resources
    gone = {call.params["resourceId"]}
    result = proceed()
    while gone:
        gone = {each.id for each in resources.values() if each.parent_id in gone}
        for resource_id in gone:
            del resources[resource_id]
    return result
