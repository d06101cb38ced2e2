"""What Lambda refuses of functions of other accounts, of what is in use or taken, and of what does not go together."""

from __future__ import annotations

import re

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.lambda_functions.versions import function_named, of_functions
from local_cloud.control.rules import Verdict, refuses

SERVICE = "lambda"
ARN_OF_A_VERSION = re.compile(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+:.+")
INVALID = "InvalidParameterValueException"
ARN = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d{12}):function:.+")
# Lambda guide, 'Improving startup performance with Lambda SnapStart': Java 11, Python 3.12, .NET 8 and later.
WITHOUT_SNAP_START = re.compile(
    r"(nodejs|ruby|provided|go|java8|dotnet[67]|dotnetcore|python2|python3\.([6-9]|1[01])$).*"
)
LARGEST_WITH_SNAP_START = 512


@refuses(
    "lambda-of-another-account",
    SERVICE,
    [*of_functions(), "TagResource", "UntagResource", "ListTags"],
    code="AccessDeniedException",
    message="User is not authorized to perform: lambda:{operation} on resource: {arn}",
    source="Lambda guide, 'Granting Lambda function access to other accounts': none without the function's own policy; "
    "wording not verified",
    status=403,
)
def of_another_account(call: Call) -> Verdict:
    arn = call.get("FunctionName") or call.get("Resource") or ""
    found = ARN.fullmatch(arn)
    return {"operation": call.operation, "arn": arn} if found and found[2] != call.account else None


@refuses(
    "lambda-tags-of-another-region",
    SERVICE,
    ["TagResource", "UntagResource", "ListTags"],
    code="ResourceNotFoundException",
    message="Function not found: {arn}",
    source="TagResource API reference, ResourceNotFoundException; wording not verified",
    status=404,
)
def tags_of_another_region(call: Call) -> Verdict:
    arn = call.params["Resource"]
    found = ARN.fullmatch(arn)
    return {"arn": arn} if found and found[1] != call.region else None


@refuses(
    "lambda-tags-of-a-version",
    SERVICE,
    ["TagResource", "UntagResource", "ListTags"],
    code=INVALID,
    message="Tags on function aliases and versions are not supported. Please specify a function ARN.",
    source="Lambda guide, 'Using tags on Lambda functions'; wording from memory",
)
def tags_of_a_version(call: Call) -> Verdict:
    return bool(ARN_OF_A_VERSION.fullmatch(call.params["Resource"]))


@refuses(
    "lambda-snap-start",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="{fault}",
    source="Lambda guide, 'Improving startup performance with Lambda SnapStart', supported features and limitations; "
    "as quoted in public error reports",
)
def snap_start(call: Call) -> Verdict:
    if (call.get("SnapStart") or {}).get("ApplyOn") != "PublishedVersions":
        return None
    runtime = call.get("Runtime") or ""
    if WITHOUT_SNAP_START.fullmatch(runtime):
        return {"fault": f"{runtime} is not supported for SnapStart enabled functions."}
    if (call.get("EphemeralStorage") or {}).get("Size", 0) > LARGEST_WITH_SNAP_START:
        return {"fault": "Ephemeral storage over 512 MB is not supported for SnapStart enabled functions."}
    if call.get("FileSystemConfigs"):
        return {"fault": "EFS is not supported for SnapStart enabled functions."}
    return (
        {"fault": "Container images are not supported for SnapStart."} if call.get("PackageType") == "Image" else None
    )


@refuses(
    "lambda-version-of-an-alias",
    SERVICE,
    "DeleteFunction",
    code="ResourceConflictException",
    message="Version {version} is in use by the alias {alias}.",
    source="DeleteFunction API reference: 'you can't delete a version that an alias references'; wording not verified",
    status=409,
)
def version_of_an_alias(call: Call) -> Verdict:
    function, version = function_named(call), call.get("Qualifier")
    if function is None or not version:
        return None
    for alias in backend(SERVICE, call.region).list_aliases(function.function_name):
        weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
        if version == alias.function_version or version in weights:
            return {"version": version, "alias": alias.name}
    return None


@refuses(
    "lambda-url-permission",
    SERVICE,
    "AddPermission",
    code=INVALID,
    message="FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
    source="AddPermission API reference, FunctionUrlAuthType; wording from memory",
)
def url_permission(call: Call) -> Verdict:
    return bool(call.get("FunctionUrlAuthType")) and call.get("Action") != "lambda:InvokeFunctionUrl"


@refuses(
    "lambda-second-url",
    SERVICE,
    "CreateFunctionUrlConfig",
    code="ResourceConflictException",
    message="Failed to create function url config for [functionArn = {arn}]. Error message:  "
    "FunctionUrlConfig exists for this Lambda function",
    source="CreateFunctionUrlConfig API reference, ResourceConflictException; wording from memory",
    status=409,
)
def second_url(call: Call) -> Verdict:
    function = function_named(call)
    return {"arn": function.function_arn} if function is not None and function.url_config else None
