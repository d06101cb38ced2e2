"""From permissions to policy documents: pure.

A managed policy holds 6,144 characters, white space not counted (IAM guide, 'IAM and AWS STS quotas'), so one of a
playbook may become several, cut between services.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tools.iam_policies.generalise import Grant

LIMIT = 6144
ROOM = 600
"""For names that are longer than their variables."""
VERSION = "2012-10-17"

Statement = dict[str, Any]
Conditions = tuple[tuple[str, tuple[str, ...]], ...]


def documents(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """As few as the limit allows: the largest service first, each into the first document that has room."""
    parts: list[list[Statement]] = []
    services = by_service(least(set(grants)))
    for _name, statements in sorted(services.items(), key=lambda item: (-size(document(item[1])), item[0])):
        for part in parts:
            if size(document([*part, *statements])) <= LIMIT - ROOM:
                part += statements
                break
        else:
            parts.append(list(statements))
    return [document(part) for part in parts]


def document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": statements}


def size(policy: dict[str, Any]) -> int:
    """As IAM counts."""
    return len(json.dumps(policy, separators=(",", ":")))


def least(grants: set[Grant]) -> set[Grant]:
    """Without those that another one of the same action and resource gives on fewer conditions."""
    return {one for one in grants if not any(_wider(other, one) for other in grants)}


def _wider(other: Grant, one: Grant) -> bool:
    same = (other.action, other.resource) == (one.action, one.resource)
    return same and set(other.conditions) < set(one.conditions)


def by_service(grants: Iterable[Grant]) -> dict[str, list[Statement]]:
    """The statements of each service: actions on the same resources and conditions stand together."""
    resources: dict[tuple[str, Conditions], set[str]] = defaultdict(set)
    for (action, conditions), resource in _values_joined(grants):
        resources[action, conditions].add(resource)
    actions: dict[tuple[str, tuple[str, ...], Conditions], set[str]] = defaultdict(set)
    for (action, conditions), found in resources.items():
        actions[action.partition(":")[0], tuple(sorted(found)), conditions].add(action)
    statements: dict[str, list[Statement]] = defaultdict(list)
    for (service, found_on, conditions), names in sorted(actions.items()):
        number = len(statements[service]) + 1
        statements[service].append(_statement(f"{_camel(service)}{number}", names, found_on, conditions))
    return dict(statements)


def _values_joined(grants: Iterable[Grant]) -> Iterator[tuple[tuple[str, Conditions], str]]:
    """One entry for the same action, resource and condition keys; the keys' values are put together."""
    joined: dict[tuple[str, str, tuple[str, ...]], list[set[str]]] = {}
    for each in grants:
        keys = tuple(key for key, _values in each.conditions)
        found = joined.setdefault((each.action, each.resource, keys), [set() for _key in keys])
        for values, (_key, more) in zip(found, each.conditions, strict=True):
            values.update(more)
    for (action, resource, keys), found in joined.items():
        conditions = tuple((key, tuple(sorted(values))) for key, values in zip(keys, found, strict=True))
        yield (action, conditions), resource


def _statement(sid: str, actions: set[str], resources: tuple[str, ...], conditions: Conditions) -> Statement:
    made: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": _one_or_many(sorted(actions)),
        "Resource": _one_or_many(list(resources)),
    }
    if conditions:
        made["Condition"] = {"StringEquals": {key: _one_or_many(list(values)) for key, values in conditions}}
    return made


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _camel(service: str) -> str:
    """A Sid has letters and digits only."""
    return "".join(word.capitalize() for word in service.split("-"))
