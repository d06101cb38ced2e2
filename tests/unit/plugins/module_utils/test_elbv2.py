# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A listener's default action: what the option can say, and what only AWS can."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._elbv2 import (
    action_of,
    action_request,
    wanted_attributes,
)

REDIRECT = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}


@pytest.mark.parametrize(
    "action",
    [
        {"type": "forward", "target_group_arn": "arn"},
        {"type": "redirect", "protocol": "HTTPS", "port": "443", "status_code": "HTTP_302"},
    ],
)
def test_what_is_sent_reads_back_the_same(action: dict[str, Any]) -> None:
    assert action_of(action_request(action)) == action


def test_awss_longer_form_of_a_forward_is_the_same() -> None:
    config = {
        "TargetGroups": [{"TargetGroupArn": "arn", "Weight": 1}],
        "TargetGroupStickinessConfig": {"Enabled": False},
    }
    wanted = {"type": "forward", "target_group_arn": "arn"}
    assert action_of([{"Type": "forward", "ForwardConfig": config}]) == wanted
    assert action_of([{"Type": "forward", "TargetGroupArn": "arn", "ForwardConfig": config, "Order": 1}]) == wanted


@pytest.mark.parametrize(
    "actions",
    [
        [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}],
        [{"Type": "redirect", "RedirectConfig": {**REDIRECT, "Path": "/elsewhere"}}],
        [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "a"}, {"TargetGroupArn": "b"}]}}],
        [{"Type": "authenticate-oidc"}, {"Type": "forward", "TargetGroupArn": "arn"}],
        [
            {
                "Type": "forward",
                "TargetGroupArn": "arn",
                "ForwardConfig": {"TargetGroupStickinessConfig": {"Enabled": True}},
            }
        ],
    ],
)
def test_what_the_option_cannot_say_is_a_difference(actions: list[dict[str, Any]]) -> None:
    assert action_of(actions) == {"actions": actions}


def test_attributes_are_texts() -> None:
    assert wanted_attributes({"a": True, "b": 300, "c": "x"}) == {"a": "true", "b": "300", "c": "x"}
    assert wanted_attributes(None) == {}
