"""docs/iam: with exactly these policies everything works, and without any one of their actions something does not.

Eight runs of playbooks, too long for every change, so pytest collects this file only where it is named::

    python -m pytest tests/integration/permissions/whole_walk.py tests/integration/permissions/whole_referee.py
"""

from __future__ import annotations

from typing import Any

import pytest

from local_cloud.control.permissions.judgement import Policies, judge
from local_cloud.control.permissions.needs import Need
from local_cloud.control.permissions.principals import Principal
from tests.integration.permissions.controller import Recording
from tests.integration.permissions.write import PLAYBOOKS
from tools.iam_policies import store

USER = Principal("user", "arn:aws:iam::123456789012:user/controller", "arn:aws:iam::123456789012:user/controller")
CHANGED = ("deployed", "repaired", "tags taken off", "destroyed")
AT_REST = ("repeated", "destroyed again")


def allowed(documents: list[dict[str, Any]], permission: dict[str, Any]) -> bool:
    need = Need(permission["action"], permission["resource"], permission["context"])
    return judge(USER, store.ACCOUNT, need, Policies(documents)).allowed


def test_every_run_succeeds(recording: Recording) -> None:
    for run in recording.runs.values():
        run.succeeded()
    assert [step for step in CHANGED if not recording.runs[step].changed()] == []
    assert [step for step in AT_REST if recording.runs[step].changed()] == []


def test_no_call_is_denied(recording: Recording) -> None:
    assert [(each["action"], each["resource"], each["decision"]) for each in recording.denied] == []


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_the_policies_are_what_the_runs_ask_for(recording: Recording, playbook: str) -> None:
    """If not: python -m tests.integration.permissions.write"""
    assert store.generated(playbook, recording.permissions[playbook]) == store.kept(playbook)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_without_any_one_action_some_call_is_denied(recording: Recording, playbook: str) -> None:
    """All of them, apart from the lines of reasons.yml; the judge is the one that denies in the runs."""
    documents = [store.filled(each) for each in store.kept(playbook).values()]
    asked = recording.permissions[playbook]
    needless = [
        action
        for action in sorted(actions(documents))
        if all(allowed(without(documents, action), each) for each in asked if each["action"] == action)
    ]
    assert needless == sorted(line["action"] for line in store.granted(playbook))


def actions(documents: list[dict[str, Any]]) -> set[str]:
    return {action for document in documents for each in document["Statement"] for action in listed(each["Action"])}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def without(documents: list[dict[str, Any]], action: str) -> list[dict[str, Any]]:
    return [
        {**document, "Statement": [cut for each in document["Statement"] if (cut := _cut(each, action))["Action"]]}
        for document in documents
    ]


def _cut(statement: dict[str, Any], action: str) -> dict[str, Any]:
    return {**statement, "Action": [each for each in listed(statement["Action"]) if each != action]}
