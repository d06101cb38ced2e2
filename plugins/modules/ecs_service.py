#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecs_service
version_added: 1.0.0
short_description: Manage an ECS service on Fargate
description:
  - Creates a service, corrects every field that is managed, waits for its deployment, and deletes it.
  - A deployment that ECS gave up or rolled back is a failure, told with the service's last events and the reasons
    of its stopped tasks.
  - A service that was deleted (INACTIVE) counts as absent.
  - Stands on the ECS API CreateService, UpdateService, TagResource, DeleteService, DescribeServices, DescribeTasks.
author:
  - private_rag.aws contributors (@private-rag)
options:
  name:
    description: Name of the service, 1 to 255 letters, digits, hyphens and underscores.
    type: str
    required: true
  cluster:
    description: Name or ARN of its cluster.
    type: str
    required: true
  task_definition:
    description: ARN of the task definition's revision. Needed to create it.
    type: str
  desired_count:
    description: Tasks at creation. Never sent afterwards, since auto scaling moves it.
    type: int
  capacity_provider_strategy:
    description: Where its tasks run. A change starts a new deployment.
    type: list
    elements: dict
    suboptions:
      capacity_provider:
        description: A capacity provider of the cluster.
        type: str
        required: true
      base:
        description: Tasks at least on this provider, 0 to 100000.
        type: int
        default: 0
      weight:
        description: Share of the other tasks, 0 to 1000.
        type: int
        default: 1
  platform_version:
    description: Fargate's platform version, for example V(LATEST).
    type: str
  subnet_ids:
    description: Exactly these subnets for its tasks, at most 16.
    type: list
    elements: str
  security_group_ids:
    description: Exactly these security groups for its tasks, at most 5.
    type: list
    elements: str
  assign_public_ip:
    description: Whether its tasks get public addresses.
    type: bool
  load_balancers:
    description: Exactly these target groups.
    type: list
    elements: dict
    suboptions:
      target_group_arn:
        description: ARN of the target group. It must have a listener.
        type: str
        required: true
      container_name:
        description: Container of the task definition.
        type: str
        required: true
      container_port:
        description: Port of that container.
        type: int
        required: true
  health_check_grace_period:
    description: Seconds after a task's start during which failed health checks do not stop it.
    type: int
  availability_zone_rebalancing:
    description: Whether ECS evens tasks out over Availability Zones. Needs a maximum percent above 100.
    type: str
    choices: [ENABLED, DISABLED]
  deployment_configuration:
    description: How a new revision takes over. Only the keys given are managed.
    type: dict
    suboptions:
      minimum_healthy_percent:
        description: Percent of the desired count that keeps running, 0 to 100.
        type: int
      maximum_percent:
        description: Percent of the desired count that may run at once, 100 to 200.
        type: int
      circuit_breaker:
        description: Whether ECS gives a failing deployment up.
        type: dict
        suboptions:
          enable:
            description: Switch it on.
            type: bool
            required: true
          rollback:
            description: Go back to the last deployment that completed.
            type: bool
            required: true
      alarms:
        description: CloudWatch alarms that end a deployment.
        type: dict
        suboptions:
          alarm_names:
            description: Exactly these alarms.
            type: list
            elements: str
            required: true
          enable:
            description: Switch them on.
            type: bool
            required: true
          rollback:
            description: Go back to the last deployment that completed.
            type: bool
            required: true
  enable_execute_command:
    description: Whether ECS Exec may open a shell in its tasks.
    type: bool
  propagate_tags:
    description: Where tasks get their tags from.
    type: str
    choices: [SERVICE, TASK_DEFINITION, NONE]
  enable_ecs_managed_tags:
    description: Whether ECS tags tasks with the cluster's and the service's name.
    type: bool
  wait:
    description: Wait until the deployment is complete, at most 20 minutes.
    type: bool
    default: true
