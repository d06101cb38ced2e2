# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module tells the plan: one note a resource, as a fact, in check mode only; and no secret in any difference.

Facts reach the end of a run whatever the strategy, the callbacks and the registered names are, so that
C(playbooks/plan.yml) needs no setting of the controller. The filter C(private_rag.aws.plan) reads them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

FACT = "private_rag_plan_"
HIDDEN, CHANGED = "(hidden)", "(hidden, changed)"
# Keys below which a text may be a secret: a variable that somebody added by hand, above all.
_SECRET = re.compile(r"passw|passphrase|secret|token(?!s)|credential|(api|access|private)_?key", re.IGNORECASE)
# What names a secret is none.
_NAME_OF_ONE = re.compile(r"_(id|arn|name)s?$", re.IGNORECASE)


def noted(result: Mapping[str, Any]) -> dict[str, Any]:
    """The fact for a module's result. Its name is new in every run, and sorts by time."""
    note = {"resource": result["diff"]["before_header"], "action": result["action"], "changes": result["changes"]}
    return {f"{FACT}{time.time_ns()}": note}


def without_secrets(before: Any, after: Any) -> tuple[Any, Any]:
    """Both values with what may be a secret replaced, so that a changed one still shows as a change."""
    old = set(_secrets(before))
    return _masked(before, lambda _secret: HIDDEN), _masked(
        after, lambda secret: HIDDEN if not old or secret in old else CHANGED
    )


def _may_be_secret(name: str, value: Any) -> bool:
    if not isinstance(value, str) or not value or value.startswith(("arn:", "(known after apply: ")):
        return False
    return bool(_SECRET.search(name)) and not _NAME_OF_ONE.search(name)


def _key(mapping: Mapping[str, Any], key: str) -> str:
    """The name of a value: a pair of C(name) and C(value), as ECS writes variables, is named by the pair."""
    return str(mapping.get("name", key)) if key == "value" else str(key)


def _secrets(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _secrets(item, _key(value, key))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secrets(item, name)
    elif _may_be_secret(name, value):
        yield value


def _masked(value: Any, mask: Callable[[str], str], name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _masked(item, mask, _key(value, key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(item, mask, name) for item in value]
    return mask(value) if _may_be_secret(name, value) else value
