"""Lambda functions: configuration that moto drops, the real VPC, and where the code can be had."""

from __future__ import annotations

import uuid
from typing import Any

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs

Record = dict[str, Any]
# Described as sent; moto forgets them on creation or on update.
KEPT = (
    "LoggingConfig",
    "EphemeralStorage",
    "TracingConfig",
    "DeadLetterConfig",
    "FileSystemConfigs",
    "KMSKeyArn",
    "VpcConfig",
)


def short_name(name: str) -> str:
    """The function's name of a name, partial ARN or ARN, without its qualifier."""
    parts = name.split(":")
    return parts[parts.index("function") + 1] if "function" in parts else parts[0]


@repairs("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def configure(call: Call, proceed: Proceed) -> Result:
    """Keep what moto drops; an option that is not sent stays as it was."""
    result = proceed()
    extra = call.state.extra(result["FunctionArn"].split(":$")[0])
    extra.update({key: call.params[key] for key in KEPT if call.get(key) is not None})
    if call.get("SnapStart"):
        extra["SnapStart"] = {**call.params["SnapStart"], "OptimizationStatus": "Off"}
    extra["RevisionId"] = str(uuid.uuid4())
    return _complete(call, result)


@repairs("lambda", "UpdateFunctionCode")
def update_code(call: Call, proceed: Proceed) -> Result:
    """A new revision, and the architectures that came with the code: moto drops them."""
    result = proceed()
    extra = call.state.extra(result["FunctionArn"].split(":$")[0])
    extra["RevisionId"] = str(uuid.uuid4())
    if call.get("Architectures"):
        extra["Architectures"] = call.params["Architectures"]
    return _complete(call, result)


@repairs("lambda", "GetFunctionConfiguration", "PublishVersion")
def get_configuration(call: Call, proceed: Proceed) -> Result:
    """The complete configuration."""
    return _complete(call, proceed())


@repairs("lambda", "GetFunction")
def get_function(call: Call, proceed: Proceed) -> Result:
    """The complete configuration, and a ``Code.Location`` that answers."""
    result = proceed()
    configuration = _complete(call, result["Configuration"])
    if configuration.get("PackageType") != "Image":
        url = f"{call.state.base_url}/_local/lambda/{configuration['FunctionName']}/code"
        result["Code"] = {"RepositoryType": "S3", "Location": url}
    result["Tags"] = result.get("Tags") or {}
    return result


@repairs("lambda", "ListFunctions")
def list_functions(call: Call, proceed: Proceed) -> Result:
    """Complete configurations."""
    result = proceed()
    for configuration in result["Functions"]:
        _complete(call, configuration)
    return result


@repairs("lambda", "DeleteFunction")
def delete_function(call: Call, proceed: Proceed) -> Result:
    """Nothing is remembered of a deleted function."""
    result = proceed()
    name = short_name(call.params["FunctionName"])
    if not call.get("Qualifier"):
        arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{name}"
        call.state.kept.pop(arn, None)
    return result


def _complete(call: Call, configuration: Record) -> Record:
    name = configuration["FunctionName"]
    base = ":".join(configuration["FunctionArn"].split(":")[:7])
    extra = call.state.kept.get(base, {})
    configuration.update({key: value for key, value in extra.items() if key != "VpcConfig"})
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    configuration["LoggingConfig"] = {**logging, **extra.get("LoggingConfig", {})}
    configuration["VpcConfig"] = vpc_config(call, extra.get("VpcConfig") or {})
    configuration["State"] = "Active"
    configuration["LastUpdateStatus"] = "Successful"
    configuration.setdefault("RevisionId", str(uuid.uuid4()))
    return configuration


def vpc_config(call: Call, sent: Record) -> Record:
    """The described VpcConfig: empty strings and lists for a function outside a VPC."""
    subnets = sent.get("SubnetIds") or []
    vpc = ec2(call.region).get_subnet(subnets[0]).vpc_id if subnets else ""
    return {
        "SubnetIds": subnets,
        "SecurityGroupIds": sent.get("SecurityGroupIds") or [],
        "VpcId": vpc,
        "Ipv6AllowedForDualStack": bool(sent.get("Ipv6AllowedForDualStack")),
    }


@repairs("lambda", "Invoke", "InvokeAsync", "InvokeWithResponseStream")
def invoke(call: Call, proceed: Proceed) -> Result:
    """Functions run in the data plane; moto would want a container engine."""
    backend("lambda", call.region).get_function(short_name(call.params["FunctionName"]))
    message = "The local cloud's control plane runs no function: invoke it through its API."
    raise AwsError("InvalidRequestContentException", message)
