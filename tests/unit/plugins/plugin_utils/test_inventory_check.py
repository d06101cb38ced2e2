# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The parts of the inventory's check that a hundred broken inventories (tests/integration/system) do not show."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory import Fault, Inventory, report, show
from ansible_collections.private_rag.aws.plugins.plugin_utils._inventory_check import Known, faults, located

OPTIONS: dict[str, dict[str, Any]] = {
    "chatbot_region": {"type": "str", "required": True, "description": "AWS region. More of it."},
    "chatbot_vpc_name": {"type": "str"},
    "chatbot_private_subnet_names": {"type": "list", "elements": "str"},
    "chatbot_scaling_min": {"type": "int"},
    "chatbot_scaling_max": {"type": "int"},
    "chatbot_image_build": {"type": "bool"},
}
KNOWN = Known(OPTIONS, frozenset({"chatbot_names"}), {"alb": {"alb_idle_timeout": {"type": "int"}}})
SOUND: dict[str, Any] = {
    "chatbot_region": "ap-northeast-1",
    "chatbot_vpc_name": "corp",
    "chatbot_private_subnet_names": ["a", "c"],
    "chatbot_public_subnet_names": ["a", "c"],
    "chatbot_base_image": "python:3.12",
}


def told(**typed: Any) -> list[Fault]:
    values = {**SOUND, **typed}
    return faults(Inventory(values), KNOWN, list(values))


def test_a_sound_inventory_and_words_of_the_command_line() -> None:
    assert (
        told(chatbot_scaling_min="2", chatbot_scaling_max="5", chatbot_image_build="true", alb_idle_timeout="60") == []
    )


def test_what_is_wrong_by_itself_is_told_once() -> None:
    assert [fault.variables for fault in told(chatbot_scaling_min="two")] == [("chatbot_scaling_min",)]


def test_an_operators_own_variables_are_his() -> None:
    assert told(chatbot_team_mail="a@example", backup_region="x", chatbot_names={}) == []


def test_a_forgotten_prefix() -> None:
    values = {name: value for name, value in SOUND.items() if name != "chatbot_region"} | {"region": "ap-northeast-1"}
    found = faults(Inventory(values), KNOWN, list(values))
    assert [fault.message for fault in found] == [
        "there is no such variable; did you mean chatbot_region?",
        "has no value. AWS region.",
    ]


def test_a_sentence_of_a_module_finds_its_variable() -> None:
    inventory = Inventory(SOUND, {"chatbot_vpc_name": "/x/inventory/network.yml:3"}, ("/x",))
    fault = located("There is no VPC corp in this region.", inventory, OPTIONS)
    text = report([fault, fault], inventory, "Two, told once.")
    assert text == "Two, told once.\n- chatbot_vpc_name (inventory/network.yml:3): There is no VPC corp in this region."


@pytest.mark.parametrize(("value", "shown"), [("https://a:b@c/", "https://***@c/"), ("x" * 99, "x" * 60 + "...")])
def test_a_value_in_a_message(value: str, shown: str) -> None:
    assert show(value) == shown
