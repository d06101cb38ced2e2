"""A deployment that stands in a control plane of its own, with what was recorded while it was made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG, from_pairs

from tests.integration.cloud import Cloud
from tests.integration.drift import spares, unmanaged
from tests.integration.drift.fields import Request
from tests.integration.drift.replay import Deployment
from tests.integration.drift.walk import Walk
from tests.integration.system.playbooks import Run

COMPANY = "a group of the company"


def recorded(cloud: Cloud) -> list[Request]:
    """The mutating requests that AWS took, since the record was last cleared, with what it keeps secret."""
    entries = [each for each in cloud.get("/_local/requests") if each["mutating"] and each["status"] < 400]
    made: list[Request] = []
    theirs = _groups_of_the_company(cloud)
    for each in entries:
        service, operation, params = each["service"], each["operation"], each["parameters"]
        before = sum((it.service, it.operation) == (service, operation) for it in made)
        made.append(Request(service, operation, params, before + 1, COMPANY if params.get("GroupId") in theirs else ""))
    for request in made:
        _unmask(cloud, request.operation, request.parameters)
    return made


def _groups_of_the_company(cloud: Cloud) -> set[str]:
    """Security groups that no deployment made."""
    groups = cloud.client("ec2").describe_security_groups()["SecurityGroups"]
    return {each["GroupId"] for each in groups if OWNER_TAG not in from_pairs(each.get("Tags"))}


def _unmask(cloud: Cloud, operation: str, params: dict[str, Any]) -> None:
    """Variables are not recorded (the service models mark them as sensitive): they are asked for."""
    if operation == "CreateFunction":
        found = cloud.client("lambda").get_function_configuration(FunctionName=params["FunctionName"])
        params["Environment"] = {"Variables": found["Environment"]["Variables"]}
    elif operation == "RegisterTaskDefinition":
        found = cloud.client("ecs").describe_task_definition(taskDefinition=params["family"])["taskDefinition"]
        for sent, kept in zip(params["containerDefinitions"], found["containerDefinitions"], strict=True):
            sent["environment"] = kept["environment"]


@contextmanager
def walking(cloud: Cloud, requests: list[Request], steady: Run) -> Iterator[Walk]:
    """`steady`: a run that found nothing to do, whose arguments are replayed."""
    deployment = Deployment(cloud, steady.reconciled())
    with spares.made(cloud, requests) as others:
        yield Walk(cloud, deployment, requests, unmanaged.read(), others)
