"""What Lambda refuses of layers, packages, destinations, logs, versions and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.repairs.lambda_functions import short_name
from local_cloud.control.rules import Verdict, refuses

SERVICE = "lambda"
BOTH = ("CreateFunction", "UpdateFunctionConfiguration")
INVALID = "InvalidParameterValueException"
MISSING = "ResourceNotFoundException"
RECORDED = "localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json, "
PREFLIGHT = "cdk-preflight 1.9.1, "
LAYER = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([^:]+):(\d+)")
LATEST = "$LATEST"
MOST_LAYERS, MOST_TAGS = 5, 50


@refuses(
    "lambda-layers",
    SERVICE,
    BOTH,
    code=INVALID,
    message="{fault}",
    source=RECORDED + "test_layer_function_exceptions and test_layer_function_quota_exception",
)
def layers(call: Call) -> Verdict:
    fault = next(_layer_faults(call), None)
    return {"fault": fault} if fault else None


def _layer_faults(call: Call) -> Iterator[str]:
    sent = call.get("Layers") or []
    if len(sent) > MOST_LAYERS:
        yield f"Cannot reference more than {MOST_LAYERS} layers."
    found = [(arn, match) for arn in sent if (match := LAYER.fullmatch(arn))]
    if any(match[1] != call.region for _arn, match in found):
        yield (f"Layers are not in the same region as the function. Layers are expected to be in region {call.region}.")
    names = [match[3] for _arn, match in found]
    first = next((name for name in names if names.count(name) > 1), None)
    if first:
        both = " and ".join([arn for arn, match in found if match[3] == first][:2])
        yield f"Two different versions of the same layer are not allowed to be referenced in the same function. {both}"
    for arn, match in found:
        if match[2] == call.account and not _layer_exists(call, match[3], match[4]):
            yield f"Layer version {arn} does not exist."


def _layer_exists(call: Call, name: str, version: str) -> bool:
    known = backend(SERVICE, call.region).list_layers()
    return any(each["LayerName"] == name and each["LatestMatchingVersion"]["Version"] >= int(version) for each in known)


@refuses(
    "lambda-package",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "lambda-imageconfig-requires-image, -zip-no-imageuri, -image-requires-imageuri; CreateFunction "
    "API reference, PackageType; wording not verified",
)
def package(call: Call) -> Verdict:
    code = call.get("Code") or {}
    if call.get("PackageType") == "Image":
        extra = next((name for name in ("Handler", "Runtime", "Layers") if call.get(name)), None)
        if extra:
            return {"fault": f"Please don't provide {extra} when the package type is Image."}
        return None if code.get("ImageUri") else {"fault": "Please provide ImageUri when the package type is Image."}
    if call.get("ImageConfig"):
        return {"fault": "Please don't provide ImageConfig when the package type is Zip."}
    return {"fault": "Please don't provide ImageUri when the package type is Zip."} if code.get("ImageUri") else None


@refuses(
    "lambda-dead-letters",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Invalid dead letter queue ARN: {fault}",
    source=PREFLIGHT + "lambda-dlq-service and -dlq-region",
)
def dead_letters(call: Call) -> Verdict:
    parts = ((call.get("DeadLetterConfig") or {}).get("TargetArn") or "").split(":")
    if len(parts) < 6:
        return None
    if parts[2] not in ("sqs", "sns"):
        words = "The service specified by the TargetArn is not supported for dead letter configuration."
        return {"fault": words}
    words = "The resource specified by the TargetArn must be in the same region as the Lambda function it's associated"
    return {"fault": f"{words} with."} if parts[3] != call.region else None


@refuses(
    "lambda-log-group",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The log group name {name} must not start with aws/",
    source=PREFLIGHT + "lambda-loggroup-no-aws-prefix; wording not verified",
)
def log_group(call: Call) -> Verdict:
    name = (call.get("LoggingConfig") or {}).get("LogGroup") or ""
    return {"name": name} if name.startswith("aws/") else None


@refuses(
    "lambda-no-bucket",
    SERVICE,
    ["CreateFunction", "UpdateFunctionCode"],
    code=INVALID,
    message="Error occurred while GetObject. S3 Error Code: {fault}",
    source=RECORDED + "test_lambda_code_location_s3_errors",
)
def no_bucket(call: Call) -> Verdict:
    code = call.get("Code") or call.params
    name = code.get("S3Bucket")
    if not name:
        return None
    bucket: Any = backend("s3", "aws").buckets.get(name)
    if bucket is None:
        return {"fault": "NoSuchBucket. S3 Error Message: The specified bucket does not exist"}
    gone = {"fault": "NoSuchKey. S3 Error Message: The specified key does not exist."}
    return None if code.get("S3Key") in bucket.keys else gone


def _versions(call: Call) -> tuple[set[str], set[str]] | None:
    """The function's versions and aliases; None where there is no such function."""
    name = short_name(call.params["FunctionName"])
    known = backend(SERVICE, call.region)
    if all(each.function_name != name for each in known.list_functions()):
        return None
    versions = {str(each.version) for each in known.list_versions_by_function(name)}
    return versions | {LATEST}, {each.name for each in known.list_aliases(name)}


@refuses(
    "lambda-permission-of-latest",
    SERVICE,
    "AddPermission",
    code=INVALID,
    message="We currently do not support adding policies for $LATEST.",
    source=RECORDED + "test_permission_exceptions",
)
def permission_of_latest(call: Call) -> Verdict:
    return bool(call.get("Qualifier") == LATEST)


@refuses(
    "lambda-unknown-qualifier",
    SERVICE,
    ["AddPermission", "PutProvisionedConcurrencyConfig"],
    code=MISSING,
    message="{fault}",
    source=RECORDED + "test_permission_exceptions and test_provisioned_concurrency_exceptions",
    status=404,
)
def unknown_qualifier(call: Call) -> Verdict:
    qualifier, known = call.get("Qualifier"), _versions(call)
    if not qualifier or known is None or qualifier in known[0] | known[1]:
        return None
    arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{short_name(call.params['FunctionName'])}:{qualifier}"
    return {"fault": f"Function not found: {arn}" if qualifier.isdigit() else f"Cannot find alias arn: {arn}"}


@refuses(
    "lambda-unknown-version",
    SERVICE,
    ["CreateAlias", "UpdateAlias"],
    code=MISSING,
    message="Function not found: arn:aws:lambda:{region}:{account}:function:{name}:{version}",
    source=RECORDED + "test_notfound_and_invalid_routingconfigs",
    status=404,
)
def unknown_version(call: Call) -> Verdict:
    version, known = call.get("FunctionVersion"), _versions(call)
    if not version or known is None or version in known[0]:
        return None
    name = short_name(call.params["FunctionName"])
    return {"region": call.region, "account": call.account, "name": name, "version": version}


@refuses(
    "lambda-provisioned-latest",
    SERVICE,
    "PutProvisionedConcurrencyConfig",
    code=INVALID,
    message="Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
    source=RECORDED + "test_provisioned_concurrency_exceptions",
)
def provisioned_latest(call: Call) -> Verdict:
    return bool(call.get("Qualifier") == LATEST)


@refuses(
    "lambda-too-many-tags",
    SERVICE,
    "TagResource",
    code=INVALID,
    message="Number of tags exceeds resource tag limit.",
    source=RECORDED + "test_tag_limits",
)
def too_many_tags(call: Call) -> Verdict:
    return len(call.get("Tags") or {}) > MOST_TAGS
