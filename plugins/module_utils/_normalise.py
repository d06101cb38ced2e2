# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Canonical forms, so that two spellings of one thing compare equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

# IAM's policy grammar lets these be one value or a list of values:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_ROOT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")


def canonical_policy(policy: str | dict[str, Any] | None) -> dict[str, Any] | None:
    """A policy document with every one-or-many value as a sorted list and a default version.

    Takes a dict, JSON, or the backslash-escaped JSON that API Gateway's GetRestApi returns.
    Raises ValueError where it is no JSON object.
    """
    if not policy:
        return None
    document = _parse_policy(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return {
        "Version": document.get("Version", "2008-10-17"),
        **({"Id": document["Id"]} if "Id" in document else {}),
        "Statement": [_canonical_statement(statement) for statement in statements],
    }


def _parse_policy(written: str) -> dict[str, Any]:
    try:
        document = json.loads(written)
    except ValueError:
        document = json.loads(written.encode().decode("unicode_escape"))
    if isinstance(document, str):
        document = json.loads(document)
    if not isinstance(document, dict):
        raise ValueError("a policy document is a JSON object")
    return document


def _canonical_statement(statement: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {key: value for key, value in statement.items() if value is not None}
    for key in _LISTS:
        if key in result:
            result[key] = as_sorted_list(result[key])
    for key in ("Principal", "NotPrincipal"):
        if isinstance(result.get(key), dict):
            result[key] = {kind: sorted(map(_account, as_sorted_list(who))) for kind, who in result[key].items()}
        elif result.get(key) == "*":
            # The same to IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
            result[key] = {"AWS": ["*"]}
    if "Condition" in result:
        result["Condition"] = {
            operator: {name: as_sorted_list(values) for name, values in names.items()}
            for operator, names in result["Condition"].items()
        }
    return result


def _account(principal: str) -> str:
    """An account by its id. AWS takes that and the ARN of its root for the same, and tells the ARN.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
    """
    found = _ROOT.fullmatch(principal)
    return found[1] if found else principal


def as_sorted_list(value: Any) -> list[str]:
    """One value or many as a sorted list of strings."""
    values: Iterable[Any] = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return sorted(text(item) for item in values)


def text(item: Any) -> str:
    """A value as AWS spells it where it takes texts: YAML's true is C("true"), 300 is C("300")."""
    return str(item).lower() if isinstance(item, bool) else str(item)


def compact(value: Any) -> Any:
    """A copy of nested data without the keys whose value is C(None) (an option that was left out)."""
    if isinstance(value, dict):
        return {key: compact(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [compact(item) for item in value]
    return value


def policy_json(policy: dict[str, Any] | str) -> str:
    """A policy document as the JSON text that AWS takes, in the writer's order."""
    return policy if isinstance(policy, str) else json.dumps(policy)
