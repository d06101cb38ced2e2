"""What API Gateway refuses of names that are taken, of deleting what methods name, and of what does not go together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, api_of, resource_of
from local_cloud.control.rules import Verdict, refuses

CONFLICT = "ConflictException"
AUTHORIZER = re.compile(r"arn:[^:]+:apigateway:[^:]+:lambda:path/[^/]+/functions/arn:[^:]+:lambda:[^/]+/invocations")


def _methods(call: Call) -> Iterator[tuple[str, object]]:
    """Every method of the API, by its path and verb."""
    for resource in api_of(call).resources.values():
        for verb, method in resource.resource_methods.items():
            yield f"{resource.get_path()}/{verb}", method


@refuses(
    "apigateway-two-endpoint-types",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="Only one endpoint type is allowed: {types}",
    source="EndpointConfiguration API reference, types; wording not verified",
)
def two_endpoint_types(call: Call) -> Verdict:
    types = (call.get("endpointConfiguration") or {}).get("types") or []
    return {"types": ", ".join(types)} if len(types) > 1 else None


@refuses(
    "apigateway-root-deleted",
    SERVICE,
    "DeleteResource",
    code=BAD,
    message="Root resource cannot be deleted",
    source="DeleteResource API reference, BadRequestException; wording not verified",
)
def root_deleted(call: Call) -> Verdict:
    resource = resource_of(call)
    return resource is not None and not resource.parent_id


@refuses(
    "apigateway-model-in-use",
    SERVICE,
    "DeleteModel",
    code=CONFLICT,
    message="Cannot delete model '{name}', is referenced in method request: {method}",
    source="DeleteModel API reference, ConflictException; wording from memory",
    status=409,
)
def model_in_use(call: Call) -> Verdict:
    name = call.params["modelName"]
    for where, method in _methods(call):
        responses = (getattr(method, "method_responses", None) or {}).values()
        used = [getattr(method, "request_models", None), *(each.response_models for each in responses)]
        if any(name in (models or {}).values() for models in used):
            return {"name": name, "method": where}
    return None


@refuses(
    "apigateway-model-taken",
    SERVICE,
    "CreateModel",
    code=CONFLICT,
    message="Model name already exists for this REST API",
    source="CreateModel API reference, ConflictException; as quoted in public error reports",
    status=409,
)
def model_taken(call: Call) -> Verdict:
    return call.params["name"] in {each.name for each in api_of(call).models.values()}


@refuses(
    "apigateway-authorizer-in-use",
    SERVICE,
    "DeleteAuthorizer",
    code=CONFLICT,
    message="Cannot delete authorizer '{name}', is referenced in method: {method}",
    source="DeleteAuthorizer API reference, ConflictException; as quoted in public error reports",
    status=409,
)
def authorizer_in_use(call: Call) -> Verdict:
    named = call.params["authorizerId"]
    for where, method in _methods(call):
        if getattr(method, "authorizer_id", None) == named:
            return {"name": named, "method": where}
    return None


@refuses(
    "apigateway-authorizer-taken",
    SERVICE,
    "CreateAuthorizer",
    code=BAD,
    message="Authorizer name must be unique. Authorizer {name} already exists in this RestApi.",
    source="as quoted in public error reports",
)
def authorizer_taken(call: Call) -> Verdict:
    name = call.get("name")
    return {"name": name} if any(each.name == name for each in api_of(call).authorizers.values()) else None


@refuses(
    "apigateway-authorizer-uri",
    SERVICE,
    "CreateAuthorizer",
    code=BAD,
    message="Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda "
    "function invocation.",
    source="CreateAuthorizer API reference, authorizerUri; as quoted in public error reports",
)
def authorizer_uri(call: Call) -> Verdict:
    uri = call.get("authorizerUri") or ""
    asked = call.get("type") in ("TOKEN", "REQUEST")
    return {"uri": uri} if asked and uri and not AUTHORIZER.fullmatch(uri) else None


@refuses(
    "apigateway-plan-of-no-stage",
    SERVICE,
    "CreateUsagePlan",
    code="NotFoundException",
    message="Invalid API Stage specified: {api}:{stage}",
    source="CreateUsagePlan API reference, NotFoundException; wording not verified",
    status=404,
)
def plan_of_no_stage(call: Call) -> Verdict:
    apis = backend(SERVICE, call.region).apis
    for each in call.get("apiStages") or []:
        api = apis.get(each.get("apiId"))
        if api is None or each.get("stage") not in api.stages:
            return {"api": each.get("apiId"), "stage": each.get("stage")}
    return None
