"""Each field of a deployment changed by hand in turn: does the plan name it, does a run repair it, and nothing else?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from ansible_collections.private_rag.aws.plugins.filter.plan import differences
from botocore.exceptions import ClientError, ParamValidationError

from tests.integration.cloud import Cloud
from tests.integration.drift import places, tags, ways
from tests.integration.drift.additions import Addition
from tests.integration.drift.fields import LESS, Field, Request
from tests.integration.drift.replay import Deployment, changed
from tests.integration.drift.snapshot import Watch
from tests.integration.drift.unmanaged import Unmanaged
from tests.integration.drift.values import others
from tests.integration.running import ModuleFailedError
from tests.integration.system.account import Snapshot
from tests.integration.system.agreement import disagreements

REPAIRED, FIXED, UNMANAGED = "repaired", "cannot be changed alone", "deliberately unmanaged"
# Stands for the request of what nobody sent but somebody added.
ADDED = "(added)"
# The tag says whose a resource is. Without it nothing is touched before the operator says `chatbot_adopt`.
OWNER = "named and refused: the tag says whose it is"
DISOWNED = ("was not made by this deployment", "belongs to the deployment")
FAULTS = WRONGLY_NAMED, NOT_NAMED, NOT_REPAIRED, COLLATERAL, NOT_IDLE, MISPREDICTED, UNSEEN, REFUSED_PLAN = (
    "NAMED THOUGH UNMANAGED",
    "NOT NAMED",
    "NOT REPAIRED",
    "COLLATERAL",
    "NOT IDLE AFTERWARDS",
    "DONE OTHERWISE THAN PLANNED",
    "NOT KEPT BY THE LOCAL CLOUD",
    "PLAN FAILED",
)


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one field: where it is, what happened, and the words for it."""

    service: str
    request: str
    name: str
    outcome: str
    words: str = ""

    @property
    def faulty(self) -> bool:
        return self.outcome in FAULTS

    def __str__(self) -> str:
        return f"{self.outcome}: {self.service} {self.request} {self.name}: {self.words}"


