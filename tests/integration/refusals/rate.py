"""Sends cases and tells which were refused, and by what.

A faulty call that is taken may have changed the account, and so may one that makes a state to be refused in: the next
case gets a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from tests.integration.cloud import Cloud
from tests.integration.refusals.cases import Case
from tests.integration.refusals.world import World, build


@dataclass(frozen=True)
class Answer:
    """What became of a case: AWS's error code and message, or none where it was taken."""

    case: Case
    status: int
    code: str = ""
    message: str = ""
    refused_by: str = ""

    @property
    def refused(self) -> bool:
        """Whether a client error came back; a server error is a fault of ours, not a refusal."""
        return 400 <= self.status < 500

    def __str__(self) -> str:
        return f"{self.case.id} -> {self.status} {self.code} {self.message}"


def send(world: World, one: Case) -> Answer:
    """Send one case."""
    call = getattr(world.clients(one.service), xform_name(one.operation))
    try:
        answer = call(**one.params(world))
    except ClientError as error:
        told, http = error.response["Error"], error.response["ResponseMetadata"]
        refused_by = http["HTTPHeaders"].get("x-local-cloud-refused-by", "")
        return Answer(one, http["HTTPStatusCode"], told["Code"], told["Message"], refused_by)
    except ParamValidationError as error:
        return Answer(one, 400, "ParamValidationError", str(error))
    except ResponseParserError as error:  # not an answer of AWS's at all: the control plane failed
        return Answer(one, 500, "ResponseParserError", str(error))
    return Answer(one, answer["ResponseMetadata"]["HTTPStatusCode"])


def fresh(cloud: Cloud) -> World:
    """A newly built account."""
    cloud.reset()
    return build(cloud.faulty_client)


def each_alone(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """Faulty cases: each sees the account as built."""
    answers, world = [], fresh(cloud)
    for one in cases:
        made, changed = prepared(world, one)
        answer = replace(send(world, made), case=one)
        answers.append(answer)
        if changed or not answer.refused:
            world = fresh(cloud)
    return answers


def prepared(world: World, one: Case) -> tuple[Case, bool]:
    """The case with its parameters made, and whether the cloud was asked for that: some make their own state."""
    asked, clients = [], world.clients

    def noted(service: str) -> Any:
        asked.append(service)
        return clients(service)

    world.clients = noted
    try:
        params = one.params(world)
    finally:
        world.clients = clients
    return replace(one, params=lambda _world: params), bool(asked)


def one_after_another(cloud: Cloud, cases: Sequence[Case]) -> list[Answer]:
    """Sane cases: a life, in which each builds on those before."""
    world = fresh(cloud)
    return [send(world, one) for one in cases]
