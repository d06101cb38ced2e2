"""What each layer refuses of a set of calls, with the other layers off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

from local_cloud.template import command, judging
from tests.integration.cloud import Cloud
from tests.integration.refusals import plain_moto
from tests.integration.refusals.cases import Case
from tests.integration.refusals.rate import Answer, each_alone, fresh, send

Layer = Callable[[Cloud, Sequence[Case]], list[Answer]]


def _off(cloud: Cloud, *layers: str) -> None:
    cloud.put("/_local/refusals", {"disabled": list(layers)})


def plain(_cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """moto as it is published, in children of a process of its own."""
    return plain_moto.answers(cases)


def moto(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """moto with our repairs, both layers off; a new account switches them on again."""
    answers: list[Answer] = []
    world = None
    for one in cases:
        if world is None:
            world = fresh(cloud)
            _off(cloud, "strict", "rules")
        answers.append(send(world, one))
        world = world if answers[-1].refused else None
    return answers


class SentError(Exception):
    """The request would have been sent."""


def _never(**_request: object) -> None:
    raise SentError


def botocore(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """What boto3 refuses by itself before it sends."""
    world = fresh(cloud)
    return [_unsent(cloud, one, one.params(world)) for one in cases]


def _unsent(cloud: Cloud, one: Case, params: dict[str, object]) -> Answer:
    client = cloud.client(one.service)
    client.meta.events.register_last("before-send", _never, unique_id="never")
    try:
        getattr(client, xform_name(one.operation))(**params)
    except ParamValidationError as error:
        return Answer(one, 400, "ParamValidationError", str(error))
    except SentError:
        return Answer(one, 200)
    finally:
        client.meta.events.unregister("before-send", unique_id="never")
    raise AssertionError(f"{one.id} was sent")


def _alone(cloud: Cloud, cases: Sequence[Case], *others: str) -> list[Answer]:
    """What is refused while the other layers are off and nothing is executed: one account serves all cases."""
    world = fresh(cloud)
    _off(cloud, "moto", *others)
    answers = [send(world, one) for one in cases]
    return [answer if answer.refused_by else Answer(answer.case, 200) for answer in answers]


def strict(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """botocore's model constraints alone."""
    return _alone(cloud, cases, "rules")


def rules(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """The table of rules alone."""
    return _alone(cloud, cases, "strict")


def template(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """The account as a template after each call that moto took.

    A call that left nothing behind, or something that the account cannot be read with, is not among the answers.
    """
    fresh(cloud)
    known = _faults(cloud)
    answers = []
    for one in cases:
        world = fresh(cloud)
        _off(cloud, "strict", "rules")
        before = _rendered(cloud)
        if send(world, one).status >= 400 or _rendered(cloud) in (before, None):
            continue
        new = _faults(cloud) - known
        answers.append(Answer(one, 400, "template", min(new)) if new else Answer(one, 200))
    return answers


def _rendered(cloud: Cloud) -> object:
    """The account as a template; None where moto itself stumbles over what it took."""
    try:
        return command.render(cloud.endpoint)
    except ClientError:
        return None


def _faults(cloud: Cloud) -> set[str]:
    return {str(each) for each in judging.judge(command.render(cloud.endpoint))}


LAYERS: dict[str, Layer] = {
    "plain": plain,
    "moto": moto,
    "botocore": botocore,
    "strict": strict,
    "rules": rules,
    "template": template,
    "all": each_alone,
}
