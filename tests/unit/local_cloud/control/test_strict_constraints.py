"""Requests against the constraints of botocore's service models."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import UnknownServiceError
from botocore.session import Session

from local_cloud.control.strict import broken
from local_cloud.control.strict.answers import ANSWERS

SESSION = Session()
# Examples of botocore's own that break their own model: a blank at the end, ids that are too short or have a 1 in them.
WRONG_EXAMPLES = {
    ("ec2", "ModifySpotFleetRequest"),
    ("kms", "CreateCustomKeyStore"),
    ("kms", "UpdateCustomKeyStore"),
    ("lambda", "UpdateEventSourceMapping"),
}


def message(service: str, operation: str, params: dict[str, Any]) -> str:
    model = SESSION.get_service_model(service).operation_model(operation)
    found = broken(service, model, params)
    return ANSWERS[service].words(found, operation) if found else ""


def examples(service: str) -> list[tuple[str, dict[str, Any]]]:
    """(operation, input) of every example that boto3 ships; none where it ships none."""
    try:
        loaded = SESSION.get_component("data_loader").load_service_model(service, "examples-1")["examples"]
    except UnknownServiceError:
        return []
    known = SESSION.get_service_model(service).operation_names
    return [(name, each.get("input") or {}) for name in loaded if name in known for each in loaded[name]]


@pytest.mark.parametrize("service", sorted(ANSWERS))
def test_no_false_alarm_on_the_examples_of_botocore(service: str) -> None:
    alarms = {(service, name) for name, params in examples(service) if message(service, name, params)}
    assert alarms <= WRONG_EXAMPLES


def test_there_are_examples() -> None:
    assert sum(len(examples(service)) for service in ANSWERS) > 400


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "iam",
            "CreateRole",
            {"RoleName": "x" * 65, "AssumeRolePolicyDocument": "{}"},
            f"1 validation error detected: Value '{'x' * 65}' at 'roleName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64",
        ),
        (
            "ecr",
            "CreateRepository",
            {"repositoryName": "a"},
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: "
            "'must have length greater than or equal to 2'",
        ),
        (
            "apigateway",
            "PutIntegration",
            {"restApiId": "a", "resourceId": "b", "httpMethod": "GET", "type": "LAMBDA"},
            "1 validation error detected: Value 'LAMBDA' at 'putIntegrationInput.type' failed to satisfy constraint: "
            "Member must satisfy enum value set: [HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY]",
        ),
        ("logs", "CreateLogGroup", {"logGroupName": "/chat"}, ""),
    ],
)
def test_words(service: str, operation: str, params: dict[str, Any], expected: str) -> None:
    """As AWS said it: kubernetes/kops 4729, aws/aws-dotnet-deploy 549, aws/aws-sdk-ruby 1036."""
    assert message(service, operation, params) == expected


def test_a_pattern_matches_the_whole_value() -> None:
    assert "pattern" in message("logs", "CreateLogGroup", {"logGroupName": "/chat bot"})


def test_keys_of_a_map_are_checked_and_secrets_not_told() -> None:
    """trek10inc/serverless-secrets issue 39."""
    code = {"FunctionName": "f", "Role": "arn:aws:iam::123456789012:role/r", "Code": {}}
    told = message("lambda", "CreateFunction", {**code, "Environment": {"Variables": {"ES-HOST": "hidden"}}})
    assert "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: " in told
    assert "hidden" not in told
