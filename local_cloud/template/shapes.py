"""What every renderer is made of: picking fields, CloudFormation's spelling, logical ids, tags."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]
Account = dict[str, Any]
Resources = dict[str, Record]
# Maps whose keys are data, not names of the model: they keep their spelling.
DATA_MAPS = {"options", "dockerLabels", "variables", "responseParameters", "responseTemplates", "requestTemplates"}


def logical_id(*parts: str) -> str:
    """An id that CloudFormation takes: letters and digits only."""
    words = re.split("[^A-Za-z0-9]+", " ".join(parts))
    return "".join(word[:1].upper() + word[1:] for word in words)


def resource(kind: str, properties: Record) -> Record:
    """One resource; properties that are None or empty are left out, as in a template written by hand."""
    kept = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"Type": kind, "Properties": kept}


def pick(source: Record, *names: str) -> Record:
    """The named fields that are there."""
    return {name: source[name] for name in names if name in source}


def pascal(value: Any) -> Any:
    """camelCase keys, as ECS and API Gateway have them, in CloudFormation's spelling, all the way down."""
    if isinstance(value, list):
        return [pascal(each) for each in value]
    if isinstance(value, dict):
        return {_upper(key): item if key in DATA_MAPS else pascal(item) for key, item in value.items()}
    return value


def _upper(key: str) -> str:
    return key[:1].upper() + key[1:]


def tags(entries: Iterable[Record] | Record | None) -> list[Record]:
    """Tags of any service as CloudFormation's list, without those that AWS made itself."""
    if isinstance(entries, dict):
        entries = [{"Key": key, "Value": value} for key, value in entries.items()]
    pairs = [
        (each.get("Key") or each.get("key"), each.get("Value") or each.get("value") or "") for each in entries or []
    ]
    return [{"Key": key, "Value": value} for key, value in pairs if key and not key.startswith("aws:")]


def without_empty(value: Any) -> Any:
    """Without None, empty lists and empty maps at any depth: services answer with them, templates lack them."""
    if isinstance(value, list):
        return [without_empty(each) for each in value]
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {})}
    return value
