# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is said of a certificate and a model, each fault by one change of what fits."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._prerequisites import (
    certificate_faults,
    covers,
    further_model_faults,
    knowledge_base_faults,
    model_faults,
    profile_faults,
)

ISSUED: dict[str, Any] = {
    "Status": "ISSUED",
    "DomainName": "corp.example",
    "SubjectAlternativeNames": ["*.corp.example"],
}
MODEL = "arn:aws:bedrock:{}::foundation-model/anthropic.claude"


@pytest.mark.parametrize(
    ("name", "domain", "fits"),
    [
        ("chat.corp.example", "CHAT.corp.example.", True),
        ("*.corp.example", "chat.corp.example", True),
        ("*.corp.example", "a.chat.corp.example", False),
        ("*.corp.example", "corp.example", False),
        ("corp.example", "chat.corp.example", False),
    ],
)
def test_a_star_stands_for_one_label(name: str, domain: str, fits: bool) -> None:
    assert covers(name, domain) is fits


@pytest.mark.parametrize(
    ("found", "domain", "words"),
    [
        (ISSUED, "chat.corp.example", []),
        (None, "chat.corp.example", ["There is no certificate"]),
        ({**ISSUED, "Status": "EXPIRED"}, "corp.example", ["is EXPIRED"]),
        ({**ISSUED, "Status": "PENDING_VALIDATION"}, "other.example", ["PENDING_VALIDATION", "not for other.example"]),
    ],
)
def test_a_certificate(found: dict[str, Any] | None, domain: str, words: list[str]) -> None:
    told = list(certificate_faults("arn:c", domain, found))
    assert [word in text for word, text in zip(words, told, strict=True)] == [True] * len(words)


def test_a_profile_is_known_and_routes_where_it_was_said_to() -> None:
    found = {"models": [{"modelArn": MODEL.format(region)} for region in ("ap-northeast-1", "ap-northeast-3", "")]}
    assert list(profile_faults("jp.x", ["ap-northeast-1", "ap-northeast-3"], found, [])) == []
    (told,) = profile_faults("jp.x", ["ap-northeast-1"], found, [])
    assert "ap-northeast-3 too" in told
    (told,) = profile_faults("jp.anthropic.claud", [], None, ["jp.anthropic.claude", "global.other"])
    assert told.endswith("Did you mean jp.anthropic.claude?")


def test_a_model_that_only_profiles_give() -> None:
    assert list(model_faults("a.b", {"inferenceTypesSupported": ["ON_DEMAND"]}, [])) == []
    (told,) = model_faults("a.b", {"inferenceTypesSupported": ["INFERENCE_PROFILE"]}, ["jp.a.b", "jp.a.c"])
    assert told.endswith("Name one of jp.a.b.")


@pytest.mark.parametrize(
    ("outputs", "access", "told"),
    [
        (["EMBEDDING"], {"authorizationStatus": "AUTHORIZED", "regionAvailability": "AVAILABLE"}, []),
        (["EMBEDDING"], {}, []),
        (["TEXT"], {}, ["gives TEXT, where EMBEDDING is needed"]),
        (["EMBEDDING"], {"authorizationStatus": "NOT_AUTHORIZED"}, ["no access to the model m"]),
        (["EMBEDDING"], {"regionAvailability": "NOT_AVAILABLE"}, ["not offered in this region"]),
    ],
)
def test_a_further_model_has_its_kind_and_access(outputs: list[str], access: dict[str, str], told: list[str]) -> None:
    faults = list(further_model_faults("m", "EMBEDDING", {"outputModalities": outputs}, access))
    assert len(faults) == len(told)
    assert all(words in fault for words, fault in zip(told, faults, strict=True))


def test_a_knowledge_base_is_there_and_active() -> None:
    assert list(knowledge_base_faults("KB", {"status": "ACTIVE"})) == []
    assert "only an ACTIVE one" in next(iter(knowledge_base_faults("KB", {"status": "CREATING"})))
    assert "There is no knowledge base KB" in next(iter(knowledge_base_faults("KB", None)))
