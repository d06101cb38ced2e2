"""ECS tasks are what the data plane says they are: List, Describe, Run and StopTask on its reports.

``PUT /_local/ecs/tasks/{id}`` merges fields of the ECS Task shape into the task. A task made by RunTask
waits in ``GET /_local/ecs/run-requests`` until its first report takes it from there. A task that StopTask
asked to stop keeps ``desiredStatus`` STOPPED whatever is reported.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs
from local_cloud.control.repairs import ecs_services
from local_cloud.control.settings import ACCOUNT, REGION
from local_cloud.control.state import State

Record = dict[str, Any]
STOPPED_KEPT = 200


def report(state: State, task_id: str, body: Record) -> Record:
    """PUT /_local/ecs/tasks/{id}"""
    task = state.tasks.setdefault(task_id, {"createdAt": datetime.now(UTC), "desiredStatus": "RUNNING"})
    stopping = task["desiredStatus"] == "STOPPED"
    task.update({key: _time(value) if key.endswith("At") else value for key, value in body.items()})
    if stopping:
        task["desiredStatus"] = "STOPPED"
    if task_id in state.run_requests:
        state.run_requests.remove(task_id)
    for service in state.services.values():
        if task.get("group") == f"service:{service['name']}":
            ecs_services.settle(state, service)
    _forget_old(state)
    return {"desiredStatus": task["desiredStatus"]}


def _time(value: Any) -> Any:
    """Times are reported as ISO 8601 text or as seconds since the epoch."""
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, (int, float)) else value


def _forget_old(state: State) -> None:
    stopped = [key for key, task in state.tasks.items() if task.get("lastStatus") == "STOPPED"]
    for key in stopped[:-STOPPED_KEPT]:
        del state.tasks[key]


def take_run_requests(state: State) -> list[Record]:
    """GET /_local/ecs/run-requests: tasks of RunTask that no report has taken yet. Only a data plane asks."""
    state.data_plane_seen = True
    return [state.tasks[task_id] for task_id in state.run_requests]


@repairs("ecs", "RunTask")
def run_task(call: Call, proceed: Proceed) -> Result:
    """Make the tasks, in PROVISIONING; the data plane starts them."""
    cluster = _cluster(call)
    definition = backend("ecs", call.region).describe_task_definition(call.params["taskDefinition"])
    made = [_new_task(call, cluster, definition) for _number in range(call.get("count") or 1)]
    for task in made:
        task_id = task["taskArn"].split("/")[-1]
        call.state.tasks[task_id] = task
        call.state.run_requests.append(task_id)
    return {"tasks": [_shown(call, task) for task in made], "failures": []}


def _cluster(call: Call) -> Any:
    return backend("ecs", call.region)._get_cluster(ecs_services.cluster_name(call))


def _new_task(call: Call, cluster: Any, definition: Any) -> Record:
    task_id = secrets.token_hex(16)
    task: Record = {
        "taskArn": f"arn:aws:ecs:{call.region}:{ACCOUNT}:task/{cluster.name}/{task_id}",
        "clusterArn": cluster.arn,
        "taskDefinitionArn": definition.arn,
        "group": call.get("group") or f"family:{definition.family}",
        "launchType": call.get("launchType") or "FARGATE",
        "platformVersion": call.get("platformVersion") or "LATEST",
        "lastStatus": "PROVISIONING",
        "desiredStatus": "RUNNING",
        "createdAt": datetime.now(UTC),
        "overrides": call.get("overrides") or {},
        "tags": call.get("tags") or [],
        "cpu": definition.cpu,
        "memory": definition.memory,
        "containers": _containers(definition, task_id),
        "attachments": [],
        # Not of the Task shape: what the data plane needs to give the task its interface.
        "networkConfiguration": call.get("networkConfiguration") or {},
    }
    if call.get("startedBy"):
        task["startedBy"] = call.params["startedBy"]
    return task


def _containers(definition: Any, task_id: str) -> list[Record]:
    prefix = f"arn:aws:ecs:{REGION}:{ACCOUNT}:container/{task_id}"
    return [
        {
            "containerArn": f"{prefix}/{container['name']}",
            "name": container["name"],
            "image": container["image"],
            "lastStatus": "PENDING",
        }
        for container in definition.container_definitions
    ]


def _shown(call: Call, task: Record) -> Record:
    hidden = set() if "TAGS" in (call.get("include") or ["TAGS"]) else {"tags"}
    return {key: value for key, value in task.items() if key not in hidden}


@repairs("ecs", "DescribeTasks")
def describe_tasks(call: Call, proceed: Proceed) -> Result:
    """The tasks as last reported; unknown ones are failures MISSING."""
    arn = _cluster(call).arn
    found, failures = [], []
    for name in call.params["tasks"]:
        task = call.state.tasks.get(name.split("/")[-1])
        if task is None or task.get("clusterArn") != arn:
            prefix = f"arn:aws:ecs:{call.region}:{ACCOUNT}:task/{arn.split('/')[-1]}"
            missing = name if name.startswith("arn:") else f"{prefix}/{name}"
            failures.append({"arn": missing, "reason": "MISSING"})
        else:
            found.append(_shown(call, task))
    return {"tasks": found, "failures": failures}


@repairs("ecs", "ListTasks")
def list_tasks(call: Call, proceed: Proceed) -> Result:
    """Tasks whose desired status is asked for (RUNNING unless told), filtered as ListTasks filters."""
    cluster = _cluster(call).arn
    status = call.get("desiredStatus") or "RUNNING"
    family = call.get("family")
    wanted: Record = {"clusterArn": cluster, "desiredStatus": status}
    if call.get("serviceName"):
        wanted["group"] = f"service:{call.params['serviceName'].split('/')[-1]}"
    for key in ("startedBy", "launchType"):
        if call.get(key):
            wanted[key] = call.params[key]
    arns = [
        task["taskArn"]
        for task in call.state.tasks.values()
        if all(task.get(key) == value for key, value in wanted.items())
        and (not family or f":task-definition/{family}:" in task["taskDefinitionArn"])
    ]
    return {"taskArns": arns}


@repairs("ecs", "StopTask")
def stop_task(call: Call, proceed: Proceed) -> Result:
    """Ask the task to stop; one that nobody started yet is stopped at once."""
    _cluster(call)
    task_id = call.params["task"].split("/")[-1]
    task = call.state.tasks.get(task_id)
    if task is None:
        raise AwsError("InvalidParameterException", "The referenced task was not found.")
    if task.get("lastStatus") != "STOPPED":
        task["desiredStatus"] = "STOPPED"
        task["stopCode"] = "UserInitiated"
        task["stoppedReason"] = call.get("reason") or "Task stopped by user"
    if task_id in call.state.run_requests:
        call.state.run_requests.remove(task_id)
        task["lastStatus"] = "STOPPED"
        task["stoppedAt"] = datetime.now(UTC)
    return {"task": _shown(call, task)}
