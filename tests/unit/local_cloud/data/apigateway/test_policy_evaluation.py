"""The policy evaluator and the API's own rules around it, as tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from local_cloud.data.apigateway.authorization import Policies, authorize
from local_cloud.data.apigateway.errors import ApiError
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.policy import Decision, Principal, Request, decide

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/task"
METHOD = f"arn:aws:execute-api:ap-northeast-1:{ACCOUNT}:abc/prod/POST/"
CALLER = SessionCredentials("ASIA1", "secret", "token", datetime(2030, 1, 1, tzinfo=UTC), ROLE, "one")
CONTEXT = {"aws:sourcevpce": "vpce-1"}


def statement(effect: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "execute-api:/*", **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ONLY_ENDPOINT = statement("Deny", Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
NAMES_ROLE = statement("Allow", Principal={"AWS": ROLE})
NAMES_ALL = statement("Allow", Principal="*")
IDENTITY = statement("Allow", Resource=METHOD)


@pytest.mark.parametrize(
    ("caller", "resource", "identity", "endpoint", "vpce", "problem"),
    [
        (CALLER, [ONLY_ENDPOINT, NAMES_ROLE], [], None, "vpce-1", ""),
        (CALLER, [ONLY_ENDPOINT], [IDENTITY], None, "vpce-1", ""),
        (CALLER, [ONLY_ENDPOINT], [], None, "vpce-1", "no identity-based policy allows"),
        (CALLER, [ONLY_ENDPOINT, NAMES_ROLE], [IDENTITY], None, "vpce-2", "explicit deny in a resource-based"),
        (CALLER, [NAMES_ROLE], [statement("Deny", Resource="*")], None, "vpce-1", "explicit deny in an identity"),
        (None, [ONLY_ENDPOINT, NAMES_ALL], [], None, "vpce-1", ""),
        (None, [ONLY_ENDPOINT, NAMES_ROLE], [], None, "vpce-1", "no resource-based policy allows"),
        (CALLER, [NAMES_ROLE], [], [NAMES_ALL], "vpce-1", ""),
        (CALLER, [NAMES_ROLE], [], [], "vpce-1", "no VPC endpoint policy allows"),
        (CALLER, [statement("Allow", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], [], None, "vpce-1", "no id"),
    ],
)
def test_who_may_invoke(
    caller: SessionCredentials | None,
    resource: list[dict[str, Any]],
    identity: list[dict[str, Any]],
    endpoint: list[dict[str, Any]] | None,
    vpce: str,
    problem: str,
) -> None:
    policies = Policies(document(*resource), [document(*identity)], None if endpoint is None else document(*endpoint))
    try:
        authorize(caller, ACCOUNT, METHOD, {"aws:sourcevpce": vpce}, policies)
        said = ""
    except ApiError as error:
        said = f"{error.status} {error.message}"
    assert problem in said
    assert said.startswith("403 User: ") == bool(problem)


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringEquals": {"aws:SourceVpce": ["vpce-9", "vpce-1"]}}, CONTEXT, Decision.ALLOW),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {}, Decision.NONE),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, {}, Decision.ALLOW),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, {}, Decision.ALLOW),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, CONTEXT, Decision.ALLOW),
        ({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, {"aws:vpcsourceip": "10.1.2.3"}, Decision.ALLOW),
        ({"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, {"aws:vpcsourceip": "10.1.2.3"}, Decision.NONE),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"aws:securetransport": "true"}, Decision.ALLOW),
        ({"Null": {"aws:SourceVpce": "true"}}, {}, Decision.ALLOW),
        ({"NumericLessThan": {"aws:X": "5"}}, {"aws:x": "3"}, Decision.NONE),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, str], expected: Decision) -> None:
    policy = document(statement("Allow", Resource="*", Condition=condition))
    assert decide([policy], Request("execute-api:invoke", METHOD, context=context)) is expected


def test_service_principals_and_wildcards() -> None:
    gateway = Principal(service="apigateway.amazonaws.com")
    allowed = statement(
        "Allow",
        Principal={"Service": "apigateway.amazonaws.com"},
        Condition={"ArnLike": {"AWS:SourceArn": METHOD.replace("/prod/", "/*/")}},
        Resource="*",
    )
    request = Request("execute-api:Invoke", METHOD, gateway, {"aws:sourcearn": METHOD})
    assert decide([document(allowed)], request, names_principals=True) is Decision.ALLOW
    other = Request("execute-api:Invoke", METHOD, gateway, {"aws:sourcearn": METHOD.replace("POST", "GET")})
    assert decide([document(allowed)], other, names_principals=True) is Decision.NONE
