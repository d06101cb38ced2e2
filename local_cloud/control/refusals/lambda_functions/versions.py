"""What Lambda refuses of revisions, versions, aliases and packages."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from botocore.session import Session

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.repairs.lambda_functions import short_name
from local_cloud.control.rules import Verdict, refuses

SERVICE = "lambda"
INVALID = "InvalidParameterValueException"
BOTH = ("CreateFunction", "UpdateFunctionConfiguration")
LONGEST_NAME = 64
RECORDED = "localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json, "
PREFLIGHT = "cdk-preflight 1.9.1, "
ARN = re.compile(r"arn:[^:]+:lambda:([^:]+):\d{12}:function:.+")
LATEST = "$LATEST"


def function_named(call: Call) -> Any:
    """moto's function, or None."""
    name = short_name(call.params["FunctionName"])
    return next((each for each in backend(SERVICE, call.region).list_functions() if each.function_name == name), None)


def of_functions() -> list[str]:
    model = Session().get_service_model(SERVICE)
    shapes = ((name, model.operation_model(name).input_shape) for name in model.operation_names)
    return [name for name, shape in shapes if shape and "FunctionName" in shape.members]


@refuses(
    "lambda-of-another-region",
    SERVICE,
    of_functions(),
    code="ResourceNotFoundException",
    message="Functions from '{other}' are not reachable in this region ('{own}')",
    source=RECORDED + "test_get_function_wrong_region",
)
def of_another_region(call: Call) -> Verdict:
    named = ARN.fullmatch(call.get("FunctionName") or "")
    return {"other": named[1], "own": call.region} if named and named[1] != call.region else None


@refuses(
    "lambda-name-length",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
    "Member must have length less than or equal to 64",
    source=RECORDED + "test_function_arns",
)
def name_length(call: Call) -> Verdict:
    name = call.params["FunctionName"]
    return {"name": name} if ":" not in name and len(name) > LONGEST_NAME else None


@refuses(
    "lambda-log-level-of-text",
    SERVICE,
    BOTH,
    code=INVALID,
    message="To set log levels, the log format must be JSON.",
    source="LoggingConfig API reference; " + PREFLIGHT + "lambda-loglevel-requires-json; wording not verified",
)
def log_level_of_text(call: Call) -> Verdict:
    sent = call.get("LoggingConfig") or {}
    levels = sent.get("ApplicationLogLevel") or sent.get("SystemLogLevel")
    return bool(levels) and sent.get("LogFormat") == "Text"


@refuses(
    "lambda-file-system-without-network",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="Function must be configured to execute in a VPC to reference access point {arn}. Please update the "
    "function configuration to include VPC subnets and security groups.",
    source=PREFLIGHT + "lambda-efs-requires-vpc",
)
def file_system_without_network(call: Call) -> Verdict:
    systems = call.get("FileSystemConfigs") or []
    alone = systems and not (call.get("VpcConfig") or {}).get("SubnetIds")
    return {"arn": systems[0].get("Arn")} if alone else None


@refuses(
    "lambda-no-handler",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    source="CreateFunction API reference, Handler and Runtime; as quoted in public error reports",
)
def no_handler(call: Call) -> Verdict:
    return call.get("PackageType", "Zip") == "Zip" and not (call.get("Handler") and call.get("Runtime"))


@refuses(
    "lambda-image-for-zip",
    SERVICE,
    "UpdateFunctionCode",
    code=INVALID,
    message="Please don't provide ImageUri when updating a function with packageType Zip.",
    source="localstack/localstack, tests/aws/services/lambda_, test_lambda_zip_file_to_image",
)
def image_for_zip(call: Call) -> Verdict:
    function = function_named(call)
    return bool(call.get("ImageUri")) and function is not None and function.package_type != "Image"


@refuses(
    "lambda-revision",
    SERVICE,
    ["UpdateFunctionConfiguration", "UpdateFunctionCode", "PublishVersion"],
    code="PreconditionFailedException",
    message="The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
    "retrieve the latest Revision Id",
    source=RECORDED + "test_publish_with_wrong_revisionid",
)
def revision(call: Call) -> Verdict:
    sent, function = call.get("RevisionId"), function_named(call)
    if not sent or function is None:
        return None
    return bool(sent != call.state.extra(function.function_arn).get("RevisionId"))


@refuses(
    "lambda-code-hash",
    SERVICE,
    "PublishVersion",
    code=INVALID,
    message="CodeSHA256 ({sent}) is different from current CodeSHA256 in $LATEST ({own}). Please try again with the "
    "CodeSHA256 in $LATEST.",
    source=RECORDED + "test_publish_with_wrong_sha256",
)
def code_hash(call: Call) -> Verdict:
    sent, function = call.get("CodeSha256"), function_named(call)
    if not sent or function is None:
        return None
    own = str(function.code_sha_256)
    return None if sent in (own, _as_base64(own)) else {"sent": sent, "own": own}


def _as_base64(digest: str) -> str:
    """A hexadecimal digest as Lambda shows it."""
    try:
        return base64.b64encode(bytes.fromhex(digest)).decode()
    except (ValueError, binascii.Error):
        return digest


@refuses(
    "lambda-empty-invoke-configuration",
    SERVICE,
    ["PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig"],
    code=INVALID,
    message="You must specify at least one of error handling or destination setting.",
    source=RECORDED + "test_lambda_eventinvokeconfig_exceptions",
)
def empty_invoke_configuration(call: Call) -> Verdict:
    names = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    return all(call.get(name) is None for name in names)


@refuses(
    "lambda-alias-weights",
    SERVICE,
    ["CreateAlias", "UpdateAlias"],
    code=INVALID,
    message="{fault}",
    source=RECORDED + "test_notfound_and_invalid_routingconfigs",
)
def alias_weights(call: Call) -> Verdict:
    weights = (call.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    version = call.get("FunctionVersion")
    if len(weights) > 1:
        return {"fault": "Number of items in AdditionalVersionWeights cannot be greater than 1"}
    if weights and version == LATEST:
        return {"fault": "$LATEST is not supported for an alias pointing to more than 1 version"}
    if version in weights:
        return {
            "fault": f"Invalid function version {version}. Function version {version} is already included in routing "
            "configuration."
        }
    return None


@refuses(
    "lambda-latest-alone",
    SERVICE,
    "DeleteFunction",
    code=INVALID,
    message="$LATEST version cannot be deleted without deleting the function.",
    source=RECORDED + "test_ops_with_arn_qualifier_mismatch",
)
def latest_alone(call: Call) -> Verdict:
    return bool(call.get("Qualifier") == LATEST)
