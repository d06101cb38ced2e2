# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options to the fields of a state: what was given, and nested options under a dotted path each.

A nested option is managed key by key (C(health_check.path), C(deployment_configuration.maximum_percent)), so that a
key that was left out is not managed and a difference names exactly what differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def given(params: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The options among C(names) that were given (are not C(None))."""
    return {name: params[name] for name in names if params.get(name) is not None}


def given_sets(params: Mapping[str, Any], *names: str) -> dict[str, list[Any]]:
    """Like L(given), for lists whose order and repetitions mean nothing."""
    return {name: sorted(set(values)) for name, values in given(params, *names).items()}


def flat(prefix: str, options: Mapping[str, Any] | None) -> dict[str, Any]:
    """Nested options as fields: C({"path": "/"}) under C(health_check) is C({"health_check.path": "/"})."""
    fields: dict[str, Any] = {}
    for key, value in (options or {}).items():
        if isinstance(value, dict):
            fields.update(flat(f"{prefix}.{key}", value))
        elif value is not None:
            fields[f"{prefix}.{key}"] = value
    return fields


def below(prefix: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields below a prefix, without it: the inverse of one level of L(flat)."""
    return {key[len(prefix) + 1 :]: value for key, value in fields.items() if key.startswith(f"{prefix}.")}


def named(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """One thing's fields among those of a set: C(path) of the role C(r) is C(r.path)."""
    return {f"{name}.{field}": value for field, value in fields.items()}


def of(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of L(named), for one name. A name may have dots, a field of a thing has none."""
    split = {field: field.rpartition(".") for field in fields}
    return {last: fields[field] for field, (first, _dot, last) in split.items() if first == name}


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once, each once."""
    return [name for name, times in Counter(names).items() if times > 1]


def wanted_values(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Of changes (field: now, wanted) the wanted values."""
    return {field: wanted for field, (_now, wanted) in changes.items()}


def with_defaults(found: Mapping[str, str], defaults: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """The attributes C(keys): as found, else AWS's default, else empty (AWS leaves some keys out of its answers)."""
    return {key: found.get(key, defaults.get(key, "")) for key in keys}
