"""API Gateway: the action is the HTTP verb, the resource is the path.

API Gateway guide, 'Actions, resources, and condition keys', 'Control access to a REST API with IAM permissions'.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from moto.core.utils import get_service_model

from local_cloud.control.calls import Call
from local_cloud.control.permissions.needs import Need, needs, request_tags

SERVICE = "apigateway"
OPERATIONS = """
CreateDeployment CreateResource CreateStage DeleteDeployment DeleteGatewayResponse DeleteIntegration
DeleteIntegrationResponse DeleteMethod DeleteMethodResponse DeleteResource DeleteRestApi DeleteStage GetDeployment
GetDeployments GetGatewayResponse GetGatewayResponses GetIntegration GetMethod GetResource GetResources GetRestApi
GetRestApis GetStage GetStages PutGatewayResponse PutIntegration PutIntegrationResponse PutMethod PutMethodResponse
UpdateAccount GetAccount UpdateDeployment UpdateStage GetTags
"""


def _path(call: Call) -> tuple[str, str]:
    """(HTTP verb, path) of the operation, with its path parameters filled in."""
    operation = get_service_model(SERVICE).operation_model(call.operation)
    names = {
        shape.serialization["name"]: str(call.params.get(member, ""))
        for member, shape in operation.input_shape.members.items()
        if shape.serialization.get("location") == "uri"
    }
    path = operation.http["requestUri"].partition("?")[0]
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return operation.http["method"], path


def _arn(call: Call, path: str) -> str:
    return f"arn:aws:apigateway:{call.region}::{path}"


def _main(call: Call) -> Need:
    verb, path = _path(call)
    return Need(f"apigateway:{verb}", _arn(call, path), request_tags(call.get("tags")))


def _tagging(call: Call, path: str, verb: str = "PUT") -> Need:
    """Tags in a create call are asked for separately, on the encoded ARN: mattclay/aws-terminator #284 quotes AWS."""
    encoded = quote(_arn(call, path), safe="")
    return Need(f"apigateway:{verb}", _arn(call, f"/tags/{encoded}"), request_tags(call.get("tags")))


@needs(SERVICE, OPERATIONS)
def by_verb(call: Call) -> Iterator[Need]:
    yield _main(call)
    if call.get("tags"):
        verb_path = _path(call)[1]
        yield _tagging(call, f"{verb_path}/{call.get('stageName', 'new')}")


@needs(SERVICE, "CreateRestApi")
def create_rest_api(call: Call) -> Iterator[Need]:
    yield _main(call)
    if call.get("tags"):
        yield _tagging(call, "/restapis/new")
    if call.get("policy"):
        yield Need("apigateway:UpdateRestApiPolicy", _arn(call, "/restapis/new"))


@needs(SERVICE, "UpdateRestApi")
def update_rest_api(call: Call) -> Iterator[Need]:
    """Service Authorization Reference: UpdateRestApiPolicy 'grants permission to manage the IAM resource policy'."""
    yield _main(call)
    if any(str(each.get("path", "")).startswith("/policy") for each in call.get("patchOperations") or []):
        yield Need("apigateway:UpdateRestApiPolicy", _main(call).resource)


@needs(SERVICE, "TagResource", "UntagResource")
def tag(call: Call) -> Iterator[Need]:
    """The tagged resource is patched besides (iann0036/iam-dataset #39, tested against AWS)."""
    tagged = call.params["resourceArn"]
    verb = "PUT" if call.operation == "TagResource" else "DELETE"
    yield _tagging(call, tagged.partition("::")[2], verb)
    if call.operation == "TagResource":
        yield Need("apigateway:PATCH", tagged)
