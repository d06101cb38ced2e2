# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
    reconcile,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG


class FakeModule:
    def __init__(self, check_mode: bool = False, **params: Any) -> None:
        defaults = {"state": "present", "name": "it", "deployment": None, "adopt": False, "tags": None}
        self.params = {**defaults, **params}
        self.check_mode = check_mode
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


class Thing(Resource):
    kind, key = "thing", "thing"
    immutable = frozenset({"shape"})
    computed: ClassVar = {"arn": "thing arn"}

    def __init__(self, module: FakeModule, exists: State | None = None) -> None:
        super().__init__(module)
        self.now = exists
        self.calls: list[str] = []

    def desired(self) -> State:
        given = {field: self.params[field] for field in ("size", "shape") if field in self.params}
        return {"name": self.params["name"], **given, **self.tags()}

    def read(self) -> State | None:
        self.calls.append("read")
        return None if self.now is None else {"name": "it", "arn": "arn:it", "tags": {}, **self.now}

    def create(self, desired: State) -> None:
        self.calls.append("create")
        self.now = desired

    def update(self, current: State, changes: Changes) -> None:
        self.calls.append("update " + ",".join(sorted(changes)))
        self.now = {**current, **{field: wanted for field, (_now, wanted) in changes.items()}}

    def delete(self, current: State) -> None:
        self.calls.append("delete")
        self.now = None


def both(exists: State | None, **params: Any) -> tuple[dict[str, Any], dict[str, Any], Thing]:
    """The predicted result, the real result, and the thing after the real run."""
    foretold = Thing(FakeModule(check_mode=True, **params), exists)
    predicted = reconcile(foretold)
    assert set(foretold.calls) <= {"read"}
    thing = Thing(FakeModule(**params), exists)
    return predicted, reconcile(thing), thing


@pytest.mark.parametrize(
    ("exists", "params", "action"),
    [
        (None, {"size": 1}, "create"),
        ({"size": 1}, {"size": 2}, "update"),
        ({"size": 1}, {"size": 1}, "none"),
        ({"size": 1}, {}, "none"),
        ({"size": 1}, {"state": "absent"}, "delete"),
        (None, {"state": "absent"}, "none"),
    ],
)
def test_what_is_predicted_is_what_is_done(exists: State | None, params: dict[str, Any], action: str) -> None:
    predicted, done, thing = both(exists, **params)
    assert predicted["action"] == done["action"] == action
    assert predicted["changed"] is done["changed"] is (action != "none")
    assert predicted["changes"] == done["changes"]
    assert predicted["diff"] == done["diff"]
    assert [call.split()[0] for call in thing.calls if call != "read"] == ([action] if action != "none" else [])


def test_only_what_differs_is_changed() -> None:
    _predicted, done, thing = both({"size": 1, "other": "theirs"}, size=2)
    assert done["changes"] == {"size": {"before": 1, "after": 2}}
    assert "update size" in thing.calls
    assert done["thing"]["other"] == "theirs"


def test_placeholders_stand_for_what_only_aws_can_say() -> None:
    predicted, done, _thing = both(None, size=1)
    assert predicted["thing"]["arn"] == "(known after apply: thing arn)"
    assert done["thing"]["arn"] == "arn:it"


def test_a_placeholder_as_name_is_not_asked_for() -> None:
    thing = Thing(FakeModule(check_mode=True, name="(known after apply: x)"), {"size": 1})
    assert reconcile(thing)["action"] == "create"
    assert thing.calls == []


def test_a_placeholder_outside_check_mode_is_refused() -> None:
    with pytest.raises(ReconcileError, match="size still holds a placeholder"):
        reconcile(Thing(FakeModule(size="(known after apply: x)")))


def test_replacement_is_refused_in_both_modes() -> None:
    for check_mode in (True, False):
        thing = Thing(FakeModule(check_mode=check_mode, shape="round"), {"shape": "flat"})
        with pytest.raises(ReconcileError, match=r"needs replacement.*'flat' -> 'round'"):
            reconcile(thing)
        assert thing.calls == ["read"]


class TestOwner:
    def test_the_owner_is_written(self) -> None:
        _predicted, _done, thing = both(None, deployment="chatbot-prod")
        assert thing.now == {"name": "it", "tags": {OWNER_TAG: "chatbot-prod"}}

    def test_a_namesake_is_refused_with_its_differences(self) -> None:
        with pytest.raises(ReconcileError, match=r"chatbot_adopt: true.*size: 1 -> 2"):
            reconcile(Thing(FakeModule(deployment="chatbot-prod", size=2), {"size": 1}))

    def test_a_namesake_is_adopted_when_that_is_said(self) -> None:
        _predicted, done, _thing = both({"size": 1}, deployment="chatbot-prod", adopt=True, size=2)
        assert sorted(done["changes"]) == ["size", "tags"]

    def test_what_belongs_to_another_deployment_is_never_adopted(self) -> None:
        theirs = {"tags": {OWNER_TAG: "chatbot-stg"}}
        with pytest.raises(ReconcileError, match="belongs to the deployment 'chatbot-stg'"):
            reconcile(Thing(FakeModule(deployment="chatbot-prod", adopt=True), theirs))

    def test_what_is_not_ours_is_not_deleted_and_that_is_said(self) -> None:
        module = FakeModule(deployment="chatbot-prod", state="absent")
        thing = Thing(module, {"size": 1})
        assert reconcile(thing)["action"] == "none"
        assert thing.now == {"size": 1}
        assert "is kept" in module.warnings[0]

    def test_all_reasons_are_told_at_once(self) -> None:
        theirs = {"tags": {OWNER_TAG: "chatbot-stg"}, "shape": "flat"}
        with pytest.raises(ReconcileError, match=r"belongs to the deployment 'chatbot-stg'.*needs replacement"):
            reconcile(Thing(FakeModule(deployment="chatbot-prod", shape="round"), theirs))


class Fixed(Thing):
    """One of which AWS makes up no difference, so that it raises on the first."""

    def differences(self, current: State, desired: State) -> Changes:
        raise ReconcileError("its keys never change; delete it")


@pytest.mark.parametrize(
    ("tags", "adopt", "words"),
    [
        (
            {},
            False,
            "thing it exists already and was not made by this deployment. As it is, it cannot be taken over: its keys",
        ),
        ({OWNER_TAG: "other"}, True, "^thing it belongs to the deployment 'other'. Choose another name.$"),
        ({}, True, "^its keys never change; delete it$"),
        ({OWNER_TAG: "mine"}, False, "^its keys never change; delete it$"),
    ],
)
def test_whose_it_is_comes_before_what_cannot_change(tags: dict[str, str], adopt: bool, words: str) -> None:
    for check in (True, False):
        module = FakeModule(check_mode=check, deployment="mine", adopt=adopt)
        with pytest.raises(ReconcileError, match=words):
            reconcile(Fixed(module, {"tags": tags}))
