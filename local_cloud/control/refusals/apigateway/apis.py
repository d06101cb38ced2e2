"""What API Gateway refuses. The wording is AWS's where the source says so."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import is_policy
from local_cloud.control.rules import Verdict, refuses

SERVICE = "apigateway"
BAD = "BadRequestException"
ENDPOINTS = "/endpointConfiguration/vpcEndpointIds"
AUTHORIZATION = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")


def api_of(call: Call) -> Any:
    """moto's API that the call names, or None."""
    return backend(SERVICE, call.region).apis.get(call.get("restApiId"))


def _operations_on_an_api() -> list[str]:
    model = Session().get_service_model(SERVICE)
    named = (model.operation_model(name) for name in model.operation_names)
    return [each.name for each in named if each.input_shape and "restApiId" in each.input_shape.members]


@refuses(
    "apigateway-unknown-api",
    SERVICE,
    [name for name in _operations_on_an_api() if "BasePathMapping" not in name],
    code="NotFoundException",
    message="Invalid API identifier specified {account}:{api}",
    source="localstack/localstack, tests/aws/services/apigateway, test_update_rest_api_invalid_api_id",
    status=404,
)
def unknown_api(call: Call) -> Verdict:
    if api_of(call) is None and call.get("restApiId"):
        return {"account": call.account, "api": call.get("restApiId")}
    return None


def resource_of(call: Call) -> Any:
    """moto's resource that the call names, or None."""
    return api_of(call).resources.get(call.get("resourceId"))


def method_of(call: Call) -> Any:
    """moto's method that the call names, or None."""
    resource = resource_of(call)
    return resource.resource_methods.get(call.get("httpMethod")) if resource else None


def patches(call: Call, prefix: str) -> list[dict[str, Any]]:
    """The call's patch operations on paths that begin so."""
    return [each for each in call.get("patchOperations") or [] if each["path"].startswith(prefix)]


@refuses(
    "apigateway-private-without-policy",
    SERVICE,
    "CreateDeployment",
    code=BAD,
    message="Private REST API doesn't have a resource policy attached to it",
    source="API Gateway guide, 'Create a private API'; as quoted in public error reports",
)
def private_without_policy(call: Call) -> Verdict:
    api = api_of(call)
    return "PRIVATE" in api.endpoint_configuration.get("types", []) and not api.policy


@refuses(
    "apigateway-unknown-endpoint",
    SERVICE,
    ["CreateRestApi", "UpdateRestApi"],
    code=BAD,
    message="VPC endpoint {endpoint} does not exist",
    source="API Gateway guide, 'Associate a VPC endpoint with a private API'; wording not verified",
)
def unknown_endpoint(call: Call) -> Verdict:
    configuration = call.get("endpointConfiguration") or {}
    added = [each.get("value", "") for each in patches(call, ENDPOINTS) if each["op"] == "add"]
    for endpoint in [*(configuration.get("vpcEndpointIds") or []), *added]:
        if endpoint not in ec2(call.region).vpc_end_points:
            return {"endpoint": endpoint}
    return None


@refuses(
    "apigateway-endpoints-of-public-api",
    SERVICE,
    ["CreateRestApi", "UpdateRestApi"],
    code=BAD,
    message="VPCEndpoints can only be specified with PRIVATE apis.",
    source="cdk-preflight 1.9.1, apigw-vpc-endpoint-ids-private-only",
)
def endpoints_of_public_api(call: Call) -> Verdict:
    if call.operation == "CreateRestApi":
        configuration = call.get("endpointConfiguration") or {}
        return bool(configuration.get("vpcEndpointIds")) and "PRIVATE" not in configuration.get("types", [])
    added = any(each["op"] == "add" for each in patches(call, ENDPOINTS))
    return added and "PRIVATE" not in api_of(call).endpoint_configuration.get("types", [])


