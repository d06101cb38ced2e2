# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One task, run to its end, and what it wrote."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule says plainly that boto3 is missing.
    from botocore.exceptions import WaiterError

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import network_request, tags_request, why_stopped
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import ReconcileError
from ansible_collections.private_rag.aws.plugins.module_utils._tags import wanted_tags
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

# GetLogEvents answers with at most so many: API_GetLogEvents.
MOST_LINES = 10_000


def run_once(ecs: Any, logs: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """Run the task and return it with exit code and log lines. Raises ReconcileError where it does not come to run."""
    definition = ecs.describe_task_definition(taskDefinition=params["task_definition"])["taskDefinition"]
    container = _container(definition, params["container"])
    started = ecs.run_task(
        cluster=params["cluster"],
        taskDefinition=definition["taskDefinitionArn"],
        count=1,
        launchType="FARGATE",
        platformVersion=params["platform_version"],
        networkConfiguration=network_request(
            params["subnet_ids"], params["security_group_ids"], params["assign_public_ip"]
        ),
        overrides={"containerOverrides": [override(container["name"], params["command"], params["environment"])]},
        startedBy=params["started_by"],
        **tags_request(wanted_tags({"deployment": params["deployment"]})),
    )
    if started["failures"]:
        raise ReconcileError(f"The task did not start: {started['failures'][0].get('reason')}")
    arn = started["tasks"][0]["taskArn"]
    task = _stopped(ecs, params["cluster"], arn, params["timeout"])
    exit_code = next((item.get("exitCode") for item in task["containers"] if item["name"] == container["name"]), None)
    return {
        "arn": arn,
        "exit_code": exit_code,
        "stopped_reason": why_stopped(task),
        "log_lines": log_lines(logs, container, arn) if exit_code is not None else [],
    }


def _container(definition: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    containers = definition["containerDefinitions"]
    found = containers[0] if name is None else next((item for item in containers if item["name"] == name), None)
    if found is None:
        known = ", ".join(item["name"] for item in containers)
        raise ReconcileError(f"{definition['family']} has no container {name}. It has: {known}.")
    return dict(found)


def override(name: str, command: list[str] | None, environment: Mapping[str, Any]) -> dict[str, Any]:
    """A container override of RunTask."""
    changed: dict[str, Any] = {"name": name}
    if command is not None:
        changed["command"] = command
    if environment:
        changed["environment"] = [{"name": key, "value": str(environment[key])} for key in sorted(environment)]
    return changed


def _stopped(ecs: Any, cluster: str, arn: str, timeout: int) -> dict[str, Any]:
    try:
        wait(ecs, "ecs_tasks_stopped", limit_seconds=timeout, cluster=cluster, tasks=[arn])
    except WaiterError as error:
        task = _describe(ecs, cluster, arn)
        ecs.stop_task(cluster=cluster, task=arn, reason=f"not finished within {timeout} s")
        raise ReconcileError(
            f"The task had not finished after {timeout} s (last status {task.get('lastStatus')}) and was stopped."
        ) from error
    return _describe(ecs, cluster, arn)


def _describe(ecs: Any, cluster: str, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = ecs.describe_tasks(cluster=cluster, tasks=[arn])["tasks"][0]
    return found


def log_lines(logs: Any, container: Mapping[str, Any], task_arn: str) -> list[str]:
    """The lines of a container's log stream; none where it has no awslogs, or wrote nothing.

    The stream is prefix/container/task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
    """
    driver = container.get("logConfiguration", {})
    options = driver.get("options", {})
    if driver.get("logDriver") != "awslogs" or "awslogs-stream-prefix" not in options:
        return []
    name = f"{options['awslogs-stream-prefix']}/{container['name']}/{task_arn.rpartition('/')[2]}"
    place = {"logGroupName": options["awslogs-group"], "logStreamName": name, "startFromHead": True}
    with contextlib.suppress(WaiterError):
        # A command that wrote nothing never shows a line.
        wait(logs, "log_stream_written", **place)
    try:
        events = logs.get_log_events(**place, limit=MOST_LINES)["events"]
    except is_boto3_error_code("ResourceNotFoundException"):
        return []
    return [event["message"].rstrip("\n") for event in events]
