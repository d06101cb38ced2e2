# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Container definitions: what AWS fills in or reorders is no difference."""

from __future__ import annotations

from ansible_collections.private_rag.aws.plugins.module_utils._task_definition import (
    as_sent,
    container_fields,
    volumes_of,
)

SENT = {
    "name": "web",
    "image": "web:1",
    "memory": "512",
    "portMappings": [{"containerPort": "8080"}],
    "environment": [{"name": "B", "value": 2}, {"name": "A", "value": True}],
    "secrets": [{"name": "S", "valueFrom": "arn"}],
    "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/tmp"}],
    "healthCheck": {"command": ["CMD", "true"]},
    "linuxParameters": {"capabilities": {"drop": ["NET_RAW", "ALL"]}},
}
# As DescribeTaskDefinition tells it.
FOUND = {
    **SENT,
    "cpu": 0,
    "essential": True,
    "memory": 512,
    "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}],
    "environment": [{"name": "A", "value": "true"}, {"name": "B", "value": "2"}],
    "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/tmp", "readOnly": False}],
    "healthCheck": {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3},
    "linuxParameters": {"capabilities": {"add": [], "drop": ["ALL", "NET_RAW"]}, "devices": []},
    "volumesFrom": [],
    "systemControls": [],
}


def test_what_aws_fills_in_is_no_difference() -> None:
    assert container_fields([SENT], "awsvpc") == container_fields([FOUND], "awsvpc")


def test_environment_and_secrets_have_a_field_for_each_name() -> None:
    fields = container_fields([SENT], "awsvpc")
    assert fields["containers[web].environment.A"] == "true"
    assert fields["containers[web].secrets.S"] == "arn"
    assert "containers[web].name" not in fields


def test_a_host_port_counts_outside_awsvpc() -> None:
    other = {**SENT, "portMappings": [{"containerPort": 8080, "hostPort": 80}]}
    assert container_fields([SENT], "bridge") != container_fields([other], "bridge")


def test_what_is_sent_has_awss_types() -> None:
    sent = as_sent({**SENT, "logConfiguration": {"options": {"mode": True, "max": 3, "none": None}}, "links": []})
    assert sent["memory"] == 512
    assert sent["environment"] == [{"name": "B", "value": "2"}, {"name": "A", "value": "true"}]
    assert sent["logConfiguration"] == {"options": {"mode": "true", "max": "3"}}
    assert "links" not in sent
    assert SENT["memory"] == "512"


def test_volumes_by_name_without_awss_empty_host() -> None:
    assert volumes_of([{"name": "b", "host": {}}, {"name": "a"}]) == [{"name": "a"}, {"name": "b"}]
    assert volumes_of(None) == []
