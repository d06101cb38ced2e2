# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The resource of the module ecs_service, and what a deployment that failed says.

Field names are the module's options; C(deployment_configuration) stands flat, one field a key.
"""

from __future__ import annotations

import contextlib
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule says plainly that boto3 is missing.
    from botocore.exceptions import WaiterError

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.private_rag.aws.plugins.module_utils._ecs import (
    network_request,
    set_tags,
    stopped_reasons,
    strategy_of,
    strategy_request,
    tags_of,
    tags_request,
    wanted_strategy,
)
from ansible_collections.private_rag.aws.plugins.module_utils._fields import flat, given, given_sets, wanted_values
from ansible_collections.private_rag.aws.plugins.module_utils._reconcile import (
    Changes,
    ReconcileError,
    Resource,
    State,
)
from ansible_collections.private_rag.aws.plugins.module_utils._retries import patiently
from ansible_collections.private_rag.aws.plugins.module_utils._waiters import wait

# Field -> the argument of CreateService and UpdateService, and the key of DescribeServices:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
SIMPLE = {
    "task_definition": "taskDefinition",
    "platform_version": "platformVersion",
    "health_check_grace_period": "healthCheckGracePeriodSeconds",
    "availability_zone_rebalancing": "availabilityZoneRebalancing",
    "enable_execute_command": "enableExecuteCommand",
    "propagate_tags": "propagateTags",
    "enable_ecs_managed_tags": "enableECSManagedTags",
}
# What DescribeServices means where it leaves a key out.
DEFAULTS = {
    "platform_version": "LATEST",
    "health_check_grace_period": 0,
    "availability_zone_rebalancing": "DISABLED",
    "enable_execute_command": False,
    "propagate_tags": "NONE",
    "enable_ecs_managed_tags": False,
}
NETWORK = ("subnet_ids", "security_group_ids", "assign_public_ip")
BREAKER = "deployment_configuration.circuit_breaker"
ALARMS = "deployment_configuration.alarms"
LAST_EVENTS = 5


class Service(Resource):
    kind = "ECS service"
    key = "service"
    identity = ("cluster", "name")
    computed = {"arn": "service arn"}

    def desired(self) -> State:
        state = {
            **given(self.params, "name", "cluster", "desired_count", "assign_public_ip", *SIMPLE),
            **given_sets(self.params, "subnet_ids", "security_group_ids"),
            **flat("deployment_configuration", self.params["deployment_configuration"]),
            **self.tags(),
        }
        if f"{ALARMS}.alarm_names" in state:
            state[f"{ALARMS}.alarm_names"] = sorted(set(state[f"{ALARMS}.alarm_names"]))
        if self.params["capacity_provider_strategy"] is not None:
            state["capacity_provider_strategy"] = wanted_strategy(self.params["capacity_provider_strategy"])
        if self.params["load_balancers"] is not None:
            state["load_balancers"] = sorted(self.params["load_balancers"], key=_target)
        return state

    def read(self) -> State | None:
        found = self._describe()
        # A deleted service drains, is INACTIVE for a while, then MISSING: API_DeleteService.
        draining = found is not None and found["status"] == "DRAINING"
        if found is None or found["status"] == "INACTIVE" or (draining and self.params["state"] == "present"):
            return None
        return state_of(found, self.params["cluster"])

    def create(self, desired: State) -> None:
        if not desired.get("task_definition"):
            raise ReconcileError(f"{self.label} does not exist: task_definition is needed to create it")
        found = self._describe()
        if found is not None and found["status"] == "DRAINING":
            # CreateService refuses the name meanwhile ('Unable to Start a service that is still Draining').
            self._wait_inactive()
        count = {"desiredCount": desired["desired_count"]} if "desired_count" in desired else {}
        fields = [field for field in desired if field != "tags"]
        patiently("ecs_service_creatable", self.client("ecs").create_service)(
            cluster=desired["cluster"],
            serviceName=desired["name"],
            **count,
            **request_of(fields, {**_EMPTY_NETWORK, **desired}),
            **tags_request(desired.get("tags")),
        )

    def update(self, current: State, changes: Changes) -> None:
        ecs, fields = self.client("ecs"), [field for field in changes if field != "tags"]
        if fields:
            ecs.update_service(
                cluster=self.params["cluster"],
                service=current["name"],
                **request_of(fields, {**current, **wanted_values(changes)}),
                # Otherwise refused: 'making a change to a capacity provider strategy ... you must force a new
                # deployment' (InvalidParameterException of UpdateService).
                **({"forceNewDeployment": True} if "capacity_provider_strategy" in changes else {}),
            )
        if "tags" in changes:
            set_tags(ecs, current["arn"], changes["tags"])

    def delete(self, current: State) -> None:
        if current["status"] != "DRAINING":
            # force deletes it with its tasks, without scaling it to 0 first: API_DeleteService.
            delete = patiently("ecs_service_deletable", self.client("ecs").delete_service)
            delete(cluster=self.params["cluster"], service=current["name"], force=True)
        self._wait_inactive()

    def differences(self, current: State, desired: State) -> Changes:
        changes = super().differences(current, desired)
        changes.pop("desired_count", None)
        return changes

    def settled(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result once the deployment is complete. Raises ReconcileError where ECS gave it up or rolled it back."""
        wanted = self.params["state"] == "present" and self.params["wait"] and not self.module.check_mode
        if not wanted or not result["service"]:
            return result
        place = {"cluster": self.params["cluster"], "services": [self.params["name"]]}
        try:
            wait(self.client("ecs"), "ecs_service_deployed", **place)
        except WaiterError as error:
            raise ReconcileError(self._failure(str(error))) from error
        now = self.read() or {}
        # The circuit breaker ends on the last deployment that completed, which is steady too.
        undone = {field: found for field, (found, _wanted) in self.differences(now, self.desired()).items()}
        if undone:
            raise ReconcileError(self._failure(f"ECS went back to the deployment before it, with {undone}"))
        return {**result, "service": now}

    def _describe(self) -> dict[str, Any] | None:
        try:
            answer = self.client("ecs").describe_services(
                cluster=self.params["cluster"], services=[self.params["name"]], include=["TAGS"]
            )
        except is_boto3_error_code("ClusterNotFoundException"):
            return None
        return next(iter(answer["services"]), None)

    def _wait_inactive(self) -> None:
        place = {"cluster": self.params["cluster"], "services": [self.params["name"]]}
        wait(self.client("ecs"), "ecs_services_inactive", **place)

    def _failure(self, why: str) -> str:
        found = self._describe() or {}
        stopped = stopped_reasons(self.client("ecs"), self.params["cluster"], self.params["name"])
        return failure_message(self.label, why, found, stopped)