extends_documentation_fragment:
  - private_rag.aws.reconcile
  - private_rag.aws.reconcile.owned
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Service of the chat page
  private_rag.aws.ecs_service:
    name: ChatbotFrontendServiceProd
    cluster: ChatbotFrontendClusterProd
    task_definition: "{{ task.task_definition.arn }}"
    desired_count: 1
    capacity_provider_strategy:
      - capacity_provider: FARGATE
    platform_version: LATEST
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-08172635445362718]
    security_group_ids: [sg-0123456789abcdef0]
    assign_public_ip: false
    load_balancers:
      - target_group_arn: "{{ target_group.target_group.arn }}"
        container_name: chatbot-frontend-prod
        container_port: 8080
    health_check_grace_period: 120
    availability_zone_rebalancing: ENABLED
    deployment_configuration:
      minimum_healthy_percent: 100
      maximum_percent: 200
      circuit_breaker: {enable: true, rollback: true}
    deployment: chatbot-prod
"""

RETURN = r"""
service:
  description: The service; empty after O(state=absent).
  returned: always
  type: dict
  sample:
    name: ChatbotFrontendServiceProd
    arn: arn:aws:ecs:ap-northeast-1:123456789012:service/ChatbotFrontendClusterProd/ChatbotFrontendServiceProd
    cluster: ChatbotFrontendClusterProd
    status: ACTIVE
    task_definition: arn:aws:ecs:ap-northeast-1:123456789012:task-definition/chatbot-frontend-task-prod:3
    desired_count: 2
    running_count: 2
    deployment_configuration.maximum_percent: 200
    tags: {"private-rag:deployment": chatbot-prod}
action:
  description: What was done, or in check mode would be done.
  returned: always
  type: str
  sample: update
changes:
  description: Every managed field that differed, with its value before and after.
  returned: always
  type: dict
  sample: {health_check_grace_period: {before: 60, after: 120}}
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import STRATEGY_SPEC
from ansible_collections.private_rag.aws.plugins.module_utils._ecs_service import Service
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import reconcile

_ROLLBACK: dict[str, Any] = {
    "enable": {"type": "bool", "required": True},
    "rollback": {"type": "bool", "required": True},
}
ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "cluster": {"type": "str", "required": True},
    "task_definition": {"type": "str"},
    "desired_count": {"type": "int"},
    "capacity_provider_strategy": STRATEGY_SPEC,
    "platform_version": {"type": "str"},
    "subnet_ids": {"type": "list", "elements": "str"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "assign_public_ip": {"type": "bool"},
    "load_balancers": {
        "type": "list",
        "elements": "dict",
        "options": {
            "target_group_arn": {"type": "str", "required": True},
            "container_name": {"type": "str", "required": True},
            "container_port": {"type": "int", "required": True},
        },
    },
    "health_check_grace_period": {"type": "int"},
    "availability_zone_rebalancing": {"type": "str", "choices": ["ENABLED", "DISABLED"]},
    "deployment_configuration": {
        "type": "dict",
        "options": {
            "minimum_healthy_percent": {"type": "int"},
            "maximum_percent": {"type": "int"},
            "circuit_breaker": {"type": "dict", "options": _ROLLBACK},
            "alarms": {
                "type": "dict",
                "options": {"alarm_names": {"type": "list", "elements": "str", "required": True}, **_ROLLBACK},
            },
        },
    },
    "enable_execute_command": {"type": "bool"},
    "propagate_tags": {"type": "str", "choices": ["SERVICE", "TASK_DEFINITION", "NONE"]},
    "enable_ecs_managed_tags": {"type": "bool"},
    "wait": {"type": "bool", "default": True},
}


def main() -> None:
    module = make_module(ARGUMENT_SPEC, owned=True)
    service = Service(module)
    answer(module, lambda: service.settled(reconcile(service)), f"reconcile the {service.kind}")


if __name__ == "__main__":
    main()
