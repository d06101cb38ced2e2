"""What Lambda refuses of a function's configuration and code."""

from __future__ import annotations

import io
import zipfile

from botocore.session import Session

from local_cloud.control.backends import backend, ec2
from local_cloud.control.calls import Call
from local_cloud.control.refusals.policies import allows, role_named, trusts
from local_cloud.control.repairs.lambda_functions import short_name
from local_cloud.control.rules import Verdict, refuses

SERVICE = "lambda"
BOTH = ("CreateFunction", "UpdateFunctionConfiguration")
INVALID = "InvalidParameterValueException"
MODEL = Session().get_service_model(SERVICE)
RUNTIMES: list[str] = MODEL.shape_for("Runtime").metadata["enum"]
# Lambda quotas: MB, seconds. boto3's model has the larger limits of Lambda Managed Instances, which nothing here uses.
MOST_MEMORY = 10240
MOST_SECONDS = 900
# Lambda guide, 'Defined runtime environment variables': the reserved ones.
RESERVED = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
}


@refuses(
    "lambda-reserved-variables",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Lambda was unable to configure your environment variables because the environment variables "
    "you have provided contains reserved keys that are currently not supported for modification. "
    "Reserved keys used in this request: {keys}",
    source="Lambda guide, 'Defined runtime environment variables'; mattermost/mattermost-cloud-monitoring PR 264",
)
def reserved_variables(call: Call) -> Verdict:
    sent = (call.get("Environment") or {}).get("Variables") or {}
    used = sorted(RESERVED & set(sent))
    return {"keys": ", ".join(used)} if used else None


@refuses(
    "lambda-unknown-subnet",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
    "EC2 Error Message: The subnet ID '{subnet}' does not exist",
    source="localstack/localstack, tests/aws/services/lambda_, test_invalid_vpc_config_subnet",
)
def unknown_subnet(call: Call) -> Verdict:
    known = {each for by_id in ec2(call.region).subnets.values() for each in by_id}
    for subnet in (call.get("VpcConfig") or {}).get("SubnetIds") or []:
        if subnet not in known:
            return {"subnet": subnet}
    return None


@refuses(
    "lambda-unknown-group",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. "
    "EC2 Error Message: The security group '{group}' does not exist",
    source="localstack/localstack, tests/aws/services/lambda_, test_invalid_vpc_config_security_group",
)
def unknown_group(call: Call) -> Verdict:
    for group in (call.get("VpcConfig") or {}).get("SecurityGroupIds") or []:
        if ec2(call.region).get_security_group_from_id(group) is None:
            return {"group": group}
    return None


@refuses(
    "lambda-runtime",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
    "[{runtimes}] or be a valid ARN",
    source="localstack/localstack, tests/aws/services/lambda_, test_create_lambda_exceptions; the values are "
    "boto3's model",
)
def runtime(call: Call) -> Verdict:
    sent = call.get("Runtime")
    if sent is None or sent in RUNTIMES:
        return None
    return {"runtime": sent, "runtimes": ", ".join(RUNTIMES)}


@refuses(
    "lambda-bad-zip",
    SERVICE,
    ["CreateFunction", "UpdateFunctionCode"],
    code=INVALID,
    message="Could not unzip uploaded file. Please check your file, then try to upload again.",
    source="localstack/localstack, tests/aws/services/lambda_, test_create_lambda_exceptions",
)
def bad_zip(call: Call) -> Verdict:
    data = call.get("ZipFile") or (call.get("Code") or {}).get("ZipFile")
    return data is not None and not zipfile.is_zipfile(io.BytesIO(data))


@refuses(
    "lambda-timeout",
    SERVICE,
    BOTH,
    code="ValidationException",
    message="1 validation error detected: Value '{value}' at 'timeout' failed to satisfy constraint: "
    "Member must have value less than or equal to {most}",
    source="Lambda quotas; the words are those of every broken constraint (hashicorp/terraform-provider-aws 23310)",
)
def timeout(call: Call) -> Verdict:
    value = call.get("Timeout")
    return {"value": value, "most": MOST_SECONDS} if value is not None and value > MOST_SECONDS else None


@refuses(
    "lambda-memory",
    SERVICE,
    BOTH,
    code="ValidationException",
    message="'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to {most}",
    source="Lambda quotas; ubc-cirrus-lab/parrotfish issue 38",
)
def memory(call: Call) -> Verdict:
    value = call.get("MemorySize")
    return {"most": MOST_MEMORY} if value is not None and value > MOST_MEMORY else None


@refuses(
    "lambda-role-not-assumable",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The role defined for the function cannot be assumed by Lambda.",
    source="hashicorp/terraform-provider-aws, internal/service/lambda/function.go",
)
def role_not_assumable(call: Call) -> Verdict:
    if not call.get("Role"):
        return None
    role = role_named(call.params["Role"])
    return role is None or not trusts(role, "lambda.amazonaws.com")


@refuses(
    "lambda-role-without-interfaces",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
    source="hashicorp/terraform-provider-aws, internal/service/lambda/function.go",
)
def role_without_interfaces(call: Call) -> Verdict:
    if not (call.get("VpcConfig") or {}).get("SubnetIds") or not call.get("Role"):
        return None
    role = role_named(call.params["Role"])
    return role is not None and not allows(role, "ec2:CreateNetworkInterface")


def _statements(call: Call) -> list[str]:
    function = backend(SERVICE, call.region).get_function(short_name(call.params["FunctionName"]))
    return [statement["Sid"] for statement in function.policy.statements]


@refuses(
    "lambda-statement-twice",
    SERVICE,
    "AddPermission",
    code="ResourceConflictException",
    message="The statement id ({sid}) provided already exists. Please provide a new statement id, or remove "
    "the existing statement.",
    source="localstack/localstack, tests/aws/services/lambda_, test_permission_exceptions",
)
def statement_twice(call: Call) -> Verdict:
    sid = call.params["StatementId"]
    return {"sid": sid} if sid in _statements(call) else None


@refuses(
    "lambda-unknown-statement",
    SERVICE,
    "RemovePermission",
    code="ResourceNotFoundException",
    message="Statement {sid} is not found in resource policy.",
    source="localstack/localstack, tests/aws/services/lambda_, test_remove_multi_permissions",
)
def unknown_statement(call: Call) -> Verdict:
    sid = call.params["StatementId"]
    return None if sid in _statements(call) else {"sid": sid}
