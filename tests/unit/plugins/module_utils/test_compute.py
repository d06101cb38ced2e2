# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Services, tables and tasks: what is read, what is sent, what a failure says."""

from __future__ import annotations

from ansible_collections.private_rag.aws.plugins.module_utils._dynamodb_table import (
    AWS_MANAGED_KEY,
    billing_request,
    encryption_request,
)
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import why_stopped
from ansible_collections.private_rag.aws.plugins.module_utils._ecs_service import (
    failure_message,
    request_of,
    state_of,
)
from ansible_collections.private_rag.aws.plugins.module_utils._ecs_task import override

FOUND = {"serviceName": "web", "serviceArn": "arn", "status": "ACTIVE", "desiredCount": 1, "runningCount": 1}
PREFIX = "deployment_configuration"


def test_what_describe_services_leaves_out_has_its_default() -> None:
    state = state_of(FOUND, "cluster")
    assert state["platform_version"] == "LATEST"
    assert state[f"{PREFIX}.maximum_percent"] == 200
    assert state[f"{PREFIX}.circuit_breaker.enable"] is False
    assert state["load_balancers"] == []


def test_a_structure_is_sent_whole_and_nothing_else() -> None:
    state = {**state_of(FOUND, "cluster"), f"{PREFIX}.maximum_percent": 150}
    request = request_of([f"{PREFIX}.maximum_percent"], state)
    assert request == {
        "deploymentConfiguration": {
            "minimumHealthyPercent": 100,
            "maximumPercent": 150,
            "deploymentCircuitBreaker": {"enable": False, "rollback": False},
            "alarms": {"alarmNames": [], "enable": False, "rollback": False},
        }
    }
    assert "desiredCount" not in request_of(list(state), state)


def test_alarms_are_sent_by_name() -> None:
    alarms = {"alarm_names": ["errors"], "enable": True, "rollback": True}
    values = {f"{PREFIX}.alarms.{key}": value for key, value in alarms.items()}
    wanted = {"alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}}
    assert request_of([f"{PREFIX}.alarms.alarm_names"], values) == {"deploymentConfiguration": wanted}


def test_a_failure_quotes_ecs() -> None:
    found = {
        "deployments": [{"rolloutStateReason": "circuit breaker"}],
        "events": [{"message": f"event {number}"} for number in range(9)],
    }
    message = failure_message("ECS service web", "it was given up", found, ["no such image"])
    assert message == (
        "The deployment of ECS service web did not complete: it was given up. ECS says: circuit breaker. "
        "Last events: event 0 | event 1 | event 2 | event 3 | event 4. Tasks stopped because: no such image."
    )
    assert failure_message("x", "why", {}, []) == "The deployment of x did not complete: why."


def test_why_a_task_stopped() -> None:
    containers = [
        {"name": "web", "exitCode": 3},
        {"name": "log", "reason": "OutOfMemory"},
        {"name": "ok", "exitCode": 0},
    ]
    task = {"stoppedReason": "Essential container in task exited", "containers": containers}
    assert why_stopped(task) == "Essential container in task exited; web: exit code 3; log: OutOfMemory"
    assert why_stopped({}) == ""


def test_an_override_says_only_what_was_given() -> None:
    assert override("web", None, {}) == {"name": "web"}
    assert override("web", [], {"B": 1, "A": "x"}) == {
        "name": "web",
        "command": [],
        "environment": [{"name": "A", "value": "x"}, {"name": "B", "value": "1"}],
    }


def test_the_managed_key_is_never_named() -> None:
    assert encryption_request("") == {"Enabled": False}
    assert encryption_request(AWS_MANAGED_KEY) == {"Enabled": True, "SSEType": "KMS"}
    assert encryption_request("arn") == {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn"}


def test_capacity_goes_with_provisioned_billing_only() -> None:
    fields = {"billing_mode": "PAY_PER_REQUEST", "read_capacity": 1, "write_capacity": 2}
    assert billing_request(fields) == {"BillingMode": "PAY_PER_REQUEST"}
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}
    wanted = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}
    assert billing_request({**fields, "billing_mode": "PROVISIONED"}) == wanted
