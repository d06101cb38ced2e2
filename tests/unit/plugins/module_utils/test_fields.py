# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Nested options as flat fields, and attributes that AWS leaves out."""

from __future__ import annotations

from ansible_collections.private_rag.aws.plugins.module_utils._fields import (
    below,
    flat,
    given,
    given_sets,
    named,
    of,
    repeated,
    wanted_values,
    with_defaults,
)


def test_only_what_was_given_is_a_field() -> None:
    params = {"a": 1, "b": None, "c": ["y", "x", "y"], "d": False}
    assert given(params, "a", "b", "d", "missing") == {"a": 1, "d": False}
    assert given_sets(params, "b", "c") == {"c": ["x", "y"]}


def test_nested_options_stand_flat_and_come_back() -> None:
    fields = flat("check", {"path": "/", "port": None, "codes": {"low": 200}})
    assert fields == {"check.path": "/", "check.codes.low": 200}
    assert below("check", {**fields, "checked": 1}) == {"path": "/", "codes.low": 200}
    assert flat("check", None) == {}


def test_fields_of_one_thing_among_those_of_a_set() -> None:
    fields = {**named("a", {"path": "/"}), **named("a.b", {"path": "/b", "on": True})}
    assert fields == {"a.path": "/", "a.b.path": "/b", "a.b.on": True}
    assert (of("a", fields), of("a.b", fields)) == ({"path": "/"}, {"path": "/b", "on": True})


def test_names_that_stand_there_again() -> None:
    assert repeated(["b", "a", "b", "c", "a", "b"]) == ["b", "a"]
    assert repeated(["a", "b"]) == []


def test_a_missing_attribute_has_its_default() -> None:
    assert with_defaults({"a": "1"}, {"b": "2"}, ["a", "b", "c"]) == {"a": "1", "b": "2", "c": ""}


def test_wanted_values_of_changes() -> None:
    assert wanted_values({"a": (1, 2)}) == {"a": 2}
