"""What API Gateway refuses of mapping expressions, models, gateway responses, streams and patches of stages."""

from __future__ import annotations

import re

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, api_of, patches, resource_of
from local_cloud.control.rules import Verdict, refuses

RECORDED = "localstack/localstack, tests/aws/services/apigateway/test_apigateway_api.snapshot.json, "
PREFLIGHT = "cdk-preflight 1.9.1, "
MAPPING = re.compile(r"'[^']*'|(method\.request|context|stageVariables)\..+|\$context\..+", re.DOTALL)
ARN_OF_ACTION = re.compile(r"arn:[^:]+:apigateway:[^:]+:[^:]+:(path|action)/.+")
PROXIED = ("lambda", "firehose")
STREAMED = ("AWS_PROXY", "HTTP_PROXY")
MODELS = ("Empty", "Error")
LONGEST_CACHE = 3600
KEY_LENGTHS = (20, 128)


@refuses(
    "apigateway-empty-description",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="Description cannot be an empty string",
    source=RECORDED + "test_create_rest_api_with_optional_params",
)
def empty_description(call: Call) -> Verdict:
    return bool(call.get("description") == "")


@refuses(
    "apigateway-parameter-names",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Parameter names must be unique across querystring, header and path",
    source=RECORDED + "test_method_request_parameters",
)
def parameter_names(call: Call) -> Verdict:
    names = [each.rpartition(".")[2] for each in call.get("requestParameters") or {}]
    return len(set(names)) < len(names)


@refuses(
    "apigateway-unknown-model",
    SERVICE,
    ["PutMethod", "PutMethodResponse"],
    code=BAD,
    message="Invalid model identifier specified: {name}",
    source=RECORDED + "test_put_method_validation",
)
def unknown_model(call: Call) -> Verdict:
    sent = {**(call.get("requestModels") or {}), **(call.get("responseModels") or {})}
    known = {*MODELS, *(each.name for each in api_of(call).models.values())}
    return next(({"name": name} for name in sent.values() if name not in known), None)


@refuses(
    "apigateway-integration-parameter",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
    "expression specified: {value}]",
    source=PREFLIGHT + "apigw-integration-request-parameter-value; " + RECORDED + "test_put_integration_request_*",
)
def integration_parameter(call: Call) -> Verdict:
    sent = (call.get("requestParameters") or {}).values()
    return next(({"value": value} for value in sent if not MAPPING.fullmatch(str(value))), None)


@refuses(
    "apigateway-integration-arn",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="{fault}",
    source=RECORDED + "test_put_integration_validation and test_error_aws_proxy_not_supported",
)
def integration_arn(call: Call) -> Verdict:
    kind, uri = call.get("type"), call.get("uri") or ""
    if kind not in ("AWS", "AWS_PROXY"):
        return None
    if not uri.startswith("arn:"):
        return {"fault": "Invalid ARN specified in the request"}
    if not ARN_OF_ACTION.fullmatch(uri):
        return {"fault": "AWS ARN for integration must contain path or action"}
    words = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
    return {"fault": words} if kind == "AWS_PROXY" and uri.split(":")[4] not in PROXIED else None


@refuses(
    "apigateway-stream-of-no-proxy",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Response transfer mode STREAM is only supported for integrations of type AWS_PROXY and HTTP_PROXY",
    source="API Gateway guide, 'Stream the integration response'; wording not verified",
)
def stream_of_no_proxy(call: Call) -> Verdict:
    return call.get("responseTransferMode") == "STREAM" and call.get("type") not in STREAMED


@refuses(
    "apigateway-selection-pattern",
    SERVICE,
    "PutIntegrationResponse",
    code=BAD,
    message="Invalid regex pattern specified",
    source=PREFLIGHT + "apigw-integration-response-selection-pattern",
)
def selection_pattern(call: Call) -> Verdict:
    try:
        re.compile(call.get("selectionPattern") or "")
    except re.error:
        return True
    return None


@refuses(
    "apigateway-root-resource",
    SERVICE,
    "UpdateResource",
    code=BAD,
    message="Root resource cannot update its {name}.",
    source=RECORDED + "test_update_resource_on_root",
)
def root_resource(call: Call) -> Verdict:
    resource = resource_of(call)
    names = [
        each["path"].removeprefix("/") for each in patches(call, "/") if each["path"] in ("/pathPart", "/parentId")
    ]
    return {"name": names[0]} if names and resource is not None and not resource.parent_id else None


@refuses(
    "apigateway-cache-ttl",
    SERVICE,
    "UpdateStage",
    code=BAD,
    message="Invalid time-to-live setting, must be an integer no greater than 3600",
    source=PREFLIGHT + "apigw-stage-cache-ttl-range",
)
def cache_ttl(call: Call) -> Verdict:
    sent = [str(each.get("value")) for each in patches(call, "/") if each["path"].endswith("/caching/ttlInSeconds")]
    return any(not (value.isdigit() and int(value) <= LONGEST_CACHE) for value in sent)


@refuses(
    "apigateway-address-type-patch",
    SERVICE,
    "UpdateRestApi",
    code=BAD,
    message="ipAddressType must be either ipv4 or dualstack.",
    source=RECORDED + "test_update_rest_api_ip_address_type",
)
def address_type_patch(call: Call) -> Verdict:
    sent = [each.get("value") for each in patches(call, "/endpointConfiguration/ipAddressType")]
    return any(value not in ("ipv4", "dualstack") for value in sent)


@refuses(
    "apigateway-bare-path",
    SERVICE,
    "UpdateRestApi",
    code=BAD,
    message="Invalid patch path {path}",
    source=RECORDED + "test_update_rest_api_behaviour",
)
def bare_path(call: Call) -> Verdict:
    bare = any(each["path"] == "/binaryMediaTypes" for each in patches(call, "/binaryMediaTypes"))
    return {"path": "/binaryMediaTypes"} if bare else None


@refuses(
    "apigateway-api-key-value",
    SERVICE,
    "CreateApiKey",
    code=BAD,
    message="API Key value {fault}",
    source=RECORDED + "test_create_api_key_with_invalid_value",
)
def api_key_value(call: Call) -> Verdict:
    length = len(call.get("value") or "")
    if not length or KEY_LENGTHS[0] <= length <= KEY_LENGTHS[1]:
        return None
    short = length < KEY_LENGTHS[0]
    return {"fault": "should be at least 20 characters" if short else "exceeds maximum size of 128 characters"}
