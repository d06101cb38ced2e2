"""Reading policies and roles for the rules: no evaluation, only what stands in the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from local_cloud.control.backends import backend, iam_roles

Statement = dict[str, Any]
OWN = re.compile(r"arn:[^:]+:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


def as_list(value: Any) -> list[Any]:
    """IAM takes one value or a list of them nearly everywhere."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_policy(text: str) -> bool:
    """Whether the text is a JSON object with statements that have an effect."""
    try:
        document = json.loads(text)
    except ValueError:
        return False
    statements = as_list(document.get("Statement")) if isinstance(document, dict) else []
    return bool(statements) and all(
        isinstance(each, dict) and each.get("Effect") in ("Allow", "Deny") for each in statements
    )


def role_named(arn: str) -> Any:
    """moto's role of an ARN, or None."""
    return iam_roles().get(arn.split("/")[-1])


def trusts(role: Any, service: str) -> bool:
    """Whether the role's trust policy lets the service assume it."""
    document = role.assume_role_policy_document
    document = json.loads(document) if isinstance(document, str) else document
    for statement in as_list(document.get("Statement")):
        principal = statement.get("Principal")
        services = as_list(principal.get("Service")) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and service in services:
            return True
    return False


def allows(role: Any, action: str) -> bool:
    """Whether some policy of the role allows the action on something."""
    return any(
        statement.get("Effect") == "Allow" and _names(statement, action)
        for document in _documents(role)
        for statement in as_list(document.get("Statement"))
    )


def _names(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not _matches(statement["NotAction"], action)
    return _matches(statement.get("Action"), action)


def _matches(patterns: Any, action: str) -> bool:
    return any(fnmatchcase(action.lower(), str(each).lower()) for each in as_list(patterns))


def _documents(role: Any) -> list[dict[str, Any]]:
    inline = list(role.policies.values())
    managed = [managed_document(policy) for policy in role.managed_policies.values()]
    return [json.loads(each) if isinstance(each, str) else each for each in [*inline, *managed]]


def managed_document(policy: Any) -> str:
    """The document in force of a managed policy; moto keeps it with the policy's versions."""
    chosen = next(each for each in policy.versions if each.version_id == policy.default_version_id)
    return str(chosen.document)


def statements_of(text: str) -> Iterator[Statement]:
    """The statements of a document; none where it is not one."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    found = as_list(document.get("Statement")) if isinstance(document, dict) else []
    yield from (each for each in found if isinstance(each, dict))


def unknown_principal(text: str, account: str) -> str | None:
    """The first role or user of the account that a document names and that is not there; AWS looks them up."""
    users = {each.name for each in backend("iam", "aws").users.values()}
    for statement in statements_of(text):
        principal = statement.get("Principal")
        for arn in as_list(principal.get("AWS")) if isinstance(principal, dict) else []:
            named = OWN.fullmatch(str(arn))
            known = (iam_roles().keys() if named[2] == "role" else users) if named else ()
            if named and named[1] == account and named[3] not in known:
                return str(arn)
    return None
