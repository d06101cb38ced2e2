# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""All faults of an inventory at once: unknown names, missing and mistyped values, formats, contradictions."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_int
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import (
    PLACEHOLDER,
    Fault,
    Inventory,
    one_of,
    show,
)
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_contradictions import NAME_PATTERNS, RULES
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_formats import CHECKS
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_identity import IDENTITY_CHECKS, IDENTITY_RULES

Options = Mapping[str, Mapping[str, Any]]
PREFIX = "chatbot_"
# How alike a name must be to one that is known to be taken for it: one letter of ten.
_NEAR = 0.88
_SECRET = re.compile(r"(password|passwd|secret_?key|api_?key|access_?key|private_?key|token)$")
# What a sentence is about, whether it names its value or not.
_PHRASES: dict[str, tuple[str, ...]] = {
    "private subnets": ("chatbot_private_subnet_ids", "chatbot_private_subnet_names"),
    "public subnets": ("chatbot_public_subnet_ids", "chatbot_public_subnet_names"),
    "may not add rules": ("chatbot_manage_endpoint_rules",),
    "no endpoint for execute-api": ("chatbot_create_endpoints",),
    "no way to": ("chatbot_create_endpoints",),
    "the regions named for it": ("chatbot_bedrock_profile_regions",),
}
_WORDS = {"str": "a word", "int": "a whole number", "bool": "true or false", "list": "a list", "dict": "a mapping"}


@dataclass(frozen=True)
class Known:
    """What the collection knows: the inventory's variables, names that it sets itself, and the roles' options."""

    options: Options
    internal: frozenset[str]
    roles: Mapping[str, Options]


def faults(inventory: Inventory, known: Known, typed: Sequence[str]) -> list[Fault]:
    """Every fault. C(typed): the names that stand in files of the operator or on the command line."""
    found = [*_unknown(inventory, known, typed), *_missing(inventory, known.options)]
    sound: dict[str, Any] = {}
    for name, option in {**known.options, **_role_options(known.roles, inventory)}.items():
        told = _value_fault(name, option, inventory)
        if told:
            found.append(Fault((name,), told))
        elif inventory.get(name) is not None:
            sound[name] = inventory.values[name]
    # A value that is wrong by itself would only be told again.
    rest = Inventory({**sound, **_other(inventory, known)}, inventory.places, inventory.roots)
    wrong = {name for fault in found for name in fault.variables}
    for rule in (*RULES, *IDENTITY_RULES):
        found += [fault for fault in rule(rest) if not wrong.intersection(fault.variables)]
    return found


def located(message: str, inventory: Inventory, options: Options) -> Fault:
    """A sentence of a module with the variables that it speaks of: those whose values it names."""
    said = {word.strip(".,;:()'") for word in message.split()}
    names = tuple(name for name in options if name in inventory.places and said.intersection(inventory.words(name)))
    return Fault(tuple(dict.fromkeys([*_meant(message, inventory), *names])), message)


def _meant(message: str, inventory: Inventory) -> Iterator[str]:
    for phrase, names in _PHRASES.items():
        if phrase in message:
            yield from [name for name in names if inventory.get(name) is not None][:1] or names[:1]
            return


def _other(inventory: Inventory, known: Known) -> dict[str, Any]:
    return {name: value for name, value in inventory.values.items() if name not in known.options}


def _role_options(roles: Mapping[str, Options], inventory: Inventory) -> dict[str, Mapping[str, Any]]:
    return {name: option for options in roles.values() for name, option in options.items() if name in inventory.values}


def _missing(inventory: Inventory, options: Options) -> Iterator[Fault]:
    for name, option in options.items():
        if option.get("required") and inventory.get(name) is None:
            yield Fault((name,), f"has no value. {' '.join(_text(option)).split('. ', maxsplit=1)[0].rstrip('.')}.")


def _text(option: Mapping[str, Any]) -> list[str]:
    description = option.get("description", "")
    return [description] if isinstance(description, str) else list(description)


def _value_fault(name: str, option: Mapping[str, Any], inventory: Inventory) -> str | None:
    value = inventory.get(name)
    if value is None:
        return None
    holes = sorted(set(PLACEHOLDER.findall(str(value))))
    if holes:
        return f"still holds {', '.join(holes)}."
    told = _type_fault(value, option)
    check = CHECKS.get(name) or IDENTITY_CHECKS.get(name)
    return told if told or not check else check(value)


def _type_fault(value: Any, option: Mapping[str, Any]) -> str | None:
    kind = option.get("type", "str")
    if not _fits(value, kind):
        return f"{show(value)} is not {_WORDS.get(kind, kind)}."
    element = option.get("elements")
    if kind == "list" and element:
        wrong = [show(each) for each in value if not _fits(each, element)]
        if wrong:
            return f"{', '.join(wrong)} in the list is not {_WORDS.get(element, element)}."
    choices = option.get("choices")
    if choices and str(value) not in [str(choice) for choice in choices]:
        lower = {str(choice).lower(): choice for choice in choices}
        near = difflib.get_close_matches(str(value).lower(), lower, 1, 0.6)
        hint = f" Did you mean {lower[near[0]]}?" if near else ""
        return f"{show(value)} is none of {one_of([str(choice) for choice in choices])}.{hint}"
    return None


def _fits(value: Any, kind: str) -> bool:
    """Whether a value is of the type, or is what the command line's -e makes of one."""
    if kind in ("list", "dict"):
        return isinstance(value, {"list": list, "dict": Mapping}[kind])
    if kind == "str":
        return isinstance(value, str | int | float) and not isinstance(value, bool)
    if kind not in ("int", "bool"):
        return True
    if kind == "int" and isinstance(value, bool):
        return False
    try:
        (check_type_int if kind == "int" else check_type_bool)(value)
    except (TypeError, ValueError):
        return False
    return True


def _unknown(inventory: Inventory, known: Known, typed: Sequence[str]) -> Iterator[Fault]:
    """Names that look like one of ours and are none, and secrets in clear text. Other names are the operator's own."""
    names = {*known.options, *(name for options in known.roles.values() for name in options)}
    prefixes = tuple(f"{role}_" for role in known.roles)
    for name in typed:
        if name in names or name in known.internal:
            continue
        if name.startswith(PREFIX) and _SECRET.search(name):
            told = "secrets do not belong in an inventory; keep it in AWS Secrets Manager, and name the secret."
            yield Fault((name,), told)
            continue
        near = difflib.get_close_matches(name, names, 1, _NEAR if name.startswith((PREFIX, *prefixes)) else 0.93)
        bare = f"{PREFIX}{name}"
        if near:
            yield Fault((name,), f"there is no such variable; did you mean {near[0]}?")
        elif bare in known.options and inventory.get(bare) is None:
            yield Fault((name,), f"there is no such variable; did you mean {bare}?")
    overrides = inventory.get("chatbot_name_overrides", {})
    for key in overrides if isinstance(overrides, Mapping) else ():
        if key not in NAME_PATTERNS and key not in ("vpc_endpoint", "rest_api", "scaling_policy"):
            near = difflib.get_close_matches(str(key), NAME_PATTERNS, 1, 0.6)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Fault(("chatbot_name_overrides",), f"there is no name {show(key)}.{hint}")
