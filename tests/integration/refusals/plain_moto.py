"""moto as it is published, none of our repairs and refusals: one account, and a child of the process for each call.

A child sees the account as it was built and takes its changes with it, so that nothing has to be built anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.config import Config
from moto import mock_aws

from tests.integration.cloud import REGION
from tests.integration.refusals.cases import Case
from tests.integration.refusals.rate import Answer, send
from tests.integration.refusals.world import World, build

_CLIENTS: dict[str, Any] = {}


class Tasks:
    """An ECS client that does without a task: plain moto has no machine to run one on, and fails."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def run_task(self, **_params: object) -> dict[str, Any]:
        """RunTask, not asked."""
        return {}


def _client(service: str) -> Any:
    if service not in _CLIENTS:
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        session: Any = boto3.Session("testing", "testing", region_name=REGION)
        _CLIENTS[service] = session.client(service, config=config)
    return _CLIENTS[service]


def _while_building(service: str) -> Any:
    return Tasks(_client(service)) if service == "ecs" else _client(service)


def answers(cases: Sequence[Case]) -> list[Answer]:
    """What becomes of each call; one that moto fails on is answered 500."""
    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        world = build(_while_building)
        world.clients = _client
        return [_in_a_child(world, one) for one in cases]


def _in_a_child(world: World, one: Case) -> Answer:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _tell(writing, world, one)
    os.close(writing)
    with os.fdopen(reading) as told:
        status, code, message = json.loads(told.read() or '[500, "", ""]')
    os.waitpid(child, 0)
    return Answer(one, status, code, message)


def _tell(writing: int, world: World, one: Case) -> None:
    """Send the call and leave at once; a traceback of moto's is for no one."""
    try:
        answer = send(world, one)
        told = json.dumps([answer.status, answer.code, answer.message])
        os.write(writing, told.encode()[:60_000])
    finally:
        os._exit(0)
