"""REST APIs: every patch of UpdateRestApi, the policy in the form AWS returns it, tags of APIs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs

Record = dict[str, Any]
ENDPOINTS = "/endpointConfiguration/vpcEndpointIds"
KEPT = ("securityPolicy", "endpointAccessMode")
PLAIN = {
    "/name": "name",
    "/description": "description",
    "/apiKeySource": "api_key_source",
}


def find(call: Call, api_id: str) -> Any:
    """moto's REST API, or AWS's error."""
    api = backend("apigateway", call.region).apis.get(api_id)
    if api is None:
        message = f"Invalid API identifier specified {call.account}:{api_id}"
        raise AwsError("NotFoundException", message, 404)
    return api


@repairs("apigateway", "CreateRestApi")
def create_rest_api(call: Call, proceed: Proceed) -> Result:
    """Keep the policy with its shorthand expanded, and what moto drops."""
    result = proceed()
    api = find(call, result["id"])
    api.policy = expand_policy(call, api.id, call.get("policy"))
    call.state.extra(api.id).update({key: call.params[key] for key in KEPT if call.get(key)})
    return _shown(call, result)


def expand_policy(call: Call, api_id: str, policy: str | None) -> str | None:
    """The policy as stored: ``execute-api:/stage/VERB/path`` becomes a whole ARN (API Gateway guide)."""
    if not policy:
        return None
    document = json.loads(policy)
    prefix = f"arn:aws:execute-api:{call.region}:{call.account}:{api_id}"
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        for key in ("Resource", "NotResource"):
            if key in statement:
                statement[key] = _expand(statement[key], prefix)
    return json.dumps(document, separators=(",", ":"))


def _expand(resource: Any, prefix: str) -> Any:
    if isinstance(resource, list):
        return [_expand(each, prefix) for each in resource]
    if isinstance(resource, str) and resource.startswith("execute-api:/"):
        return f"{prefix}/{resource.removeprefix('execute-api:/')}"
    return resource


def _shown(call: Call, result: Record) -> Record:
    api = find(call, result["id"])
    result.update(call.state.kept.get(api.id, {}))
    result.pop("policy", None)
    if api.policy:
        # AWS returns the document escaped once more than JSON needs.
        result["policy"] = json.dumps(api.policy)[1:-1]
    configuration = {key: value for key, value in api.endpoint_configuration.items() if value}
    private = "PRIVATE" in configuration.get("types", [])
    configuration.setdefault("ipAddressType", "dualstack" if private else "ipv4")
    result["endpointConfiguration"] = configuration
    result["tags"] = api.tags
    return result


@repairs("apigateway", "GetRestApi")
def get_rest_api(call: Call, proceed: Proceed) -> Result:
    """The API as AWS describes it."""
    find(call, call.params["restApiId"])
    return _shown(call, proceed())


@repairs("apigateway", "GetRestApis")
def get_rest_apis(call: Call, proceed: Proceed) -> Result:
    """Every API as AWS describes it."""
    result = proceed()
    result["items"] = [_shown(call, each) for each in result.get("items", [])]
    return result


@repairs("apigateway", "DeleteRestApi")
def delete_rest_api(call: Call, proceed: Proceed) -> Result:
    """Nothing is remembered of a deleted API."""
    api_id = call.params["restApiId"]
    find(call, api_id)
    proceed()
    call.state.kept.pop(api_id, None)
    for key in [key for key in call.state.snapshots if key[0] == api_id]:
        del call.state.snapshots[key]
    return {}


@repairs("apigateway", "UpdateRestApi")
def update_rest_api(call: Call, proceed: Proceed) -> Result:
    """Apply the patches; paths as in the API reference, 'UpdateRestApi: patch operations'."""
    api = find(call, call.params["restApiId"])
    for patch in call.get("patchOperations") or []:
        _apply(call, api, patch)
    return _shown(call, {"id": api.id, **_basics(api)})


def _basics(api: Any) -> Record:
    shown = {key: value for key, value in api.to_dict().items() if value is not None}
    return shown


def _apply(call: Call, api: Any, patch: Record) -> None:
    operation, path, value = patch["op"], patch["path"], patch.get("value", "")
    if path in PLAIN:
        setattr(api, PLAIN[path], "" if operation == "remove" else value)
    elif path == "/policy":
        api.policy = None if operation == "remove" else expand_policy(call, api.id, value)
    elif path == "/disableExecuteApiEndpoint":
        api.disableExecuteApiEndpoint = value.lower() == "true"
    elif path == "/minimumCompressionSize":
        api.minimum_compression_size = int(value) if value and operation != "remove" else None
    elif path.startswith(ENDPOINTS):
        _associate(api, operation, value or path.removeprefix(ENDPOINTS).lstrip("/"))
    elif path.startswith("/endpointConfiguration/types") and operation == "replace":
        api.endpoint_configuration["types"] = [value]
    elif path == "/endpointConfiguration/ipAddressType" and operation == "replace":
        api.endpoint_configuration["ipAddressType"] = value
    elif path.startswith("/binaryMediaTypes"):
        _media_type(api, operation, path, value)
    elif path.lstrip("/") in KEPT:
        call.state.extra(api.id)[path.lstrip("/")] = value
    else:
        message = f"Invalid patch path  '{path}' specified for op '{operation}'."
        raise AwsError("BadRequestException", message)


def _associate(api: Any, operation: str, endpoint_id: str) -> None:
    configuration = api.endpoint_configuration
    ids = list(configuration.get("vpcEndpointIds") or [])
    if operation == "add" and endpoint_id not in ids:
        ids.append(endpoint_id)
    elif operation == "remove" and endpoint_id in ids:
        ids.remove(endpoint_id)
    elif operation == "replace":
        ids = endpoint_id.split(",")
    configuration["vpcEndpointIds"] = ids


def _media_type(api: Any, operation: str, path: str, value: str) -> None:
    named = path.removeprefix("/binaryMediaTypes").lstrip("/").replace("~1", "/") or value
    types = [each for each in api.binaryMediaTypes if each != named]
    api.binaryMediaTypes = types if operation == "remove" else [*types, value or named]


def _tags_of(call: Call) -> dict[str, str]:
    """The mutable tags of the API or stage whose ARN the call names."""
    parts = unquote(call.params["resourceArn"]).split("/")
    if "restapis" not in parts:
        raise AwsError("NotFoundException", "Invalid resource ARN specified", 404)
    api = find(call, parts[parts.index("restapis") + 1])
    owner = api.stages.get(parts[-1]) if "stages" in parts else api
    if owner is None:
        raise AwsError("NotFoundException", "Invalid stage identifier specified", 404)
    owner.tags = dict(owner.tags or {})
    tags: dict[str, str] = owner.tags
    return tags


@repairs("apigateway", "GetTags")
def get_tags(call: Call, proceed: Proceed) -> Result:
    """Tags of an API or a stage; moto knows those of stages only."""
    return {"tags": _tags_of(call)}


@repairs("apigateway", "TagResource")
def tag_resource(call: Call, proceed: Proceed) -> Result:
    """Add or change tags."""
    _tags_of(call).update(call.params["tags"])
    return {}


@repairs("apigateway", "UntagResource")
def untag_resource(call: Call, proceed: Proceed) -> Result:
    """Remove tags; a key that is not there is no error."""
    tags = _tags_of(call)
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}
