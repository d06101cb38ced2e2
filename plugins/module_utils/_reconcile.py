# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The one reconcile loop of this collection.

A module describes its resource by a subclass of L(Resource) and ends with C(main = partial(run, ...)). The
loop reads, compares, and then either predicts (check mode) or creates, updates, deletes and reads again:

    desired() -> read() -> differences() -> (check mode? predict : create/update/delete) -> read()

What is predicted and what is reported as done are built by the same code from the same fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from ansible_collections.private_rag.aws.plugins.module_utils._plan import without_secrets
from ansible_collections.private_rag.aws.plugins.module_utils._retries import until
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, wanted_tags
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import has_unknown, unknown

State = dict[str, Any]
# field -> (value now, value wanted)
Changes = dict[str, tuple[Any, Any]]


class ReconcileError(Exception):
    """Something the operator must decide or correct; its text is the whole message that he reads."""


class Resource:
    """What a module says of its AWS resource. States are plain dicts with snake_case keys, already normalised.

    C(desired) holds only fields that are managed: an option that was left out is not in it.
    """

    # In messages, for example "log group".
    kind: ClassVar[str] = ""
    # The key of the resource in the module's result, for example "log_group".
    key: ClassVar[str] = ""
    # Options that name the resource: while one of them is a placeholder, the resource cannot exist yet.
    identity: ClassVar[tuple[str, ...]] = ("name",)
    # Fields that AWS cannot change in place.
    immutable: frozenset[str] = frozenset()
    # Fields that AWS gives at creation, each with the words of its placeholder; in a list where the field is one.
    computed: ClassVar[Mapping[str, str | list[str]]] = {}

    def __init__(self, module: Any) -> None:
        self.module = module
        self.params: Mapping[str, Any] = module.params

    def client(self, service: str) -> Any:
        """A boto3 client for a service."""
        return self.module.client(service)

    @property
    def label(self) -> str:
        """How messages name this one resource."""
        return f"{self.kind} {self.params[self.identity[-1]]}"

    def tags(self) -> State:
        """The C(tags) field for C(desired), empty where tags are not managed."""
        wanted = wanted_tags(self.params)
        return {} if wanted is None else {"tags": wanted}

    def placeholders(self) -> State:
        """What stands for the computed fields in check mode, as long as the resource does not exist."""
        return {field: _placeholder(words) for field, words in self.computed.items()}

    def desired(self) -> State:
        """The managed fields as they should be. Raises ReconcileError on options that contradict each other."""
        raise NotImplementedError

    def read(self) -> State | None:
        """The resource as it is, normalised like C(desired) and with the computed fields; C(None) if absent."""
        raise NotImplementedError

    def create(self, desired: State) -> None:
        """Create the resource and wait until it can be used."""
        raise NotImplementedError

    def update(self, current: State, changes: Changes) -> None:
        """Change just the fields in C(changes), and wait until they are in force."""
        raise NotImplementedError

    def action_for(self, changes: Changes) -> str:
        """C(update), or C(replace) where AWS makes such changes only by a new one beside the old."""
        return "update"

    def check_delete(self, current: State) -> None:
        """Raise ReconcileError where the resource may not be deleted. Asked in check mode too, before ``delete``."""

    def delete(self, current: State) -> None:
        """Delete the resource and wait until it is gone."""
        raise NotImplementedError

    def owners(self, current: State) -> dict[str, str]:
        """The deployment whose tag each thing of the resource bears, by the words for the thing; empty where none.

        Override where the resource is a set of things.
        """
        return {self.label: current.get("tags", {}).get(OWNER_TAG, "")}

    def without(self, current: State, things: Iterable[str]) -> State | None:
        """The resource less some of what C(owners) names, which is all that C(state=absent) deletes.

        C(None), the default, where it is deleted as a whole or not at all.
        """
        return None

    def differences(self, current: State, desired: State) -> Changes:
        """The managed fields that are not as they should be. Override for fields with an order of their own."""
        return {
            field: (current.get(field), wanted) for field, wanted in desired.items() if current.get(field) != wanted
        }

    def shows(self, found: State, desired: State) -> bool:
        """Whether AWS shows what was written. Override where ``differences`` asks for more than the wanted state."""
        return not self.differences(found, desired)


def reconcile(resource: Resource) -> dict[str, Any]:
    """Bring one resource to its wanted state, or say what would be done. Returns the module's result.

    The result has C(changed), C(action) (create, update, replace, delete, none), C(changes) (field: before, after),
    C(diff), and the resource under C(resource.key). Raises ReconcileError.
    """
    _refuse_unknown_outside_check_mode(resource)
    possible = not any(has_unknown(resource.params.get(option)) for option in resource.identity)
    current = resource.read() if possible else None
    if resource.params.get("state", "present") == "absent":
        return _absent(resource, current)
    return _present(resource, current)


