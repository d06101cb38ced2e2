"""ecs_task_run: a command that ends, one that does not, one that never starts."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, OWNER, network
from tests.integration.running import Runner

MODULE = "ecs_task_run"


@pytest.fixture
def command(cloud: Cloud) -> dict[str, Any]:
    _vpc, subnets, first = network(cloud)
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="cluster")
    cloud.client("logs").create_log_group(logGroupName="/ecs/web")
    options = {"awslogs-group": "/ecs/web", "awslogs-region": "ap-northeast-1", "awslogs-stream-prefix": "ecs"}
    ecs.register_task_definition(
        family="web",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        executionRoleArn="arn:aws:iam::123456789012:role/execution",
        containerDefinitions=[
            {"name": "web", "image": "web:1", "logConfiguration": {"logDriver": "awslogs", "options": options}}
        ],
    )
    return {
        "cluster": "cluster",
        "task_definition": "web",
        "container": "web",
        "command": ["python", "-m", "chat.ask", "質問"],
        "environment": {"LOG_LEVEL": "DEBUG"},
        "subnet_ids": subnets,
        "security_group_ids": [first],
        "deployment": DEPLOYMENT,
        "timeout": 30,
    }


class Worker:
    """Takes the one task that is asked for, and ends it as told."""

    def __init__(self, cloud: Cloud, lines: list[str], **fields: Any) -> None:
        self.cloud, self.lines, self.fields = cloud, lines, fields
        self.request: dict[str, Any] = {}
        self.thread = threading.Thread(target=self.work)

    def __enter__(self) -> Worker:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.thread.join(timeout=30)

    def work(self) -> None:
        waiting: list[dict[str, Any]] = []
        deadline = time.monotonic() + 20
        while not waiting and time.monotonic() < deadline:
            waiting = self.cloud.get("/_local/ecs/run-requests")
            threading.Event().wait(0.1)
        self.request = waiting[0]
        task = self.request["taskArn"].rpartition("/")[2]
        if self.lines:
            stream = {"logGroupName": "/ecs/web", "logStreamName": f"ecs/web/{task}"}
            logs = self.cloud.client("logs")
            logs.create_log_stream(**stream)
            events = [{"timestamp": int(time.time() * 1000), "message": line} for line in self.lines]
            logs.put_log_events(**stream, logEvents=events)
        self.cloud.put(
            f"/_local/ecs/tasks/{task}", {"lastStatus": "STOPPED", "desiredStatus": "STOPPED", **self.fields}
        )


def test_a_command_that_ends(cloud: Cloud, run_module: Runner, command: dict[str, Any]) -> None:
    ended = {
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "web", "lastStatus": "STOPPED", "exitCode": 0}],
    }
    with Worker(cloud, ['{"response": "20日です。"}', "done"], **ended) as worker:
        result = run_module(MODULE, command)
    assert result["changed"] is False
    assert result["task"]["exit_code"] == 0
    assert result["task"]["stopped_reason"] == "Essential container in task exited"
    assert result["task"]["log_lines"] == ['{"response": "20日です。"}', "done"]
    override = worker.request["overrides"]["containerOverrides"][0]
    assert override["command"] == command["command"]
    assert override["environment"] == [{"name": "LOG_LEVEL", "value": "DEBUG"}]
    assert worker.request["tags"] == [{"key": OWNER, "value": DEPLOYMENT}]


def test_a_task_that_never_ran(cloud: Cloud, run_module: Runner, command: dict[str, Any]) -> None:
    containers = [{"name": "web", "lastStatus": "STOPPED", "reason": "CannotPullContainerError"}]
    with Worker(cloud, [], stoppedReason="Task failed to start", containers=containers):
        task = run_module(MODULE, command)["task"]
    assert task["exit_code"] is None
    assert task["stopped_reason"] == "Task failed to start; web: CannotPullContainerError"
    assert task["log_lines"] == []


def test_a_command_that_does_not_end_is_stopped(cloud: Cloud, run_module: Runner, command: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=r"had not finished after 2 s \(last status PROVISIONING\)"):
        run_module(MODULE, {**command, "timeout": 2})
    assert cloud.get("/_local/ecs/run-requests") == []


def test_check_mode_runs_nothing(run_module: Runner, command: dict[str, Any]) -> None:
    assert run_module.checked(MODULE, command)["task"] == {}


def test_an_unknown_container_is_refused(run_module: Runner, command: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=r"web has no container other\. It has: web\."):
        run_module(MODULE, {**command, "container": "other"})
