"""What is deployed: a copy of the API made at CreateDeployment, which later changes do not touch.

API Gateway guide, 'Deploying a REST API': methods, integrations, gateway responses, the resource policy
and the endpoint's associations go live with a deployment only.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call, Proceed, Result, repairs
from local_cloud.control.state import State

Record = dict[str, Any]


def deployed(state: State, api_id: str, stage_name: str) -> Record:
    """GET /_local/apigateway/{api_id}/{stage}; LookupError where nothing is deployed there."""
    api = backend("apigateway").apis.get(api_id)
    stage = api.stages.get(stage_name) if api else None
    snapshot = state.snapshots.get((api_id, stage.deployment_id)) if stage else None
    if stage is None or snapshot is None:
        raise LookupError(f"API {api_id} has no stage {stage_name}")
    return {**snapshot, "stage": stage_name, "deployment_id": stage.deployment_id, "variables": stage.variables}


@repairs("apigateway", "CreateDeployment")
def create_deployment(call: Call, proceed: Proceed) -> Result:
    """Freeze the API; a stage that is there already keeps its settings and moves to the new deployment."""
    api = backend("apigateway", call.region).get_rest_api(call.params["restApiId"])
    name = call.get("stageName")
    stage = api.stages.get(name) if name else None
    result = proceed()
    if stage is not None:
        # moto puts a new, bare stage in its place.
        stage.deployment_id = result["id"]
        stage.variables = call.get("variables") or stage.variables
        api.stages[name] = stage
    call.state.snapshots[api.id, result["id"]] = freeze(api)
    return result


def freeze(api: Any) -> Record:
    """A deep copy of everything of the API that a deployment takes."""
    endpoint = {"vpcEndpointIds": [], **api.endpoint_configuration}
    return deepcopy(
        {
            "rest_api_id": api.id,
            "policy": json.loads(api.policy) if api.policy else None,
            "endpoint_configuration": endpoint,
            "disable_execute_api_endpoint": api.disableExecuteApiEndpoint,
            "resources": {each.get_path(): _methods(each) for each in api.resources.values()},
            "gateway_responses": {key: response.to_json() for key, response in api.gateway_responses.items()},
            "binary_media_types": api.binaryMediaTypes,
        }
    )


def _methods(resource: Any) -> Record:
    return {verb: _method(method) for verb, method in resource.resource_methods.items()}


def _method(method: Any) -> Record:
    shown = {key: value for key, value in method.to_json().items() if value is not None}
    integration = shown.pop("methodIntegration", None)
    if integration:
        shown["integration"] = integration
    shown.setdefault("methodResponses", {})
    shown["requestParameters"] = shown.get("requestParameters") or {}
    return shown
