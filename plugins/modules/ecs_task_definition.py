#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecs_task_definition
version_added: 1.0.0
short_description: Manage the revisions of an ECS task definition
description:
  - Compares the newest ACTIVE revision of a family with what is wanted, field by field, and registers a new revision
    where they differ. Older revisions stay, so that a service can go back to them.
  - A difference of the tags alone is corrected on the revision itself.
  - O(state=absent) deregisters every ACTIVE revision of the family that bears the deployment's tag.
  - Stands on the ECS API RegisterTaskDefinition, DescribeTaskDefinition, ListTaskDefinitions, TagResource,
    DeregisterTaskDefinition.
author:
  - private_rag.aws contributors (@private-rag)
options:
  family:
    description: Name of the task definition, 1 to 255 letters, digits, hyphens and underscores.
    type: str
    required: true
  cpu:
    description: CPU units of the task, for example V(256) for 0.25 vCPU.
    type: str
  memory:
    description: MiB of the task, one of those that Fargate allows with O(cpu).
    type: str
  network_mode:
    description: Network mode; Fargate needs V(awsvpc).
    type: str
    choices: [awsvpc, bridge, host, none]
  requires_compatibilities:
    description: What the task definition is checked against, for example V(FARGATE).
    type: list
    elements: str
  execution_role_arn:
    description: Role with which ECS pulls the image, reads secrets and writes logs. An empty string for none.
    type: str
  task_role_arn:
    description: Role of the containers themselves. An empty string for none.
    type: str
  runtime_platform:
    description: Platform of the containers.
    type: dict
    suboptions:
      cpu_architecture:
        description: Processor.
        type: str
        choices: [X86_64, ARM64]
        default: X86_64
      operating_system_family:
        description: Operating system, for example V(LINUX).
        type: str
        default: LINUX
  containers:
    description:
      - Exactly these containers, with the keys of RegisterTaskDefinition's C(containerDefinitions) (camelCase).
      - What AWS fills in (C(essential), C(cpu), C(hostPort), C(protocol), a health check's figures) may be left out.
      - C(environment), C(secrets) and port mappings are compared without regard to their order. Needed to create it.
    type: list
    elements: dict
  volumes:
    description: Exactly these volumes, with the keys of RegisterTaskDefinition's C(volumes).
    type: list
    elements: dict
  ephemeral_storage:
    description: GiB of a Fargate task's own storage, 21 to 200. Fargate gives 20 by itself.
    type: int
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Task of the chat page
  private_rag.aws.ecs_task_definition:
    family: chatbot-frontend-task-prod
    cpu: "256"
    memory: "512"
    network_mode: awsvpc
    requires_compatibilities: [FARGATE]
    execution_role_arn: arn:aws:iam::123456789012:role/ecs-task-execution-role-sg
    task_role_arn: arn:aws:iam::123456789012:role/ecs-task-role-sg
    runtime_platform: {cpu_architecture: X86_64, operating_system_family: LINUX}
    containers:
      - name: chatbot-frontend-prod
        image: "{{ image.image.uri }}"
        portMappings:
          - containerPort: 8080
        environment:
          - name: CHAT_API_URL
            value: "{{ api_url }}"
        logConfiguration:
          logDriver: awslogs
          options:
            awslogs-group: /ecs/chatbot-frontend-task-prod
            awslogs-region: ap-northeast-1
            awslogs-stream-prefix: ecs
    deployment: chatbot-prod
"""

RETURN = r"""
task_definition:
  description:
    - The newest revision, with every field of its containers under a path of its own; empty after O(state=absent).
    - In check mode C(arn) and C(revision) are placeholders where a new revision would be registered.
  returned: always
  type: dict
  sample:
    family: chatbot-frontend-task-prod
    arn: arn:aws:ecs:ap-northeast-1:123456789012:task-definition/chatbot-frontend-task-prod:3
    revision: 3
    cpu: "256"
    memory: "512"
    "containers[chatbot-frontend-prod].environment.CHAT_API_TIMEOUT_SECONDS": "35"
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done. V(replace) registers a revision.
  returned: always
  type: str
  sample: replace
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {"containers[chatbot-frontend-prod].environment.LOG_LEVEL": {before: INFO, after: DEBUG}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module, pages
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import set_tags, tags_of, tags_request
from ansible_collections.private_rag.aws.plugins.module_utils._fields import flat, given, given_sets
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
    reconcile,
)
from ansible_collections.private_rag.aws.plugins.module_utils._tags import OWNER_TAG
from ansible_collections.private_rag.aws.plugins.module_utils._task_definition import (
    as_sent,
    container_fields,
    volumes_of,
)
from ansible_collections.private_rag.aws.plugins.module_utils._unknown import unknown

ARGUMENT_SPEC: dict[str, Any] = {
    "family": {"type": "str", "required": True},
    "cpu": {"type": "str"},
    "memory": {"type": "str"},
    "network_mode": {"type": "str", "choices": ["awsvpc", "bridge", "host", "none"]},
    "requires_compatibilities": {"type": "list", "elements": "str"},
    "execution_role_arn": {"type": "str"},
    "task_role_arn": {"type": "str"},
    "runtime_platform": {
        "type": "dict",
        "options": {
            "cpu_architecture": {"type": "str", "choices": ["X86_64", "ARM64"], "default": "X86_64"},
            "operating_system_family": {"type": "str", "default": "LINUX"},
        },
    },
    "containers": {"type": "list", "elements": "dict"},
    "volumes": {"type": "list", "elements": "dict"},
    "ephemeral_storage": {"type": "int"},
}
SIMPLE = {
    "cpu": "cpu",
    "memory": "memory",
    "network_mode": "networkMode",
    "execution_role_arn": "executionRoleArn",
    "task_role_arn": "taskRoleArn",
}
# Arguments of RegisterTaskDefinition that a new revision takes over from the last where they are not managed.
KEPT = (
    *SIMPLE.values(),
    *("containerDefinitions", "volumes", "placementConstraints", "requiresCompatibilities", "pidMode", "ipcMode"),
    *("proxyConfiguration", "ephemeralStorage", "runtimePlatform", "enableFaultInjection"),
)


class TaskDefinition(Resource):
    kind = "task definition"
    key = "task_definition"
    identity = ("family",)
    computed = {"arn": "task definition arn", "revision": "task definition revision"}

    def desired(self) -> State:
        state = {
            **given(self.params, "family", "ephemeral_storage", *SIMPLE),
            **given_sets(self.params, "requires_compatibilities"),
            **flat("runtime_platform", self.params["runtime_platform"]),
            **self.tags(),
        }
        if self.params["volumes"] is not None:
            state["volumes"] = volumes_of(self.params["volumes"])
        if self.params["containers"] is not None:
            state.update(container_fields(self.params["containers"], self.params["network_mode"] or ""))
        return state

    def read(self) -> State | None:
        arn = self._newest()
        if not arn:
            return None
        answer = self.client("ecs").describe_task_definition(taskDefinition=arn, include=["TAGS"])
        found = answer["taskDefinition"]
        self._found = {key: found[key] for key in KEPT if found.get(key)}
        return {
            "arn": found["taskDefinitionArn"],
            "revision": found["revision"],
            **state_of(found, self.params["network_mode"]),
            "tags": tags_of(answer.get("tags")),
        }

    def create(self, desired: State) -> None:
        if not self.params["containers"]:
            raise ReconcileError(f"{self.label} does not exist: containers is needed to create it")
        self._register({}, desired.get("tags", {}))

    def update(self, current: State, changes: Changes) -> None:
        if changes.keys() == {"tags"}:
            set_tags(self.client("ecs"), current["arn"], changes["tags"])
        else:
            self._register(self._found, changes.get("tags", (None, current["tags"]))[1])

    def delete(self, current: State) -> None:
        ecs, deployment = self.client("ecs"), self.params["deployment"]
        for arn in self._active():
            tags = tags_of(ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"]).get("tags"))
            if not deployment or tags.get(OWNER_TAG) == deployment:
                ecs.deregister_task_definition(taskDefinition=arn)

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        if self.params["containers"] is not None:
            extra = [field for field in current if field.startswith("containers[") and field not in desired]
            changes.update({field: (current[field], None) for field in extra})
        return changes

    def action_for(self, changes: Changes) -> str:
        # A revision never changes: API_RegisterTaskDefinition makes the next one.
        return "update" if changes.keys() == {"tags"} else "replace"

    def predicted(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result; in check mode with placeholders for what a new revision would bring."""
        if self.module.check_mode and result["action"] == "replace":
            result[self.key].update({field: unknown(str(words)) for field, words in self.computed.items()})
        return result

    def _active(self) -> list[str]:
        family = self.params["family"]
        found = pages(self.client("ecs"), "list_task_definitions", "taskDefinitionArns", familyPrefix=family)
        return [arn for arn in found if _family(arn) == family]

    def _newest(self) -> str:
        family = self.params["family"]
        found = self.client("ecs").list_task_definitions(familyPrefix=family, status="ACTIVE", sort="DESC")
        arns = [arn for arn in found["taskDefinitionArns"] if _family(arn) == family]
        return max(arns, key=lambda arn: int(arn.rpartition(":")[2]), default="")

    def _register(self, kept: State, tags: dict[str, str]) -> None:
        request = {**kept, **request_of(self.params)}
        given_values = {key: value for key, value in request.items() if value not in ("", None)}
        self.client("ecs").register_task_definition(family=self.params["family"], **given_values, **tags_request(tags))


def _family(arn: str) -> str:
    return arn.rpartition("/")[2].rpartition(":")[0]


def state_of(found: dict[str, Any], network_mode: str | None) -> State:
    """A task definition of DescribeTaskDefinition as fields, compared under the wanted network mode."""
    platform = found.get("runtimePlatform") or {}
    return {
        "family": found["family"],
        **{field: found.get(key) or "" for field, key in SIMPLE.items()},
        "requires_compatibilities": sorted(found.get("requiresCompatibilities") or []),
        "runtime_platform.cpu_architecture": platform.get("cpuArchitecture", "X86_64"),
        "runtime_platform.operating_system_family": platform.get("operatingSystemFamily", "LINUX"),
        "ephemeral_storage": (found.get("ephemeralStorage") or {}).get("sizeInGiB"),
        "volumes": volumes_of(found.get("volumes")),
        **container_fields(found["containerDefinitions"], network_mode or found.get("networkMode") or ""),
    }


def request_of(params: Any) -> State:
    """The managed arguments of RegisterTaskDefinition."""
    request: State = {key: params[field] for field, key in SIMPLE.items() if params[field] is not None}
    if params["requires_compatibilities"] is not None:
        request["requiresCompatibilities"] = params["requires_compatibilities"]
    if params["runtime_platform"]:
        platform = params["runtime_platform"]
        system = {"operatingSystemFamily": platform["operating_system_family"]}
        request["runtimePlatform"] = {"cpuArchitecture": platform["cpu_architecture"], **system}
    if params["containers"] is not None:
        request["containerDefinitions"] = [as_sent(container) for container in params["containers"]]
    if params["volumes"] is not None:
        request["volumes"] = volumes_of(params["volumes"])
    if params["ephemeral_storage"] is not None:
        request["ephemeralStorage"] = {"sizeInGiB": params["ephemeral_storage"]}
    return request


def main() -> None:
    module = make_module(ARGUMENT_SPEC, owned=True)
    definition = TaskDefinition(module)
    answer(module, lambda: definition.predicted(reconcile(definition)), f"reconcile the {definition.kind}")


if __name__ == "__main__":
    main()
