"""How each service words a broken constraint: error code and message.

Most of AWS's services answer in one form, that of their common framework (COMMON); the others are below, each with
where its words are known from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from local_cloud.control.strict.constraints import Fault

# Boto3's list index and AWS's: members are counted from 1, as in 'tags.1.member.key'.
COMMON_FORM = "{count} validation error{s} detected: {details}"


def _value(fault: Fault) -> str:
    """The value as AWS quotes it; secrets and absent values are not quoted."""
    if fault.sensitive or fault.of_key:
        return "Value"
    return "Value null" if fault.value is None else f"Value '{_plain(fault.value)}'"


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_plain(each) for each in value) + "]"
    return f"({len(value)} bytes)" if isinstance(value, bytes) else str(value)


def constraint(fault: Fault) -> str:
    """The part that names the constraint, in the words of AWS's common framework."""
    words = _words(fault)
    # trek10inc/serverless-secrets issue 39
    return f"Map keys must satisfy constraint: [{words}]" if fault.of_key else words


def _words(fault: Fault) -> str:
    kind = "length" if fault.measured == "length" else "value"
    return {
        "required": "Member must not be null",
        "enum": f"Member must satisfy enum value set: [{', '.join(fault.limit) if fault.kind == 'enum' else ''}]",
        "pattern": f"Member must satisfy regular expression pattern: {fault.limit}",
        "min": f"Member must have {kind} greater than or equal to {fault.limit}",
        "max": f"Member must have {kind} less than or equal to {fault.limit}",
        "union": "Member must have exactly one of its members set",
    }[fault.kind]


def _first_lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _path(fault: Fault) -> str:
    return ".".join(_first_lower(part) for part in fault.path)


def common(faults: Sequence[Fault], _operation: str) -> str:
    """``1 validation error detected: Value 'x' at 'roleName' failed to satisfy constraint: Member must ...``"""
    details = "; ".join(
        f"{_value(each)} at '{_path(each)}' failed to satisfy constraint: {constraint(each)}" for each in faults
    )
    return COMMON_FORM.format(count=len(faults), s="s" if len(faults) > 1 else "", details=details)


def apigateway(faults: Sequence[Fault], operation: str) -> str:
    """The common form, with the operation's input before the path: 'putIntegrationInput.type'."""
    prefix = _first_lower(operation) + "Input"
    moved = [replace(each, path=(prefix, *each.path)) for each in faults]
    return common(moved, operation)


def ecr(faults: Sequence[Fault], _operation: str) -> str:
    """``Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression ...'``"""
    fault = faults[0]
    words = {
        "pattern": f"must satisfy regular expression '{fault.limit}'",
        "min": f"must have length greater than or equal to {fault.limit}",
        "max": f"must have length less than or equal to {fault.limit}",
        "required": "must not be null",
        "enum": f"must satisfy enum value set [{', '.join(fault.limit) if fault.kind == 'enum' else ''}]",
        "union": "must have exactly one member",
    }[fault.kind]
    return f"Invalid parameter at '{_path(fault)}' failed to satisfy constraint: '{words}'"


def ec2(faults: Sequence[Fault], _operation: str) -> str:
    """``Value (x) for parameter y is invalid.``"""
    fault = faults[0]
    name = fault.path[-1] if fault.path[-1] != "member" else fault.path[-3]
    if fault.kind == "required":
        return f"The request must contain the parameter {name}"
    return f"Value ({_plain(fault.value)}) for parameter {_first_lower(name)} is invalid. {constraint(fault)}"


def iam(faults: Sequence[Fault], operation: str) -> str:
    """A pattern is told in words of its own, everything else in the common form."""
    fault = faults[0]
    if fault.kind == "pattern":
        return f"The specified value for {_path(fault)} is invalid. It must satisfy the pattern {fault.limit}"
    return common(faults, operation)


def secretsmanager(faults: Sequence[Fault], operation: str) -> str:
    """A name is told in words of its own."""
    if faults[0].path[-1] in ("Name", "SecretId"):
        return (
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        )
    return common(faults, operation)


@dataclass(frozen=True)
class Answer:
    """A service's error code for a broken constraint, its words, and where they are known from."""

    code: str
    words: Callable[[Sequence[Fault], str], str]
    source: str
    missing_code: str = ""


_REFERENCE = "API reference, 'Common Errors'"
ANSWERS: dict[str, Answer] = {
    "acm": Answer("ValidationException", common, f"ACM {_REFERENCE}"),
    "apigateway": Answer("ValidationException", apigateway, "aws/aws-sdk-ruby issue 1036"),
    "application-autoscaling": Answer("ValidationException", common, f"Application Auto Scaling {_REFERENCE}"),
    "bedrock": Answer("ValidationException", common, f"Bedrock {_REFERENCE}"),
    "bedrock-runtime": Answer("ValidationException", common, f"Bedrock {_REFERENCE}"),
    "cloudwatch": Answer("ValidationError", common, f"CloudWatch {_REFERENCE}"),
    "cognito-idp": Answer("InvalidParameterException", common, "Cognito API reference, InvalidParameterException"),
    "dynamodb": Answer("ValidationException", common, "DynamoDB guide, 'Error messages and codes'"),
    "ec2": Answer("InvalidParameterValue", ec2, "EC2 API reference, 'Error codes'", "MissingParameter"),
    "ecr": Answer("InvalidParameterException", ecr, "jenkins-x/jx issue 1344, aws/aws-dotnet-deploy issue 549"),
    "ecs": Answer("InvalidParameterException", common, "ECS API reference, InvalidParameterException"),
    "elbv2": Answer("ValidationError", common, f"ELBv2 {_REFERENCE}"),
    "iam": Answer("ValidationError", iam, "kubernetes/kops issue 4729"),
    "kms": Answer("ValidationException", common, f"KMS {_REFERENCE}"),
    "lambda": Answer("ValidationException", common, "hashicorp/terraform-provider-aws issues 23310 and 27580"),
    "logs": Answer("InvalidParameterException", common, "CloudWatch Logs API reference, InvalidParameterException"),
    "route53": Answer("InvalidInput", common, "Route 53 API reference, InvalidInput"),
    "secretsmanager": Answer("ValidationException", secretsmanager, "hashicorp/terraform-provider-aws issue 39406"),
    "ssm": Answer("ValidationException", common, f"Systems Manager {_REFERENCE}"),
    "sts": Answer("ValidationError", common, f"STS {_REFERENCE}"),
}
DEFAULT = Answer("ValidationException", common, "the code most services document under 'Common Errors'")
