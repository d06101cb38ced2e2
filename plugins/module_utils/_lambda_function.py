# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A Lambda function between the API's shapes and the states of C(lambda_function).

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._tags import own_tags

# Options that are fields of UpdateFunctionConfiguration, or one level within: field -> path.
PLAIN: dict[str, tuple[str, ...]] = {
    "description": ("Description",),
    "runtime": ("Runtime",),
    "handler": ("Handler",),
    "role": ("Role",),
    "timeout": ("Timeout",),
    "memory_size": ("MemorySize",),
    "layers": ("Layers",),
    "ephemeral_storage": ("EphemeralStorage", "Size"),
    "environment": ("Environment", "Variables"),
    "log_group": ("LoggingConfig", "LogGroup"),
    "log_format": ("LoggingConfig", "LogFormat"),
    "tracing_mode": ("TracingConfig", "Mode"),
}
# Two fields that are sent together or not at all.
VPC = {"subnet_ids": "SubnetIds", "security_group_ids": "SecurityGroupIds"}
# What Lambda takes where nothing was said (CreateFunction).
DEFAULTS: dict[str, Any] = {
    "description": "",
    "ephemeral_storage": 512,
    "environment": {},
    "log_format": "Text",
    "tracing_mode": "PassThrough",
}


def is_changing(configuration: dict[str, Any]) -> bool:
    """Whether Lambda is still at work on the function."""
    return configuration.get("State") == "Pending" or configuration.get("LastUpdateStatus") == "InProgress"


def state_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer of GetFunction as a state."""
    found = answer["Configuration"]
    arn, vpc = found["FunctionArn"], found.get("VpcConfig") or {}
    values = {field: _at(found, path) for field, path in PLAIN.items()}
    defaults = {**DEFAULTS, "log_group": f"/aws/lambda/{found['FunctionName']}"}
    _arn, partition, _lambda, region, _rest = arn.split(":", 4)
    prefix = f"arn:{partition}:apigateway:{region}:lambda:path"
    return {
        **{field: defaults.get(field) if value is None else value for field, value in values.items()},
        **{field: sorted(vpc.get(word, [])) for field, word in VPC.items()},
        "name": found["FunctionName"],
        "arn": arn,
        "version": found.get("Version", "$LATEST"),
        # The URIs of a Lambda integration: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
        "invoke_arn": f"{prefix}/2015-03-31/functions/{arn}/invocations",
        "stream_invoke_arn": f"{prefix}/2021-11-15/functions/{arn}/response-streaming-invocations",
        "code_sha256": found["CodeSha256"],
        "architectures": found.get("Architectures") or ["x86_64"],
        "layers": [layer["Arn"] for layer in found.get("Layers") or []],
        "reserved_concurrency": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
        "tags": own_tags(answer.get("Tags")),
    }


def configuration(wanted: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The request for the fields in C(wanted). What the API takes only as a group is filled up from C(whole)."""
    request: dict[str, Any] = {}
    for field, path in PLAIN.items():
        touched = any(other in wanted for other, its in PLAIN.items() if its[0] == path[0])
        if touched and whole.get(field) is not None:
            place = request if len(path) == 1 else request.setdefault(path[0], {})
            place[path[-1]] = whole[field]
    if any(field in wanted for field in VPC):
        request["VpcConfig"] = {word: whole.get(field, []) for field, word in VPC.items()}
    return request


def _at(source: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = source
    for key in path:
        value = (value or {}).get(key)
    return value
