"""What an account holds in the end: how many of what (census.py), and with which values.

The values are those of the account's CloudFormation template (local_cloud/template), without what AWS makes up anew
each time. What a resource refers to counts with its own values, so that two accounts have the same state only if they
are alike but for their ids and the order in which they list things; to a run they look the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.template import command
from tests.integration.cloud import Cloud
from tests.integration.interruption.census import Census, census, without_ids

# Endpoint -> group -> rule -> another group: no chain of references that matters is longer.
ROUNDS = 4


@dataclass(frozen=True)
class State:
    """The number of each resource, and of each (type, digest of the values) of the template."""

    census: Census = field(default_factory=Counter)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)

    def key(self) -> frozenset[Any]:
        """The same for the same state only."""
        return frozenset([*self.census.items(), *self.values.items()])


def state(cloud: Cloud) -> State:
    """Of the account as it is now."""
    resources = command.render(cloud.endpoint)["Resources"]
    return State(census(cloud.client), values(json.loads(json.dumps(resources, default=str))))


def values(resources: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """(type, digest) of the template's resources, whose logical names may hold ids. Pure."""
    labels = dict.fromkeys(resources, "*")
    for _round in range(ROUNDS):
        labels = {name: _digest(_labelled(made, labels)) for name, made in resources.items()}
    return Counter((str(made["Type"]), labels[name]) for name, made in resources.items())


def _labelled(value: Any, labels: Mapping[str, str]) -> Any:
    """Without ids, with labels in the place of logical names, lists in an order of their own."""
    if isinstance(value, dict):
        return {_labelled(key, labels): _labelled(item, labels) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_labelled(item, labels) for item in value), key=_text)
    if isinstance(value, str):
        return f"<{labels[value]}>" if value in labels else without_ids(value)
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _digest(value: Any) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:12]