_EMPTY_NETWORK: State = {"subnet_ids": [], "security_group_ids": [], "assign_public_ip": False}


def state_of(found: dict[str, Any], cluster: str) -> State:
    """A service of DescribeServices as fields."""
    network = found.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    balancers = [
        {
            "target_group_arn": item.get("targetGroupArn", ""),
            "container_name": item.get("containerName", ""),
            "container_port": item.get("containerPort"),
        }
        for item in found.get("loadBalancers", [])
    ]
    return {
        "name": found["serviceName"],
        "arn": found["serviceArn"],
        "cluster": cluster,
        "status": found["status"],
        "desired_count": found["desiredCount"],
        "running_count": found["runningCount"],
        **{field: found.get(key, DEFAULTS.get(field)) for field, key in SIMPLE.items()},
        "capacity_provider_strategy": strategy_of(found.get("capacityProviderStrategy")),
        "subnet_ids": sorted(network.get("subnets", [])),
        "security_group_ids": sorted(network.get("securityGroups", [])),
        "assign_public_ip": network.get("assignPublicIp") == "ENABLED",
        "load_balancers": sorted(balancers, key=_target),
        **_deployment_of(found.get("deploymentConfiguration", {})),
        "tags": tags_of(found.get("tags")),
    }


def _deployment_of(found: dict[str, Any]) -> State:
    # The defaults of a rolling deployment: API_DeploymentConfiguration.
    breaker, alarms = found.get("deploymentCircuitBreaker", {}), found.get("alarms", {})
    return {
        "deployment_configuration.minimum_healthy_percent": found.get("minimumHealthyPercent", 100),
        "deployment_configuration.maximum_percent": found.get("maximumPercent", 200),
        f"{BREAKER}.enable": breaker.get("enable", False),
        f"{BREAKER}.rollback": breaker.get("rollback", False),
        f"{ALARMS}.alarm_names": sorted(alarms.get("alarmNames", [])),
        f"{ALARMS}.enable": alarms.get("enable", False),
        f"{ALARMS}.rollback": alarms.get("rollback", False),
    }


def request_of(fields: list[str], values: State) -> dict[str, Any]:
    """The arguments of CreateService and UpdateService for C(fields); a structure is sent whole, from C(values)."""
    request = {key: values[field] for field, key in SIMPLE.items() if field in fields}
    if "capacity_provider_strategy" in fields:
        request["capacityProviderStrategy"] = strategy_request(values["capacity_provider_strategy"])
    if set(NETWORK) & set(fields):
        request["networkConfiguration"] = network_request(*(values[field] for field in NETWORK))
    if "load_balancers" in fields:
        request["loadBalancers"] = [
            {
                "targetGroupArn": item["target_group_arn"],
                "containerName": item["container_name"],
                "containerPort": item["container_port"],
            }
            for item in values["load_balancers"]
        ]
    if any(field.startswith("deployment_configuration.") for field in fields):
        request["deploymentConfiguration"] = _deployment_request(values)
    return request


def _deployment_request(values: State) -> dict[str, Any]:
    prefix, request = "deployment_configuration", {}
    for field, key in (("minimum_healthy_percent", "minimumHealthyPercent"), ("maximum_percent", "maximumPercent")):
        if f"{prefix}.{field}" in values:
            request[key] = values[f"{prefix}.{field}"]
    if f"{BREAKER}.enable" in values:
        breaker = {key: values[f"{BREAKER}.{key}"] for key in ("enable", "rollback")}
        request["deploymentCircuitBreaker"] = breaker
    if values.get(f"{ALARMS}.alarm_names"):
        alarms = {key: values[f"{ALARMS}.{key}"] for key in ("enable", "rollback")}
        request["alarms"] = {"alarmNames": values[f"{ALARMS}.alarm_names"], **alarms}
    elif values.get(f"{ALARMS}.alarm_names") == []:
        request["alarms"] = {"alarmNames": [], "enable": False, "rollback": False}
    return request


def _target(item: dict[str, Any]) -> tuple[str, str, int]:
    return item["target_group_arn"], item["container_name"], item["container_port"]


def failure_message(label: str, why: str, found: dict[str, Any], stopped: list[str]) -> str:
    """Why a deployment did not complete: ECS's reason, the service's last events, the stopped tasks' reasons."""
    reasons = [item.get("rolloutStateReason") for item in found.get("deployments", [])]
    reasons = [reason for reason in reasons if reason]
    events = [event["message"] for event in found.get("events", [])[:LAST_EVENTS]]
    parts = [f"The deployment of {label} did not complete: {why}."]
    parts += [f"{title}: {' | '.join(items)}." for title, items in (
        ("ECS says", reasons), ("Last events", events), ("Tasks stopped because", stopped)
    ) if items]  # fmt: skip
    return " ".join(parts)
