#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: ecs_task_run
version_added: 1.0.0
short_description: Run one command as a Fargate task and return what it said
description:
  - Runs a task definition once with another command, waits until it has stopped, and returns its exit code and its
    lines in CloudWatch Logs (log driver awslogs).
  - Meant for asking something from inside a network that the controller does not reach. It never reports a change;
    do not use it for commands that change something.
  - A command that ends with another code than 0 is no failure of the module, see RV(task.exit_code). A task that could
    not be started is one.
  - Stands on the ECS API RunTask, DescribeTasks, StopTask, and the CloudWatch Logs API GetLogEvents.
author:
  - private_rag.aws contributors (@private-rag)
options:
  cluster:
    description: Name or ARN of the cluster.
    type: str
    required: true
  task_definition:
    description: ARN, or family with or without a revision, of the task definition.
    type: str
    required: true
  container:
    description: Container that runs the command. Left out, the task definition's first.
    type: str
  command:
    description: The command instead of the container's own.
    type: list
    elements: str
  environment:
    description: Further environment variables of the container. They are visible in the ECS console.
    type: dict
    default: {}
  subnet_ids:
    description: Subnets to run in.
    type: list
    elements: str
    required: true
  security_group_ids:
    description: Security groups of the task.
    type: list
    elements: str
    required: true
  assign_public_ip:
    description: Whether the task gets a public address.
    type: bool
    default: false
  platform_version:
    description: Fargate's platform version.
    type: str
    default: LATEST
  timeout:
    description: Seconds until a task that has not stopped is stopped, and the module fails.
    type: int
    default: 300
  started_by:
    description: >-
      Who started the task, shown by ECS. At most 128 letters, digits, hyphens, slashes and underscores (RunTask API
      reference, startedBy).
    type: str
    default: private_rag/aws
  deployment:
    description: The deployment that the task belongs to, written to its tag C(private-rag:deployment).
    type: str
attributes:
  check_mode:
    description: Runs nothing and returns an empty RV(task).
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: none
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Ask the API from inside the network
  private_rag.aws.ecs_task_run:
    cluster: ChatbotFrontendClusterProd
    task_definition: chatbot-frontend-task-prod
    container: chatbot-frontend-prod
    command: [python, -m, chat.ask, 有給休暇は何日ですか]
    subnet_ids: [subnet-0a1b2c3d4e5f60718]
    security_group_ids: [sg-0123456789abcdef0]
    deployment: chatbot-prod
  register: asked
"""

RETURN = r"""
task:
  description: The stopped task; empty in check mode.
  returned: always
  type: dict
  sample:
    arn: arn:aws:ecs:ap-northeast-1:123456789012:task/ChatbotFrontendClusterProd/0f9de17a6465404e8b1b2356dc13c2f8
    exit_code: 0
    stopped_reason: Essential container in task exited
    log_lines: ['{"response": "20日です。"}']
  contains:
    exit_code:
      description: Exit code of the container; null where it never ran.
      type: int
      returned: when a task ran
      sample: 0
    log_lines:
      description: What the container wrote, at most 10000 lines.
      type: list
      elements: str
      returned: when a task ran
      sample: ['{"response": "20日です。"}']
"""

from typing import Any

from ansible_collections.private_rag.aws.plugins.module_utils._aws import answer, make_module
from ansible_collections.private_rag.aws.plugins.module_utils._ecs_task import run_once

ARGUMENT_SPEC: dict[str, Any] = {
    "cluster": {"type": "str", "required": True},
    "task_definition": {"type": "str", "required": True},
    "container": {"type": "str"},
    "command": {"type": "list", "elements": "str"},
    "environment": {"type": "dict", "default": {}},
    "subnet_ids": {"type": "list", "elements": "str", "required": True},
    "security_group_ids": {"type": "list", "elements": "str", "required": True},
    "assign_public_ip": {"type": "bool", "default": False},
    "platform_version": {"type": "str", "default": "LATEST"},
    "timeout": {"type": "int", "default": 300},
    "started_by": {"type": "str", "default": "private_rag/aws"},
    "deployment": {"type": "str"},
}


def ask(module: Any) -> dict[str, Any]:
    """The module's result. Raises ReconcileError."""
    if module.check_mode:
        return {"changed": False, "task": {}}
    return {"changed": False, "task": run_once(module.client("ecs"), module.client("logs"), module.params)}


def main() -> None:
    module = make_module(ARGUMENT_SPEC, state=False)
    answer(module, lambda: ask(module), "run the task")


if __name__ == "__main__":
    main()