def _present(resource: Resource, current: State | None) -> dict[str, Any]:
    check_mode, desired = resource.module.check_mode, resource.desired()
    if current is None:
        if not check_mode:
            resource.create(desired)
        after = {**resource.placeholders(), **desired} if check_mode else _read_back(resource, desired)
        return _result(resource, "create", {}, _only(after, desired), after)
    changes = _differences(resource, current, desired)
    _refuse(resource, current, changes)
    if not changes:
        return _result(resource, "none", {}, {}, current)
    if not check_mode:
        resource.update(current, changes)
    after = {**current, **{field: wanted for field, (_now, wanted) in changes.items()}}
    after = after if check_mode else _read_back(resource, desired)
    return _result(resource, resource.action_for(changes), _only(current, changes), _only(after, changes), after)


def _differences(resource: Resource, current: State, desired: State) -> Changes:
    """What differs. A difference that AWS never makes up is told last where the thing is not ours to change."""
    try:
        return resource.differences(current, desired)
    except ReconcileError as error:
        foreign = [*_foreign_faults(resource, current, f"As it is, it cannot be taken over: {error}")]
        if foreign:
            raise ReconcileError(" ".join(foreign)) from error
        raise


def _placeholder(words: str | list[str]) -> str | list[str]:
    return unknown(words) if isinstance(words, str) else [unknown(each) for each in words]


def _absent(resource: Resource, current: State | None) -> dict[str, Any]:
    if current is None:
        return _result(resource, "none", {}, {}, None)
    foreign = _foreign(resource, current)
    for thing in foreign:
        resource.module.warn(f"{thing} is kept: it does not bear the tag {OWNER_TAG}={resource.params['deployment']}")
    ours = resource.without(current, foreign) if foreign else current
    if ours is None:
        return _result(resource, "none", {}, {}, current)
    resource.check_delete(ours)
    if not resource.module.check_mode:
        resource.delete(ours)
    return _result(resource, "delete", ours, {}, None)


def _read_back(resource: Resource, desired: State) -> State:
    """The resource once AWS shows what was written; as it shows it then, should that never come true."""
    state: State | None = until(resource.read, lambda found: found is not None and resource.shows(found, desired))
    if state is None:
        raise ReconcileError(f"{resource.label} was written, but AWS does not show it; run again in a minute")
    return state


def _only(state: State, fields: Mapping[str, Any]) -> State:
    return {field: state.get(field) for field in fields}


def _result(resource: Resource, action: str, before: State, after: State, state: State | None) -> dict[str, Any]:
    fields = sorted({*before, *after}) if action != "delete" else []
    before, after = without_secrets(before, after)
    return {
        "changed": action != "none",
        "action": action,
        "changes": {field: {"before": before.get(field), "after": after.get(field)} for field in fields},
        "diff": {
            "before_header": resource.label,
            "after_header": resource.label,
            "before": before,
            "after": after,
        },
        resource.key: state or {},
    }


def _refuse_unknown_outside_check_mode(resource: Resource) -> None:
    unknowns = sorted(option for option, value in resource.params.items() if has_unknown(value))
    if unknowns and not resource.module.check_mode:
        raise ReconcileError(
            f"{resource.label}: {', '.join(unknowns)} still holds a placeholder of check mode. "
            "The task that makes it was skipped, or its result was kept from an earlier check run."
        )


def _foreign(resource: Resource, current: State) -> dict[str, str]:
    """What is not this deployment's, with the deployment that it is tagged with."""
    deployment = resource.params.get("deployment")
    if not deployment:
        return {}
    return {thing: owner for thing, owner in resource.owners(current).items() if owner != deployment}


def _refuse(resource: Resource, current: State, changes: Changes) -> None:
    """Tell every reason why this is not changed, at once."""
    way = f"Set chatbot_adopt: true to take it over, or choose another name. {_in_words(changes)}"
    faults = [*_foreign_faults(resource, current, way), *_replacement_faults(resource, changes)]
    if faults:
        raise ReconcileError(" ".join(faults))


def _foreign_faults(resource: Resource, current: State, way: str) -> Iterator[str]:
    """Whose it is; ``way`` says what can be done about what nobody's tag is on."""
    foreign = _foreign(resource, current)
    for thing, owner in foreign.items():
        if owner:
            yield f"{thing} belongs to the deployment {owner!r}. Choose another name."
    unowned = [thing for thing, owner in foreign.items() if not owner]
    if unowned and not resource.params.get("adopt"):
        yield from (f"{thing} exists already and was not made by this deployment." for thing in unowned)
        yield way


def _replacement_faults(resource: Resource, changes: Changes) -> Iterator[str]:
    fixed = {field: change for field, change in changes.items() if field in resource.immutable}
    if fixed:
        yield (
            f"{resource.label} needs replacement, which this module never does by itself: AWS cannot change "
            f"{', '.join(sorted(fixed))} in place. {_in_words(fixed)} Delete it first, or keep the old value."
        )


def _in_words(changes: Changes) -> str:
    words = [f"{field}: {now!r} -> {wanted!r}" for field, (now, wanted) in sorted(changes.items())]
    return f"It differs in {'; '.join(words)}." if words else "It does not differ otherwise."
