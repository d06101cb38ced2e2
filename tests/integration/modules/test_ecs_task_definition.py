"""ecs_task_definition: what differs, a new revision for it, and the end of them all."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended
from tests.integration.running import Runner

MODULE = "ecs_task_definition"
FAMILY = "chatbot-frontend-task-test"
DEFINITION: dict[str, Any] = {
    "family": FAMILY,
    "cpu": "256",
    "memory": "512",
    "network_mode": "awsvpc",
    "requires_compatibilities": ["FARGATE"],
    "execution_role_arn": "arn:aws:iam::123456789012:role/execution",
    "task_role_arn": "arn:aws:iam::123456789012:role/task",
    "runtime_platform": {"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
    "ephemeral_storage": 30,
    "volumes": [{"name": "scratch"}],
    "containers": [
        {
            "name": "web",
            "image": "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/web:1",
            "memory": "512",
            "portMappings": [{"containerPort": "8080"}],
            "environment": [{"name": "B", "value": 35}, {"name": "A", "value": True}],
            "secrets": [{"name": "S", "valueFrom": "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:s"}],
            "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/tmp"}],
            "readonlyRootFilesystem": True,
            "healthCheck": {"command": ["CMD-SHELL", "true"]},
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "/ecs/web",
                    "awslogs-region": "ap-northeast-1",
                    "awslogs-stream-prefix": "ecs",
                },
            },
        }
    ],
    "deployment": DEPLOYMENT,
}


def changed(**fields: Any) -> dict[str, Any]:
    """The definition with other values in its container."""
    definition = copy.deepcopy(DEFINITION)
    definition["containers"][0].update(fields)
    return definition


def test_a_difference_registers_a_revision_and_keeps_the_last(cloud: Cloud, run_module: Runner) -> None:
    assert run_module.applied(MODULE, DEFINITION)["task_definition"]["revision"] == 1
    other = changed(environment=[{"name": "B", "value": "36"}])
    predicted = run_module.checked(MODULE, other)["task_definition"]
    assert predicted["arn"] == "(known after apply: task definition arn)"
    done = run_module.applied(MODULE, other)
    assert done["task_definition"]["revision"] == 2
    assert done["changes"] == {
        "containers[web].environment.A": {"before": "true", "after": None},
        "containers[web].environment.B": {"before": "35", "after": "36"},
    }
    assert len(cloud.client("ecs").list_task_definitions(familyPrefix=FAMILY)["taskDefinitionArns"]) == 2


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"cpu": "512", "memory": "1024"}, "cpu"),
        ({"execution_role_arn": "arn:aws:iam::123456789012:role/other"}, "execution_role_arn"),
        ({"task_role_arn": ""}, "task_role_arn"),
        ({"runtime_platform": {"cpu_architecture": "ARM64"}}, "runtime_platform.cpu_architecture"),
        ({"ephemeral_storage": 40}, "ephemeral_storage"),
        ({"containers": [{"name": "web", "image": "x"}]}, "containers[web].image"),
        ({"volumes": [{"name": "scratch"}, {"name": "more"}]}, "volumes"),
    ],
)
def test_every_field_counts(run_module: Runner, options: dict[str, Any], field: str) -> None:
    run_module(MODULE, DEFINITION)
    assert field in run_module.applied(MODULE, {**DEFINITION, **options})["changes"]


def test_order_and_defaults_do_not_count(run_module: Runner) -> None:
    run_module(MODULE, DEFINITION)
    environment = list(reversed(DEFINITION["containers"][0]["environment"]))
    mapping = {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}
    same = changed(environment=environment, portMappings=[mapping], essential=True, cpu=0, command=[])
    run_module.unchanged(MODULE, same)


def test_tags_alone_need_no_revision(run_module: Runner) -> None:
    run_module(MODULE, DEFINITION)
    drifted(run_module, MODULE, {**DEFINITION, "tags": {"cost": "center"}}, {"tags"})
    assert run_module(MODULE, DEFINITION)["task_definition"]["revision"] == 1


def test_what_is_not_managed_is_taken_over(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, DEFINITION)
    run_module(MODULE, {"family": FAMILY, "cpu": "512", "memory": "1024"})
    found = cloud.client("ecs").describe_task_definition(taskDefinition=FAMILY)["taskDefinition"]
    assert found["revision"] == 2
    assert found["taskRoleArn"] == DEFINITION["task_role_arn"]
    assert found["containerDefinitions"][0]["image"] == DEFINITION["containers"][0]["image"]


def test_adopted_and_every_revision_ended(cloud: Cloud, run_module: Runner) -> None:
    run_module(MODULE, {**DEFINITION, "deployment": None})
    adopted(run_module, MODULE, DEFINITION)
    run_module(MODULE, changed(image="other"))
    ended(run_module, MODULE, DEFINITION)
    assert cloud.client("ecs").list_task_definitions(familyPrefix=FAMILY)["taskDefinitionArns"] == []


def test_containers_are_needed_to_register(run_module: Runner) -> None:
    with pytest.raises(AssertionError, match="containers is needed"):
        run_module(MODULE, {"family": FAMILY})
