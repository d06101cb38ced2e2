"""The modules of a deployment, run again in this process with the arguments that the playbook gave them.

A run of site.yml takes a quarter of a minute; this takes a second or two, so that hundreds of fields can be walked
through. What a role takes from one module's answer for the next one's arguments is done here too (LINKS).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from unittest import mock

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.private_rag.aws.plugins.module_utils._normalise import compact

from tests.integration.cloud import Cloud
from tests.integration.running import Runner
from tests.integration.system.playbooks import COLLECTION, Invocation

# What is made on this machine, and has no drift on AWS.
LOCAL = (f"{COLLECTION}lambda_package",)
CONNECTION = ("access_key", "secret_key", "session_token", "region", "profile", "endpoint_url", "aws_ca_bundle")


class Deployment:
    """The reconciling module calls of a deployment that stands, in their order."""

    def __init__(self, cloud: Cloud, calls: Iterable[Invocation]) -> None:
        self.cloud = cloud
        self.run = Runner(cloud)
        self.calls = [each for each in calls if each.module.startswith(COLLECTION) and each.module not in LOCAL]
        self.asks = [self._services(each) for each in self.calls]

    def _services(self, call: Invocation) -> set[str]:
        self.cloud.forget()
        self._one(call, check=True, before=[])
        return {entry["service"] for entry in self.cloud.get("/_local/requests")}

    def walk(self, services: set[str] | None = None, check: bool = False) -> list[Invocation]:
        """Run those that ask one of the services; all of them without `services`."""
        every = zip(self.calls, self.asks, strict=True)
        return self._each((call for call, asked in every if services is None or asked & services), check, [])

    def again(self, found: list[Invocation], check: bool = False) -> list[Invocation]:
        """Run those once more that found something to do. The others have just found nothing, which costs as much."""
        return self._each(changed(found), check, [each for each in found if not each.result["changed"]])

    def _each(self, calls: Iterable[Invocation], check: bool, idle: list[Invocation]) -> list[Invocation]:
        done: list[Invocation] = []
        for call in calls:
            done.append(self._one(call, check, [*idle, *done]))
        return done

    def _client(self, service: str, **_options: Any) -> Any:
        return self.cloud.client(service)

    def _one(self, call: Invocation, check: bool, before: list[Invocation]) -> Invocation:
        given = compact({key: value for key, value in call.arguments.items() if key not in CONNECTION})
        name = call.module.removeprefix(COLLECTION)
        # A client of its own for each call would take longer than all that it asks.
        with mock.patch.object(AnsibleAWSModule, "client", self._client):
            result = self.run(name, {**given, **_linked(name, given, before)}, check=check)
        return replace(call, result=result)


def _linked(name: str, given: dict[str, Any], before: list[Invocation]) -> dict[str, Any]:
    """The arguments that the roles take from the answers of the tasks before."""
    if name == "apigateway_stage":
        parts = [each for each in before if each.module.startswith(f"{COLLECTION}apigateway_")]
        return {"redeploy": any(each.result["changed"] for each in parts)}
    if name == "ecs_service":
        made = [each for each in before if each.module == f"{COLLECTION}ecs_task_definition"]
        return {"task_definition": made[-1].result["task_definition"]["arn"]} if made else {}
    return {}


def changed(done: list[Invocation]) -> list[Invocation]:
    """The calls that changed something, or would."""
    return [each for each in done if each.result["changed"]]
