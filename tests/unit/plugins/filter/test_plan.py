# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.filter.plan import differences, plan
from ansible_collections.private_rag.aws.plugins.module_utils._plan import CHANGED, FACT, HIDDEN, without_secrets


def note(resource: str, action: str, **changes: tuple[Any, Any]) -> dict[str, Any]:
    pairs = {field: {"before": before, "after": after} for field, (before, after) in changes.items()}
    return {"resource": resource, "action": action, "changes": pairs}


def facts(*notes: dict[str, Any]) -> dict[str, Any]:
    return {f"{FACT}{place}": each for place, each in enumerate(notes)} | {"distribution": "Debian"}


def test_each_action_has_its_section() -> None:
    made = plan(
        facts(
            note("role a", "create", name=(None, "a")),
            note("table b", "update", ttl=("", "expires")),
            note("task definition c", "replace", cpu=("256", "512")),
            note("stage d", "delete"),
            note("secret e", "none"),
        )
    )
    assert [[each["resource"] for each in made[key]] for key in ("create", "change", "replace", "delete")] == [
        ["role a"],
        ["table b"],
        ["task definition c"],
        ["stage d"],
    ]
    assert (made["unchanged"], made["differences"]) == (1, 4)
    assert made["lines"] == [
        "+ create role a",
        "~ change table b",
        '    ttl: "" -> expires',
        "± replace task definition c",
        "    cpu: 256 -> 512",
        "- delete stage d",
        "1 to create, 1 to change, 1 to replace, 1 to delete, 1 unchanged",
    ]


def test_a_resource_that_one_module_leaves_and_another_changes_is_not_unchanged() -> None:
    made = plan(facts(note("group g", "none"), note("group g", "update", rules=([], ["x"]))))
    assert (made["unchanged"], made["differences"]) == (0, 1)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("f.a.c", 2, 3)]),
        ([1, 2], [1, 3], [("f[1]", 2, 3)]),
        ([1], [1, 2], [("f[]", None, 2)]),
        ([1, 2], [2], [("f[]", 1, None)]),
        ([1, 1], [1], [("f", [1, 1], [1])]),
        ({"a": 1}, None, [("f", {"a": 1}, None)]),
        ("same", "same", []),
    ],
)
def test_innermost_values_are_told(before: Any, after: Any, found: list[Any]) -> None:
    assert differences(before, after, "f") == found


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"DB_PASSWORD": "a"}, {}, ({"DB_PASSWORD": HIDDEN}, {})),
        ({"DB_PASSWORD": "a"}, {"DB_PASSWORD": "b"}, ({"DB_PASSWORD": HIDDEN}, {"DB_PASSWORD": CHANGED})),
        ({"DB_PASSWORD": "a"}, {"DB_PASSWORD": "a"}, ({"DB_PASSWORD": HIDDEN}, {"DB_PASSWORD": HIDDEN})),
        ({"ES_SECRET_ID": "chat/search"}, {}, ({"ES_SECRET_ID": "chat/search"}, {})),
        ({"BEDROCK_MAX_TOKENS": "2000"}, {}, ({"BEDROCK_MAX_TOKENS": "2000"}, {})),
        ([{"name": "API_KEY", "value": "k"}], [], ([{"name": "API_KEY", "value": HIDDEN}], [])),
        ({"COOKIE_SECRET": "arn:aws:secretsmanager:::s"}, {}, ({"COOKIE_SECRET": "arn:aws:secretsmanager:::s"}, {})),
        ({"containers[a].environment.TOKEN": "t"}, {}, ({"containers[a].environment.TOKEN": HIDDEN}, {})),
    ],
)
def test_what_may_be_a_secret_is_not_shown(before: Any, after: Any, shown: Any) -> None:
    assert without_secrets(before, after) == shown
