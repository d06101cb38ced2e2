"""What API Gateway refuses of endpoint types, integrations' details, variables, models, authorizers and usage plans."""

from __future__ import annotations

import json
import re

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, method_of, patches
from local_cloud.control.rules import Verdict, refuses

RECORDED = "localstack/localstack, tests/aws/services/apigateway/test_apigateway_api.snapshot.json, "
PREFLIGHT = "cdk-preflight 1.9.1, "
VARIABLE = re.compile(r"\w+", re.ASCII)
VALUE = re.compile(r"[A-Za-z0-9 \-._:/?&=,~#\[\]@!$'()*+;%]*")
# RFC 2045 without parameters: what API Gateway takes for a content type.
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+*-]+(;.*)?|\$default")
LONGEST_TTL = 3600
OFFSETS = {"DAY": 0, "WEEK": 6, "MONTH": 27}


@refuses(
    "apigateway-no-endpoint-type",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.",
    source=RECORDED + "test_create_rest_api_with_endpoint_configuration",
)
def no_endpoint_type(call: Call) -> Verdict:
    sent = call.get("endpointConfiguration") or {}
    return sent.get("types") == []


@refuses(
    "apigateway-private-address-type",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="Only dualstack ipAddressType is supported for Private APIs.",
    source=RECORDED + "test_create_rest_api_private_type",
)
def private_address_type(call: Call) -> Verdict:
    sent = call.get("endpointConfiguration") or {}
    return "PRIVATE" in (sent.get("types") or []) and sent.get("ipAddressType") == "ipv4"


@refuses(
    "apigateway-compression-patch",
    SERVICE,
    "UpdateRestApi",
    code=BAD,
    message="Invalid patch operation specified. Must be one of: [replace]",
    source=RECORDED + "test_update_rest_api_compression",
)
def compression_patch(call: Call) -> Verdict:
    return any(each.get("op") != "replace" for each in patches(call, "/minimumCompressionSize"))


@refuses(
    "apigateway-scopes",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Authorization Scopes are only valid for COGNITO_USER_POOLS authorization type",
    source=PREFLIGHT + "apigw-method-authorization-scopes-cognito",
)
def scopes(call: Call) -> Verdict:
    return bool(call.get("authorizationScopes")) and call.get("authorizationType") != "COGNITO_USER_POOLS"


@refuses(
    "apigateway-cache-key",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid cache key parameter specified",
    source=PREFLIGHT + "apigw-integration-cache-key-parameters",
)
def cache_key(call: Call) -> Verdict:
    method = method_of(call)
    declared = (method.request_parameters or {}) if method else {}
    keys = call.get("cacheKeyParameters") or []
    return any(key.startswith("method.request.") and key not in declared for key in keys)


@refuses(
    "apigateway-vpc-link",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="ConnectionId should be set to the vpcLinkId or stage variable on connection type VPC_LINK",
    source=PREFLIGHT + "apigw-integration-vpc-link-connection-id",
)
def vpc_link(call: Call) -> Verdict:
    return call.get("connectionType") == "VPC_LINK" and not call.get("connectionId")


@refuses(
    "apigateway-stage-variable",
    SERVICE,
    ["CreateStage", "CreateDeployment", "UpdateStage"],
    code=BAD,
    message="{fault}",
    source=PREFLIGHT + "apigw-stage-variable-name and -value",
)
def stage_variable(call: Call) -> Verdict:
    patched = {each["path"].removeprefix("/variables/"): each.get("value") for each in patches(call, "/variables/")}
    for name, value in {**(call.get("variables") or {}), **patched}.items():
        if not VARIABLE.fullmatch(name):
            return {"fault": f"Invalid stage variable name: {name}. Please use names with only word characters."}
        if not VALUE.fullmatch(value or ""):
            return {
                "fault": f"Invalid stage variable value of key {name}.  Please use values with alphanumeric characters "
                "and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."
            }
    return None


@refuses(
    "apigateway-model",
    SERVICE,
    "CreateModel",
    code=BAD,
    message="{fault}",
    source=PREFLIGHT + "apigw-model-content-type and -name-alphanumeric; localstack/localstack, test_model_validation",
)
def model(call: Call) -> Verdict:
    name, kind = call.get("name") or "", call.get("contentType") or ""
    if not name:
        return {"fault": "Model name must be non-empty"}
    if not (name.isascii() and name.isalnum()):
        return {"fault": f"Model name must be alphanumeric: {name}"}
    if not MEDIA_TYPE.fullmatch(kind):
        return {"fault": f"Invalid content type specified: {kind}"}
    return None if _is_schema(call.get("schema")) else {"fault": "Invalid model schema specified"}


def _is_schema(text: str | None) -> bool:
    try:
        return text is None or isinstance(json.loads(text), dict)
    except ValueError:
        return False


@refuses(
    "apigateway-authorizer",
    SERVICE,
    "CreateAuthorizer",
    code=BAD,
    message="{fault}",
    source=PREFLIGHT
    + "apigw-token-authorizer-identity-source, -cognito-authorizer-provider-arns, -authorizer-ttl-range",
)
def authorizer(call: Call) -> Verdict:
    kind, ttl = call.get("type"), call.get("authorizerResultTtlInSeconds") or 0
    if kind == "TOKEN" and not call.get("identitySource"):
        return {"fault": "IdentitySource cannot be empty"}
    if kind == "COGNITO_USER_POOLS" and not call.get("providerARNs"):
        return {"fault": "ProviderARNs cannot be empty"}
    if not 0 <= ttl <= LONGEST_TTL:
        words = f"TTL must be between 0 and {LONGEST_TTL} seconds."
        return {"fault": f"Authorizer result TTL outside allowable range. {words}"}
    return None


@refuses(
    "apigateway-usage-plan",
    SERVICE,
    "CreateUsagePlan",
    code=BAD,
    message="{fault}",
    source=PREFLIGHT + "apigw-usage-plan-quota-period-required, -quota-limit and -quota-offset-range",
)
def usage_plan(call: Call) -> Verdict:
    quota = call.get("quota")
    if not quota:
        return None
    period = quota.get("period")
    if period not in OFFSETS:
        return {"fault": "Invalid Usage Plan quota period specified. Must be one of [DAY, WEEK, MONTH]"}
    if (quota.get("limit") or 0) < 1:
        return {"fault": "Usage Plan quota limit must be a non-negative numeric"}
    most = OFFSETS[period]
    if not 0 <= (quota.get("offset") or 0) <= most:
        return {"fault": f"Usage Plan quota offset must be between 0 and {most} inclusive in the {period} period"}
    return None
