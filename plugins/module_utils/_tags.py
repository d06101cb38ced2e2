# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tags, and who owns a resource.

A deployment marks what it made with the tag in I(OWNER_TAG). What lacks the tag was made by hand or by
another tool: it is neither changed nor deleted unless the operator says C(adopt).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OWNER_TAG = "private-rag:deployment"


def wanted_tags(params: Mapping[str, Any]) -> dict[str, str] | None:
    """All tags that a resource should bear; C(None) where tags are not managed (no C(tags), no C(deployment))."""
    tags, deployment = params.get("tags"), params.get("deployment")
    if tags is None and not deployment:
        return None
    owner = {OWNER_TAG: deployment} if deployment else {}
    return {**{str(key): str(value) for key, value in (tags or {}).items()}, **owner}


def from_pairs(pairs: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as a dict from AWS's list of pairs, less those that AWS itself makes (C(aws:*))."""
    return own_tags({pair[key]: pair.get(value, "") for pair in pairs or []})


def own_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """A copy of a tag dict less those that AWS itself makes (C(aws:*), reserved by AWS)."""
    return {key: value for key, value in (tags or {}).items() if not key.startswith("aws:")}


def to_pairs(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """AWS's list of pairs from a tag dict, in a stable order."""
    return [{key: name, value: tags[name]} for name in sorted(tags or {})] if tags else []


def tag_changes(current: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What to set and which keys to remove, so that C(current) becomes C(wanted)."""
    to_set = {key: value for key, value in wanted.items() if current.get(key) != value}
    return to_set, sorted(key for key in current if key not in wanted)
