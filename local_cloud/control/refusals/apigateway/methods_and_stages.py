"""What API Gateway refuses of names, stages, methods, integrations and patches."""

from __future__ import annotations

import re

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, api_of, method_of, patches, resource_of
from local_cloud.control.rules import Verdict, refuses

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY")
PATH_PART = re.compile(r"[a-zA-Z0-9._\-:]+|\{[a-zA-Z0-9._\-:]+\+?\}")
LAMBDA_URI = re.compile(
    r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/\d{4}-\d\d-\d\d/functions/"
    r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_$.{}:-]+/"
    r"(invocations|response-streaming-invocations)"
)
REQUEST_PARAMETER = re.compile(r"method\.request\.(header|querystring|path)\.[^\s.]+|method\.request\.multivalue.+")
RESPONSE_PARAMETER = re.compile(r"method\.response\.(header|querystring|path)\.[^\s.]+")
MOST_COMPRESSED = 10_485_760
# API Gateway guide, 'Patch operations' (UpdateRestApi): the paths that can be patched.
API_PATHS = (
    "/name",
    "/description",
    "/policy",
    "/apiKeySource",
    "/minimumCompressionSize",
    "/disableExecuteApiEndpoint",
    "/binaryMediaTypes",
    "/endpointConfiguration",
    "/version",
    "/securityPolicy",
    "/endpointAccessMode",
)
STAGE_PATHS = (
    "/deploymentId",
    "/description",
    "/cacheClusterEnabled",
    "/cacheClusterSize",
    "/clientCertificateId",
    "/accessLogSettings",
    "/canarySettings",
    "/tracingEnabled",
    "/variables",
    "/webAclArn",
    "/documentationVersion",
)
METHOD_SETTING = re.compile(
    r"/.+/(metrics/enabled|logging/dataTrace|logging/loglevel|throttling/burstLimit|throttling/rateLimit"
    r"|caching/(enabled|ttlInSeconds|dataEncrypted|requireAuthorizationForCacheControl"
    r"|unauthorizedCacheControlHeaderStrategy))"
)
# All settings of one method, which can only be removed together: so does Terraform's aws_api_gateway_method_settings.
METHOD_SETTINGS = re.compile(r"/[^/]+/(\*|[A-Z]+)")


@refuses(
    "apigateway-no-name",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="Name cannot be empty",
    source="CreateRestApi API reference, name; wording from memory",
)
def no_name(call: Call) -> Verdict:
    return not call.get("name", "").strip()


@refuses(
    "apigateway-compression",
    SERVICE,
    "CreateRestApi",
    code=BAD,
    message="Invalid minimum compression size, must be between 0 and 10485760",
    source="localstack/localstack, tests/aws/services/apigateway, test_create_rest_api_with_optional_params",
)
def compression(call: Call) -> Verdict:
    size = call.get("minimumCompressionSize")
    return size is not None and not 0 <= size <= MOST_COMPRESSED


@refuses(
    "apigateway-stage-name",
    SERVICE,
    ["CreateDeployment", "CreateStage"],
    code=BAD,
    message="Stage name only allows a-zA-Z0-9_",
    source="Miserlou/Zappa issue 356; hyphens are taken since",
)
def stage_name(call: Call) -> Verdict:
    name = call.get("stageName")
    return bool(name) and not re.fullmatch("[a-zA-Z0-9_-]{1,128}", name)


@refuses(
    "apigateway-path-part",
    SERVICE,
    "CreateResource",
    code=BAD,
    message="Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
    "beginning and the end.",
    source="CreateResource API reference, pathPart; as moto and public error reports quote it",
)
def path_part(call: Call) -> Verdict:
    return not PATH_PART.fullmatch(call.params["pathPart"])


@refuses(
    "apigateway-unknown-resource",
    SERVICE,
    ["PutMethod", "PutIntegration", "PutMethodResponse", "PutIntegrationResponse", "DeleteResource"],
    code="NotFoundException",
    message="Invalid Resource identifier specified",
    source="localstack/localstack pull request 11400",
    status=404,
)
def unknown_resource(call: Call) -> Verdict:
    return resource_of(call) is None


@refuses(
    "apigateway-http-method",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Invalid HttpMethod specified. Valid options are {methods}",
    source="localstack/localstack, tests/aws/services/apigateway, test_put_method_validation",
)
def http_method(call: Call) -> Verdict:
    return None if call.params["httpMethod"] in METHODS else {"methods": ",".join(METHODS)}


@refuses(
    "apigateway-no-authorizer",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
    "requires a valid authorizer.",
    source="localstack/localstack, tests/aws/services/apigateway, test_put_method_validation",
)
def no_authorizer(call: Call) -> Verdict:
    needed = call.get("authorizationType") in ("CUSTOM", "COGNITO_USER_POOLS")
    return needed and call.get("authorizerId") not in api_of(call).authorizers


@refuses(
    "apigateway-unknown-validator",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Invalid Request Validator identifier specified",
    source="localstack/localstack, tests/aws/services/apigateway, test_put_method_validation",
)
def unknown_validator(call: Call) -> Verdict:
    validator = call.get("requestValidatorId")
    return bool(validator) and validator not in api_of(call).request_validators


@refuses(
    "apigateway-request-parameter",
    SERVICE,
    "PutMethod",
    code=BAD,
    message="Invalid mapping expression parameter specified: {name}",
    source="cdk-preflight 1.9.1, apigw-method-request-parameter-key",
)
def request_parameter(call: Call) -> Verdict:
    for name in call.get("requestParameters") or {}:
        if not REQUEST_PARAMETER.fullmatch(name):
            return {"name": name}
    return None