@refuses(
    "apigateway-bad-policy",
    SERVICE,
    ["CreateRestApi", "UpdateRestApi"],
    code=BAD,
    message="Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
    source="cdk-preflight 1.9.1, apigw-rest-api-policy-document",
)
def bad_policy(call: Call) -> Verdict:
    patched = [each.get("value", "") for each in patches(call, "/policy") if each["op"] == "replace"]
    return any(text and not is_policy(text) for text in [call.get("policy"), *patched])


@refuses(
    "apigateway-duplicate-method",
    SERVICE,
    "PutMethod",
    code="ConflictException",
    message="Method already exists for this resource",
    source="as quoted in public error reports",
    status=409,
)
def duplicate_method(call: Call) -> Verdict:
    return method_of(call) is not None


@refuses(
    "apigateway-duplicate-resource",
    SERVICE,
    "CreateResource",
    code="ConflictException",
    message="Another resource with the same parent already has this name: {name}",
    source="as quoted in public error reports",
    status=409,
)
def duplicate_resource(call: Call) -> Verdict:
    for resource in api_of(call).resources.values():
        if (resource.parent_id, resource.path_part) == (call.get("parentId"), call.get("pathPart")):
            return {"name": call.get("pathPart")}
    return None


@refuses(
    "apigateway-authorization-type",
    SERVICE,
    ["PutMethod", "UpdateMethod"],
    code=BAD,
    message="Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, and COGNITO_USER_POOLS",
    source="PutMethod API reference; wording not verified",
)
def authorization_type(call: Call) -> Verdict:
    patched = [each.get("value") for each in patches(call, "/authorizationType")]
    sent = [call.params["authorizationType"]] if call.operation == "PutMethod" else patched
    return any(each not in AUTHORIZATION for each in sent)


@refuses(
    "apigateway-undeclared-header",
    SERVICE,
    ["PutIntegrationResponse"],
    code=BAD,
    message="Invalid mapping expression specified: Validation Result: warnings : [], errors : "
    "[Invalid mapping expression parameter specified: {name}]",
    source="wording from memory",
)
def undeclared_header(call: Call) -> Verdict:
    method = method_of(call)
    response = method.method_responses.get(call.get("statusCode")) if method else None
    declared = (response.response_parameters or {}) if response else {}
    for name in call.get("responseParameters") or {}:
        if name not in declared:
            return {"name": name}
    return None


def _number(text: str | None) -> int:
    """The patched value; 0, which is out of every range, where it is no number."""
    return int(text) if text and text.isdigit() else 0


@refuses(
    "apigateway-integration-timeout",
    SERVICE,
    ["PutIntegration", "UpdateIntegration"],
    code=BAD,
    message="Timeout should be between 50 ms and 29000 ms",
    source="API Gateway quotas; as quoted in public error reports",
)
def integration_timeout(call: Call) -> Verdict:
    patched = [_number(each.get("value")) for each in patches(call, "/timeoutInMillis")]
    sent = call.get("timeoutInMillis")
    streamed = call.get("responseTransferMode") == "STREAM"
    most = 900_000 if streamed else 29_000
    return any(each is not None and not 50 <= each <= most for each in [sent, *patched])


@refuses(
    "apigateway-logs-without-account-role",
    SERVICE,
    "UpdateStage",
    code=BAD,
    message="CloudWatch Logs role ARN must be set in account settings to enable logging",
    source="API Gateway guide, 'Set up CloudWatch logging'; anomalyco/sst issue 1556",
)
def logs_without_account_role(call: Call) -> Verdict:
    role = backend(SERVICE, call.region).account.cloudwatch_role_arn
    logging = [
        each
        for each in call.get("patchOperations") or []
        if each["path"].startswith("/accessLogSettings/")
        or (each["path"].endswith("/logging/loglevel") and each.get("value") != "OFF")
    ]
    return bool(logging) and not role


@refuses(
    "apigateway-gateway-response-not-put",
    SERVICE,
    "DeleteGatewayResponse",
    code="NotFoundException",
    message="Gateway response type not defined on api",
    source="as quoted in public error reports",
    status=404,
)
def gateway_response_not_put(call: Call) -> Verdict:
    return call.params["responseType"] not in api_of(call).gateway_responses
