# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tags, and the one that says who owns a resource."""

from __future__ import annotations

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._tags import (
    OWNER_TAG,
    from_pairs,
    tag_changes,
    to_pairs,
    wanted_tags,
)


def test_tags_are_not_managed_without_tags_and_deployment() -> None:
    assert wanted_tags({"tags": None, "deployment": None}) is None


def test_no_tags_at_all_can_be_wanted() -> None:
    assert wanted_tags({"tags": {}}) == {}


def test_the_deployment_is_a_tag_beside_the_others() -> None:
    wanted = wanted_tags({"tags": {"Cost": 12}, "deployment": "chatbot-prod"})
    assert wanted == {"Cost": "12", OWNER_TAG: "chatbot-prod"}


def test_tags_that_aws_makes_are_left_alone() -> None:
    assert from_pairs([{"Key": "aws:cloudformation:stack-id", "Value": "x"}, {"Key": "Name", "Value": "a"}]) == {
        "Name": "a"
    }


@pytest.mark.parametrize("nothing", [None, {}])
def test_no_tags_are_no_pairs(nothing: dict[str, str] | None) -> None:
    assert to_pairs(nothing) == []


def test_pairs_are_in_a_stable_order_and_spelled_as_the_service_does() -> None:
    assert to_pairs({"b": "2", "a": "1"}, key="key", value="value") == [
        {"key": "a", "value": "1"},
        {"key": "b", "value": "2"},
    ]


def test_changes_are_what_differs_and_what_is_too_much() -> None:
    assert tag_changes({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}) == ({"b": "9", "d": "4"}, ["c"])