@refuses(
    "apigateway-response-parameter",
    SERVICE,
    "PutMethodResponse",
    code=BAD,
    message="Invalid mapping expression specified: {name}",
    source="PutMethodResponse API reference, responseParameters; wording from memory",
)
def response_parameter(call: Call) -> Verdict:
    for name in call.get("responseParameters") or {}:
        if not RESPONSE_PARAMETER.fullmatch(name):
            return {"name": name}
    return None


@refuses(
    "apigateway-integration-of-no-method",
    SERVICE,
    ["PutIntegration", "PutMethodResponse", "PutIntegrationResponse"],
    code="NotFoundException",
    message="Invalid Method identifier specified",
    source="localstack/localstack pull request 11400",
    status=404,
)
def integration_of_no_method(call: Call) -> Verdict:
    return resource_of(call) is not None and method_of(call) is None


@refuses(
    "apigateway-lambda-uri",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid ARN specified in the request",
    source="PutIntegration API reference, uri; as quoted in public error reports",
)
def lambda_uri(call: Call) -> Verdict:
    uri = call.get("uri") or ""
    aims = call.get("type") == "AWS_PROXY" and (":lambda:" in uri or not uri)
    return aims and not LAMBDA_URI.fullmatch(uri)


@refuses(
    "apigateway-http-uri",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid HTTP endpoint specified for URI",
    source="PutIntegration API reference, uri; as quoted in public error reports",
)
def http_uri(call: Call) -> Verdict:
    uri = call.get("uri") or ""
    return call.get("type") in ("HTTP", "HTTP_PROXY") and not uri.startswith(("http://", "https://", "${"))


@refuses(
    "apigateway-no-integration-method",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Enumeration value for HttpMethod must be non-empty",
    source="aws/aws-cli issue 1605",
)
def no_integration_method(call: Call) -> Verdict:
    return call.get("type") not in ("MOCK", None) and not call.get("integrationHttpMethod")


@refuses(
    "apigateway-passthrough",
    SERVICE,
    "PutIntegration",
    code=BAD,
    message="Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES, and NEVER",
    source="PutIntegration API reference, passthroughBehavior; wording from memory",
)
def passthrough(call: Call) -> Verdict:
    return call.get("passthroughBehavior") not in (None, "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")


@refuses(
    "apigateway-no-method-response",
    SERVICE,
    "PutIntegrationResponse",
    code="NotFoundException",
    message="Invalid Response status code specified",
    source="PutIntegrationResponse API reference, statusCode; as quoted in public error reports",
    status=404,
)
def no_method_response(call: Call) -> Verdict:
    method = method_of(call)
    return method is not None and call.params["statusCode"] not in method.method_responses


@refuses(
    "apigateway-unknown-deployment",
    SERVICE,
    "CreateStage",
    code=BAD,
    message="Deployment id does not exist",
    source="localstack/localstack, tests/aws/services/apigateway, test_create_canary_deployment",
)
def unknown_deployment(call: Call) -> Verdict:
    return call.params["deploymentId"] not in api_of(call).deployments


def _unknown_path(call: Call, known: tuple[str, ...], settings: bool) -> str | None:
    for each in call.get("patchOperations") or []:
        path = each.get("path", "")
        named = any(path == one or path.startswith(f"{one}/") for one in known)
        method = METHOD_SETTING.fullmatch(path) or (each.get("op") == "remove" and METHOD_SETTINGS.fullmatch(path))
        if not named and not (settings and method):
            return str(path)
    return None


@refuses(
    "apigateway-api-path",
    SERVICE,
    "UpdateRestApi",
    code=BAD,
    message="Invalid patch path {path}",
    source="API Gateway guide, 'Patch operations'; as quoted in public error reports",
)
def api_path(call: Call) -> Verdict:
    path = _unknown_path(call, API_PATHS, settings=False)
    return {"path": path} if path else None


@refuses(
    "apigateway-stage-path",
    SERVICE,
    "UpdateStage",
    code=BAD,
    message="Invalid method setting path: {path}. Must be one of: [{paths}]",
    source="localstack/localstack pull request 9334",
)
def stage_path(call: Call) -> Verdict:
    path = _unknown_path(call, STAGE_PATHS, settings=True)
    return {"path": path, "paths": ", ".join(STAGE_PATHS)} if path else None


def _setting_fault(path: str, value: str) -> str | None:
    if path.endswith("/logging/loglevel") and value not in ("OFF", "ERROR", "INFO"):
        return f"Invalid logging level {value}. Valid options are OFF, ERROR, INFO"
    if path.endswith(("/throttling/rateLimit", "/throttling/burstLimit")) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return f"Invalid throttling value {value}: must be a number"
    if path.endswith(("/metrics/enabled", "/tracingEnabled")) and value.lower() not in ("true", "false"):
        return f"Invalid boolean value {value}"
    return None


@refuses(
    "apigateway-stage-setting",
    SERVICE,
    "UpdateStage",
    code=BAD,
    message="{fault}",
    source="MethodSetting API reference; wording from memory",
)
def stage_setting(call: Call) -> Verdict:
    for each in patches(call, "/"):
        fault = _setting_fault(each["path"], each.get("value") or "")
        if each.get("op") == "replace" and fault:
            return {"fault": fault}
    return None
