# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Values that exist only after an apply, as readable placeholders.

In check mode on an empty account a module cannot know the id of what it would create. It returns
C((known after apply: rest api id)) instead, and every module of this collection takes such a value back:
nothing is read by it, and it counts as different from anything that exists.
"""

from __future__ import annotations

from typing import Any

_PREFIX = "(known after apply: "


def unknown(what: str) -> str:
    """The placeholder for a value that AWS gives at creation, for example C(unknown("vpc endpoint id"))."""
    return f"{_PREFIX}{what})"


def has_unknown(value: Any) -> bool:
    """Whether a placeholder stands anywhere in a value: in a string, a list, or the keys and values of a dict."""
    if isinstance(value, str):
        return _PREFIX in value
    if isinstance(value, dict):
        return any(has_unknown(key) or has_unknown(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(has_unknown(item) for item in value)
    return False