@dataclasses.dataclass
class Walk:
    """Walks through fields and additions of one deployment that stands."""

    cloud: Cloud
    deployment: Deployment
    requests: list[Request]
    unmanaged: Unmanaged
    # Something else of each kind that a field may point to.
    spares: list[str]
    baseline: Snapshot = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = places.Account(self.cloud.client)
        known = set(texts([each.parameters for each in self.requests])) - set(self.spares)
        self.spares = [*self.spares, *sorted(known)]
        self.paths = {path: each for each, path in self._resources().items()}
        self.deployment.walk()
        self.watch = Watch(self.cloud)
        self.baseline = self.watch.now()
        self.methods: list[places.Call] = [
            (each.service, each.operation, each.parameters)
            for each in self.requests
            if each.service == "apigateway" and "httpMethod" in each.parameters
        ]

    def _resources(self) -> dict[str, str]:
        """The ids of the API's resources by their paths."""
        gateway = self.cloud.client("apigateway")
        api = next(each.parameters["restApiId"] for each in self.requests if "restApiId" in each.parameters)
        return {each["path"]: each["id"] for each in gateway.get_resources(restApiId=api)["items"]}

    def _todays(self, todo: list[places.Call]) -> list[places.Call]:
        """With the ids that resources have now: one that was made anew has another than the recorded requests say."""
        if not any("resourceId" in params for _service, _operation, params in todo):
            return todo
        now = self._resources()

        def renamed(params: places.Params) -> places.Params:
            known = self.paths.get(params.get("resourceId", ""), "")
            return {**params, "resourceId": now[known]} if known in now else params

        return [(service, operation, renamed(params)) for service, operation, params in todo]

    def field(self, wanted: Field) -> Row:
        """Change one field by hand, and look what becomes of it."""
        request = wanted.request

        def row(outcome: str, words: str) -> Row:
            return Row(request.service, request.label, wanted.name, outcome, words)

        reason = self.unmanaged.reason(request.service, request.kind, wanted.name)
        refusals: list[str] = []
        try:
            for value in others(wanted, places.shape_of(wanted), self.spares):
                if self._changes(ways.calls(self.account, wanted, value, self.methods), refusals):
                    outcome, words = self._look(request.service)
                    if outcome == REFUSED_PLAN and any(word in words for word in DISOWNED):
                        ways.perform(self.cloud.client, tags.retag(self.account, wanted, request.parameters))
                        outcome = self._after_owner(request.service)
                    if reason:
                        # Nobody puts it right, so that the walk does.
                        sent = dataclasses.replace(request, parameters=wanted.replaced(value))
                        changed_one = dataclasses.replace(wanted, request=sent, value=value)
                        back = ways.calls(self.account, changed_one, wanted.value, self.methods)
                        ways.perform(self.cloud.client, back)
                        self.baseline = self.watch.now()
                    return self._judged(row(outcome, f"{short(wanted.value)} -> {short(value)}; {words}"), reason)
        except places.NoWayError as error:
            return row(FIXED, str(error))
        if reason:
            return row(UNMANAGED, reason)
        if wanted.how == LESS and refusals == [UNSEEN]:
            return row(FIXED, "what is not sent stays as it is")
        return row(
            FIXED if refusals and UNSEEN not in refusals else UNSEEN,
            "; ".join(dict.fromkeys(refusals)) or "no other value",
        )

    def addition(self, added: Addition) -> Row:
        """Add something by hand, and look what becomes of it."""
        added.make(self.cloud.client)
        reason = self.unmanaged.reason(added.service, ADDED, added.name)
        if self.watch.now() == self.baseline and not reason:
            return Row(added.service, ADDED, added.name, UNSEEN)
        outcome, words = self._look(added.service)
        if added.undo:
            added.undo(self.cloud.client)
            self.baseline = self.watch.now()
        return self._judged(Row(added.service, ADDED, added.name, outcome, words), reason)

    def _judged(self, row: Row, reason: str) -> Row:
        """What is unmanaged must stay as it was made, and must not be named."""
        if not reason:
            return row
        outcome = UNMANAGED if row.outcome == NOT_NAMED else WRONGLY_NAMED
        return dataclasses.replace(row, outcome=outcome, words=reason)

    def _changes(self, todo: list[places.Call], refusals: list[str]) -> bool:
        """Whether the calls change anything. What a refusal left half done is repaired at once."""
        try:
            ways.perform(self.cloud.client, self._todays(todo))
        except (ClientError, ParamValidationError) as error:
            code = (
                error.response["Error"]
                if isinstance(error, ClientError)
                else {"Code": "ParamValidation", "Message": " ".join(str(error).split())}
            )
            refusals.append(f"{code['Code']}: {code['Message'][:120]}")
            if len(todo) > 1:
                self.deployment.walk(beside(todo[0][0]))
            return False
        if self.watch.now() == self.baseline:
            refusals.append(UNSEEN)
            return False
        return True

    def _look(self, service: str) -> tuple[str, str]:
        """Plan, repair, compare, plan again; the account is as before where that is possible at all."""
        try:
            planned = self.deployment.walk(beside(service), check=True)
            done = self.deployment.again(planned)
            again = self.deployment.again(planned, check=True)
        except ModuleFailedError as error:
            said = str(error)[:200]
            disowned = any(word in said for word in DISOWNED)
            return (REFUSED_PLAN, said) if disowned else self._restored(REFUSED_PLAN, said)
        named = ", ".join(f"{each.resource} ({', '.join(each.result['changes'])})" for each in changed(planned))
        left = apart(self.baseline, self.watch.now())
        if not named:
            return self._restored(NOT_NAMED, "; ".join(left)[:300])
        if left:
            return self._restored(NOT_REPAIRED, f"{named}; {'; '.join(left)[:400]}")
        if changed(again):
            return self._restored(NOT_IDLE, str([each.result["changes"] for each in changed(again)]))
        wrong = disagreements(changed(planned), done)
        return (MISPREDICTED, "; ".join(wrong)[:300]) if wrong else (REPAIRED, named)

    def _after_owner(self, service: str) -> str:
        """With its tag back, a run makes the rest as it was."""
        self.deployment.walk({service})
        same = self.watch.now() == self.baseline
        return OWNER if same else self._restored(COLLATERAL, "")[0]

    def _restored(self, outcome: str, words: str) -> tuple[str, str]:
        """Go on from what is there now."""
        self.restore()
        self.baseline = self.watch.now()
        return outcome, words

    def restore(self) -> None:
        try:
            self.deployment.walk()
        except ModuleFailedError:
            return


def beside(service: str) -> set[str]:
    """The services that a change of one is repaired by: the permission to call a function lies with the API's roles."""
    return {service, "apigateway"} if service == "lambda" else {service}


def apart(before: Snapshot, after: Snapshot) -> list[str]:
    """The innermost values in which two snapshots differ."""
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    found = [each for name in names for each in differences(before.get(name), after.get(name), name)]
    return [f"{path}: {short(old)} -> {short(new)}" for path, old, new in found]


def short(value: Any) -> str:
    """A value on a line."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def texts(value: Any) -> Iterator[str]:
    """All texts in plain data."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value
