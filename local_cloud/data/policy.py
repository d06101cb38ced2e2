"""A small evaluator of IAM policy documents: identity, resource and VPC endpoint policies. Pure.

Semantics: IAM user guide, 'Policy evaluation logic' and 'IAM JSON policy elements reference'. Only what this
system's policies use; an unknown condition operator never matches, so that it can neither allow nor deny.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

Document = Mapping[str, Any]
Value = str | Sequence[str]


class Decision(Enum):
    """DENY is explicit; NONE is the implicit one: no statement spoke."""

    ALLOW = "allow"
    DENY = "deny"
    NONE = "none"


@dataclass(frozen=True)
class Principal:
    """Who asks. `arns` are all names of one caller (role, assumed-role session); none: anonymous."""

    arns: tuple[str, ...] = ()
    account: str = ""
    service: str = ""


@dataclass(frozen=True)
class Request:
    """`context` holds condition keys in lower case, a list for keys of many values; an absent key is absent."""

    action: str
    resource: str
    principal: Principal = Principal()
    context: Mapping[str, Value] = field(default_factory=dict)


def decide(documents: Iterable[Document], request: Request, *, names_principals: bool = False) -> Decision:
    """Over all statements of all documents; `names_principals` for resource and endpoint policies."""
    effects = {
        statement.get("Effect")
        for document in documents
        for statement in _list(document.get("Statement"))
        if _applies(statement, request, names_principals)
    }
    if "Deny" in effects:
        return Decision.DENY
    return Decision.ALLOW if "Allow" in effects else Decision.NONE


def matches(pattern: str, value: str) -> bool:
    """`*` and `?` as in policies."""
    return _pattern(pattern).fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def _applies(statement: Document, request: Request, names_principals: bool) -> bool:
    return (
        _element(statement, "Action", lambda p: matches(p.lower(), request.action.lower()))
        and _element(statement, "Resource", lambda p: matches(p, request.resource))
        and (not names_principals or _principal_applies(statement, request.principal))
        and all(
            _condition(operator, key, _list(values), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _element(statement: Document, name: str, match: Callable[[str], bool]) -> bool:
    if f"Not{name}" in statement:
        return not any(match(p) for p in _list(statement[f"Not{name}"]))
    return any(match(p) for p in _list(statement.get(name)))


def _principal_applies(statement: Document, principal: Principal) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], principal, denies=True)
    return _names(statement.get("Principal", {}), principal, denies=statement.get("Effect") == "Deny")


def _names(element: object, principal: Principal, *, denies: bool) -> bool:
    """The account as principal only delegates to identity policies: by itself it denies, but does not allow."""
    if element == "*":
        return True
    if not isinstance(element, Mapping):
        return False
    if principal.service in _list(element.get("Service")) and principal.service:
        return True
    account = {principal.account, f"arn:aws:iam::{principal.account}:root"} if principal.account else set()
    named = set(_list(element.get("AWS")))
    return "*" in named or bool(named & set(principal.arns)) or (denies and bool(named & account))


Test = Callable[[str, str], bool]


def _in_network(network: str, address: str) -> bool:
    return ip_address(address) in ip_network(network, strict=False)


def _same(wanted: str, value: str) -> bool:
    return wanted == value


TESTS: dict[str, Test] = {
    "StringEquals": _same,
    "StringEqualsIgnoreCase": lambda wanted, value: wanted.lower() == value.lower(),
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": lambda wanted, value: str(wanted).lower() == value.lower(),
    "IpAddress": _in_network,
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}


def _condition(operator: str, key: str, wanted: list[Any], context: Mapping[str, Value]) -> bool:
    quantifier, _colon, plain = operator.rpartition(":")
    name = plain.removesuffix("IfExists")
    values = _list(context.get(key.lower()))
    if name == "Null":
        return (not values) == (str(wanted[0]).lower() == "true")
    if name not in TESTS and name not in NEGATED:
        return False
    if not values:
        # Of no values at all, ForAllValues is true and ForAnyValue is not ('Set operators', same guide).
        return plain.endswith("IfExists") or quantifier == "ForAllValues" or (name in NEGATED and not quantifier)
    tests = [_holds(name, wanted, value) for value in values]
    return all(tests) if quantifier == "ForAllValues" else any(tests)


def _holds(name: str, wanted: list[Any], value: str) -> bool:
    """A negated operator holds where none of the wanted values is met."""
    return any(TESTS[NEGATED.get(name, name)](each, value) for each in wanted) != (name in NEGATED)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
