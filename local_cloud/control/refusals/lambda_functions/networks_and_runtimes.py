"""What Lambda refuses of networks, variables, runtimes, permissions and concurrency."""

from __future__ import annotations

import re

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.refusals.networks import apart, scattered
from local_cloud.control.repairs.lambda_functions import short_name
from local_cloud.control.rules import Verdict, refuses

SERVICE = "lambda"
BOTH = ("CreateFunction", "UpdateFunctionConfiguration")
INVALID = "InvalidParameterValueException"
# Lambda guide, 'Lambda runtimes', deprecated runtimes whose function creation is blocked (November 2026).
GONE = {
    *("dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "go1.x", "java8"),
    *("nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x"),
    *("nodejs16.x", "nodejs18.x", "provided", "python2.7", "python3.6", "python3.7", "python3.8", "ruby2.5", "ruby2.7"),
}
ENVIRONMENT_BYTES = 4096
ACCOUNT_CONCURRENCY, LEFT_FOR_OTHERS = 1000, 100
# AddPermission API reference, Principal: a service, an account, an ARN of one, or anybody.
PRINCIPAL = re.compile(r"\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?")


@refuses(
    "lambda-runtime-gone",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda "
    "functions. We recommend you use a supported runtime while creating or updating functions.",
    source="localstack/localstack, tests/aws/services/lambda_, "
    "test_create_deprecated_function_runtime_with_validation_enabled",
)
def runtime_gone(call: Call) -> Verdict:
    return {"runtime": call.get("Runtime")} if call.get("Runtime") in GONE else None


@refuses(
    "lambda-environment-size",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Lambda was unable to configure your environment variables because the environment variables you "
    "have provided exceeded the 4KB limit.",
    source="localstack/localstack, tests/aws/services/lambda_, test_large_environment_variables_fails",
)
def environment_size(call: Call) -> Verdict:
    sent = (call.get("Environment") or {}).get("Variables") or {}
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in sent.items()) > ENVIRONMENT_BYTES


def _network(call: Call) -> tuple[list[str], list[str]]:
    sent = call.get("VpcConfig") or {}
    return sent.get("SubnetIds") or [], sent.get("SecurityGroupIds") or []


@refuses(
    "lambda-half-a-network",
    SERVICE,
    BOTH,
    code=INVALID,
    message="SubnetIds and SecurityIds must coexist or be both empty list.",
    source="VpcConfig API reference; as quoted in public error reports",
)
def half_a_network(call: Call) -> Verdict:
    subnets, groups = _network(call)
    return bool(subnets) != bool(groups)


@refuses(
    "lambda-group-of-another-network",
    SERVICE,
    BOTH,
    code=INVALID,
    message="Security group {group} and subnet {subnet} belong to different networks",
    source="cdk-preflight 1.9.1, lambda-vpc-same-vpc",
)
def group_of_another_network(call: Call) -> Verdict:
    return apart(call, *_network(call))


@refuses(
    "lambda-subnets-of-two-networks",
    SERVICE,
    BOTH,
    code=INVALID,
    message="The subnet {subnet} does not belong to the VPC {vpc} of the other subnets.",
    source="VpcConfig API reference; wording from memory",
)
def subnets_of_two_networks(call: Call) -> Verdict:
    return scattered(call, _network(call)[0])


@refuses(
    "lambda-no-code",
    SERVICE,
    "CreateFunction",
    code=INVALID,
    message="Please provide a source for function code.",
    source="CreateFunction API reference, Code; as quoted in public error reports",
)
def no_code(call: Call) -> Verdict:
    code = call.get("Code") or {}
    return not any(code.get(name) for name in ("ZipFile", "S3Bucket", "ImageUri"))


@refuses(
    "lambda-principal",
    SERVICE,
    "AddPermission",
    code=INVALID,
    message="The provided principal was invalid. Please check the principal and try again.",
    source="localstack/localstack, tests/aws/services/lambda_, test_permission_exceptions",
)
def principal(call: Call) -> Verdict:
    return not PRINCIPAL.fullmatch(call.params["Principal"])


@refuses(
    "lambda-concurrency",
    SERVICE,
    "PutFunctionConcurrency",
    code=INVALID,
    message="Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
    "below its minimum value of [{least}].",
    source="localstack/localstack, tests/aws/services/lambda_, test_function_concurrency_limits",
)
def concurrency(call: Call) -> Verdict:
    name = short_name(call.params["FunctionName"])
    functions = backend(SERVICE, call.region).list_functions()
    others = sum(int(each.reserved_concurrency or 0) for each in functions if each.function_name != name)
    wanted = call.params["ReservedConcurrentExecutions"]
    fits = others + wanted <= ACCOUNT_CONCURRENCY - LEFT_FOR_OTHERS
    return None if fits else {"least": LEFT_FOR_OTHERS}
