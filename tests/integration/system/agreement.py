"""Whether a run did exactly what was predicted: the same resources, actions and fields, with the same values.

A value that was predicted as `(known after apply: ...)` agrees with any value that is there in its place.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown

from tests.integration.system.playbooks import Invocation

PLACEHOLDER = re.compile(r"\(known after apply: [^)]+\)")


def agrees(predicted: Any, done: Any) -> bool:
    """Whether two values are the same apart from placeholders. Lists that hold placeholders may be in any order."""
    if not has_unknown(predicted):
        return bool(predicted == done)
    if isinstance(predicted, str):
        return _matches(predicted, done)
    if isinstance(predicted, dict):
        return isinstance(done, dict) and _all_agree(list(predicted.items()), list(done.items()))
    return isinstance(done, list) and _all_agree(list(predicted), done)


def _matches(predicted: str, done: Any) -> bool:
    pattern = "(.+)".join(re.escape(part) for part in PLACEHOLDER.split(predicted))
    return done is not None and re.fullmatch(pattern, str(done), re.DOTALL) is not None


def _all_agree(predicted: list[Any], done: list[Any]) -> bool:
    """Each predicted item has a partner of its own; the ones without placeholders choose first."""
    left = list(done)
    for item in sorted(predicted, key=has_unknown):
        pair = list(item) if isinstance(item, tuple) else item
        partner = next((each for each in left if agrees(pair, list(each) if isinstance(each, tuple) else each)), None)
        if partner is None:
            return False
        left.remove(partner)
    return not left


def disagreements(predicted: list[Invocation], done: list[Invocation]) -> list[str]:
    """One line for each resource, action or field in which a run was not what was predicted."""
    if [each.task for each in predicted] != [each.task for each in done]:
        return [f"other calls: {[each.task for each in predicted]}, {[each.task for each in done]}"]
    return [line for plan, real in zip(predicted, done, strict=True) for line in _differences(plan, real)]


def _differences(plan: Invocation, real: Invocation) -> list[str]:
    where = f"{plan.task} ({real.resource})"
    if not agrees(plan.resource, real.resource) or plan.result["action"] != real.result["action"]:
        return [f"{where}: predicted {plan.result['action']} {plan.resource}, done {real.result['action']}"]
    foreseen, changes = plan.result["changes"], real.result["changes"]
    lines = [f"{where}: {field} was not predicted" for field in changes.keys() - foreseen.keys()]
    lines += [f"{where}: {field} was not done" for field in foreseen.keys() - changes.keys()]
    both = foreseen.keys() & changes.keys()
    return lines + [
        f"{where}: {field}: predicted {foreseen[field]}, done {changes[field]}"
        for field in sorted(both)
        if not agrees(foreseen[field], changes[field])
    ]
