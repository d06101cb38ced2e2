"""Stages, deployments and gateway responses as AWS describes them."""

from __future__ import annotations

from typing import Any

from moto.apigateway.models import GatewayResponse

from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.repairs.apigateway_apis import find
from local_cloud.control.repairs.apigateway_methods import patch

Record = dict[str, Any]
TEMPLATE = {"application/json": '{"message":$context.error.messageString}'}
# API Gateway guide, 'Gateway response types', with their default status codes.
GATEWAY_RESPONSES = {
    "ACCESS_DENIED": "403",
    "API_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_CONFIGURATION_ERROR": "500",
    "AUTHORIZER_FAILURE": "500",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "403",
    "INTEGRATION_FAILURE": "504",
    "INTEGRATION_TIMEOUT": "504",
    "INVALID_API_KEY": "403",
    "INVALID_SIGNATURE": "403",
    "MISSING_AUTHENTICATION_TOKEN": "403",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}


def _default(kind: str) -> Record:
    status = GATEWAY_RESPONSES[kind]
    shown: Record = {
        "responseType": kind,
        "responseParameters": {},
        "responseTemplates": TEMPLATE,
        "defaultResponse": True,
    }
    return {**shown, "statusCode": status} if status else shown


@repairs("apigateway", "GetGatewayResponse")
def get_gateway_response(call: Call, proceed: Proceed) -> Result:
    """One that was not put is the service's own, ``defaultResponse: true``; moto answers 404."""
    kind = call.params["responseType"]
    api = find(call, call.params["restApiId"])
    if kind in api.gateway_responses:
        return proceed()
    if kind not in GATEWAY_RESPONSES:
        message = f"Invalid gateway response type specified: {kind}"
        raise AwsError("NotFoundException", message, 404)
    return _default(kind)


@repairs("apigateway", "GetGatewayResponses")
def get_gateway_responses(call: Call, proceed: Proceed) -> Result:
    """All types, the service's own for those that were not put."""
    api = find(call, call.params["restApiId"])
    put = {key: response.to_json() for key, response in api.gateway_responses.items()}
    return {"items": [put.get(kind) or _default(kind) for kind in GATEWAY_RESPONSES]}


@repairs("apigateway", "UpdateGatewayResponse")
def update_gateway_response(call: Call, proceed: Proceed) -> Result:
    """Not in moto: patches one that was put, or the service's own."""
    kind = call.params["responseType"]
    api = find(call, call.params["restApiId"])
    default = _default(kind)
    response = api.gateway_responses.get(kind)
    if response is None:
        # DEFAULT_4XX and DEFAULT_5XX have no status of their own; moto keeps None as well.
        status: Any = default.get("statusCode")
        response = GatewayResponse(kind, status, {}, dict(TEMPLATE))
    names = {
        "statusCode": "status_code",
        "responseParameters": "response_parameters",
        "responseTemplates": "response_templates",
    }
    patch(response, names, call.get("patchOperations") or [])
    api.gateway_responses[kind] = response
    return dict(response.to_json())


@repairs("apigateway", "UpdateStage")
def update_stage(call: Call, proceed: Proceed) -> Result:
    """`remove` takes the settings of a method away, which moto ignores (patch-operations.html#UpdateStage-Patch)."""
    shown = proceed()
    gone = [each["path"].removeprefix("/") for each in call.params["patchOperations"] if each["op"] == "remove"]
    if any(key in (shown.get("methodSettings") or {}) for key in gone):
        settings = find(call, call.params["restApiId"]).stages[call.params["stageName"]].method_settings
        for key in gone:
            settings.pop(key, None)
        shown = proceed({**call.params, "patchOperations": []})
    return _stage(shown)


@repairs("apigateway", "GetStage", "CreateStage")
def stage(call: Call, proceed: Proceed) -> Result:
    """With the switches AWS always shows."""
    return _stage(proceed())


@repairs("apigateway", "GetStages")
def get_stages(call: Call, proceed: Proceed) -> Result:
    """The stages, of one deployment where it is named."""
    wanted = call.get("deploymentId")
    stages = [_stage(each) for each in proceed().get("item", [])]
    return {"item": [each for each in stages if wanted in (None, each["deploymentId"])]}


def _stage(shown: Record) -> Record:
    shown.setdefault("tracingEnabled", False)
    shown.setdefault("cacheClusterEnabled", False)
    shown.setdefault("cacheClusterStatus", "NOT_AVAILABLE")
    if not shown.get("description"):
        shown.pop("description", None)
    return shown


@repairs("apigateway", "GetDeployment")
def get_deployment(call: Call, proceed: Proceed) -> Result:
    """AWS's error for one that is not there; moto fails."""
    _required(call)
    return proceed()


@repairs("apigateway", "DeleteDeployment")
def delete_deployment(call: Call, proceed: Proceed) -> Result:
    """Refused while a stage points to it; moto asks only which stage it was made for."""
    api = _required(call)
    deployment_id = call.params["deploymentId"]
    if any(each.deployment_id == deployment_id for each in api.stages.values()):
        message = "Active stages pointing to this deployment must be moved or deleted"
        raise AwsError("BadRequestException", message)
    del api.deployments[deployment_id]
    call.state.snapshots.pop((api.id, deployment_id), None)
    return {}


def _required(call: Call) -> Any:
    api = find(call, call.params["restApiId"])
    if call.params["deploymentId"] not in api.deployments:
        raise AwsError("NotFoundException", "Invalid Deployment identifier specified", 404)
    return api
