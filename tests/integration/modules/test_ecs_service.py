"""ecs_service: every field, deployments that complete and that do not, ownership, the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.integration.cloud import ACCOUNT, REGION, Cloud
from tests.integration.modules.life import DEPLOYMENT, adopted, drifted, ended, group, network
from tests.integration.running import Runner

MODULE, NAME, CLUSTER = "ecs_service", "ChatbotFrontendServiceTest", "ChatbotFrontendClusterTest"


def definition(cloud: Cloud, image: str) -> str:
    """A revision of the task definition: its ARN."""
    made = cloud.client("ecs").register_task_definition(
        family="web",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "web", "image": image, "portMappings": [{"containerPort": 8080}]}],
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


@pytest.fixture
def service(cloud: Cloud) -> dict[str, Any]:
    """Every option of a service behind a load balancer. It does not wait."""
    vpc, subnets, first = network(cloud)
    elbv2 = cloud.client("elbv2")
    balancer = elbv2.create_load_balancer(Name="web", Subnets=subnets, SecurityGroups=[first])["LoadBalancers"][0]
    target = elbv2.create_target_group(Name="web", Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="ip")
    target_arn = target["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target_arn}]
    arn = balancer["LoadBalancerArn"]
    elbv2.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    cloud.client("ecs").create_cluster(clusterName=CLUSTER, capacityProviders=["FARGATE", "FARGATE_SPOT"])
    return {
        "name": NAME,
        "cluster": CLUSTER,
        "task_definition": definition(cloud, "web:1"),
        "desired_count": 1,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE", "base": 0, "weight": 1}],
        "platform_version": "LATEST",
        "subnet_ids": subnets,
        "security_group_ids": [first],
        "assign_public_ip": False,
        "load_balancers": [{"target_group_arn": target_arn, "container_name": "web", "container_port": 8080}],
        "health_check_grace_period": 120,
        "availability_zone_rebalancing": "ENABLED",
        "deployment_configuration": {
            "minimum_healthy_percent": 100,
            "maximum_percent": 200,
            "circuit_breaker": {"enable": True, "rollback": True},
        },
        "enable_execute_command": False,
        "propagate_tags": "SERVICE",
        "enable_ecs_managed_tags": True,
        "deployment": DEPLOYMENT,
        "wait": False,
    }


def report(cloud: Cloud, task: str, revision: str, target: str, **fields: Any) -> None:
    """Say that a task of the service has come so far; its target is healthy while it runs."""
    running = fields.get("lastStatus") == "RUNNING"
    body = {
        "taskArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/{CLUSTER}/{task}",
        "clusterArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{CLUSTER}",
        "group": f"service:{NAME}",
        "taskDefinitionArn": revision,
        "desiredStatus": "RUNNING" if running else "STOPPED",
        "healthStatus": "HEALTHY" if running else "UNKNOWN",
        "containers": [{"name": "web", "lastStatus": fields.get("lastStatus")}],
        "attachments": [
            {"type": "ElasticNetworkInterface", "details": [{"name": "privateIPv4Address", "value": "10.20.0.9"}]}
        ],
        **fields,
    }
    state = [{"id": "10.20.0.9", "port": 8080, "state": "healthy", "reason": "", "description": ""}] if running else []
    cloud.put("/_local/elbv2/health", {target: state})
    cloud.put(f"/_local/ecs/tasks/{task}", body)


def primary(cloud: Cloud, revision: str) -> str:
    """The id of the service's newest deployment, as soon as it is of this revision."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for service in cloud.client("ecs").describe_services(cluster=CLUSTER, services=[NAME])["services"]:
            newest = service["deployments"][0]
            if newest["taskDefinition"] == revision:
                return str(newest["id"])
        threading.Event().wait(0.1)
    raise AssertionError(f"no deployment of {revision}")


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do the work in another thread while the module waits."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_every_field_is_put_right(cloud: Cloud, run_module: Runner, service: dict[str, Any]) -> None:
    made = run_module.applied(MODULE, service)["service"]
    ecs = cloud.client("ecs")
    subnets = cloud.client("ec2").describe_subnets(SubnetIds=service["subnet_ids"])["Subnets"]
    vpc = subnets[0]["VpcId"]
    ecs.update_service(
        cluster=CLUSTER,
        service=NAME,
        taskDefinition=definition(cloud, "web:2"),
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        platformVersion="1.4.0",
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": service["subnet_ids"][:1],
                "securityGroups": [group(cloud, vpc, "second")],
                "assignPublicIp": "ENABLED",
            }
        },
        healthCheckGracePeriodSeconds=5,
        availabilityZoneRebalancing="DISABLED",
        deploymentConfiguration={
            "minimumHealthyPercent": 50,
            "maximumPercent": 150,
            "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        },
        enableExecuteCommand=True,
        propagateTags="TASK_DEFINITION",
        enableECSManagedTags=False,
        forceNewDeployment=True,
    )
    ecs.tag_resource(resourceArn=made["arn"], tags=[{"key": "by", "value": "hand"}])
    simple = service.keys() - {
        *("name", "cluster", "desired_count", "load_balancers", "deployment_configuration", "deployment", "wait")
    }
    deployment = ("minimum_healthy_percent", "maximum_percent", "circuit_breaker.enable", "circuit_breaker.rollback")
    fields = {*simple, *(f"deployment_configuration.{field}" for field in deployment), "tags"}
    drifted(run_module, MODULE, service, fields)


def test_the_desired_count_is_auto_scalings(cloud: Cloud, run_module: Runner, service: dict[str, Any]) -> None:
    assert run_module(MODULE, service)["service"]["desired_count"] == 1
    cloud.client("ecs").update_service(cluster=CLUSTER, service=NAME, desiredCount=3)
    assert run_module.unchanged(MODULE, service)["service"]["desired_count"] == 3
    run_module.applied(MODULE, {**service, "health_check_grace_period": 60})
    assert run_module.unchanged(MODULE, {**service, "health_check_grace_period": 60})["service"]["desired_count"] == 3


FAILED = {"lastStatus": "STOPPED", "stopCode": "TaskFailedToStart"}


def test_it_waits_until_the_deployment_is_complete(cloud: Cloud, run_module: Runner, service: dict[str, Any]) -> None:
    target, revision = service["load_balancers"][0]["target_group_arn"], service["task_definition"]

    def start() -> None:
        report(cloud, "a" * 32, revision, target, lastStatus="RUNNING", startedBy=primary(cloud, revision))

    with meanwhile(start):
        done = run_module(MODULE, {**service, "wait": True})
    assert done["service"]["running_count"] == 1
    run_module.unchanged(MODULE, {**service, "wait": True})


def test_a_deployment_given_up_is_told_with_reasons(cloud: Cloud, run_module: Runner, service: dict[str, Any]) -> None:
    target, revision = service["load_balancers"][0]["target_group_arn"], service["task_definition"]
    why = "CannotPullContainerError: web:1: not found"

    def fail() -> None:
        deployment = primary(cloud, revision)
        for letter in "abc":
            report(cloud, letter * 32, revision, target, **FAILED, stoppedReason=why, startedBy=deployment)

    with meanwhile(fail), pytest.raises(AssertionError, match="did not complete") as failure:
        run_module(MODULE, {**service, "wait": True})
    assert f"Tasks stopped because: {why}." in str(failure.value)
    assert "ECS says" in str(failure.value)


def test_a_deployment_rolled_back_is_a_failure(cloud: Cloud, run_module: Runner, service: dict[str, Any]) -> None:
    target, old = service["load_balancers"][0]["target_group_arn"], service["task_definition"]
    run_module(MODULE, service)
    report(cloud, "a" * 32, old, target, lastStatus="RUNNING", startedBy=primary(cloud, old))
    new = definition(cloud, "web:2")
    containers = [{"name": "web", "lastStatus": "STOPPED", "exitCode": 3}]

    def fail() -> None:
        deployment = primary(cloud, new)
        for letter in "bcd":
            fields = {**FAILED, "containers": containers, "startedBy": deployment}
            report(cloud, letter * 32, new, target, stoppedReason="Essential container in task exited", **fields)
        back = primary(cloud, old)
        report(cloud, "a" * 32, old, target, lastStatus="STOPPED", stopCode="ServiceSchedulerInitiated")
        report(cloud, "e" * 32, old, target, lastStatus="RUNNING", startedBy=back)

    with meanwhile(fail), pytest.raises(AssertionError, match="went back to the deployment before") as failure:
        run_module(MODULE, {**service, "task_definition": new, "wait": True})
    assert "web: exit code 3" in str(failure.value)


def test_adopted_ended_and_made_again(run_module: Runner, service: dict[str, Any]) -> None:
    run_module(MODULE, {**service, "deployment": None})
    adopted(run_module, MODULE, service)
    ended(run_module, MODULE, service)
    assert run_module.applied(MODULE, service)["action"] == "create"


def test_predicted_before_its_cluster_exists(run_module: Runner) -> None:
    wanted = {
        "name": NAME,
        "cluster": "none-yet",
        "task_definition": "(known after apply: task definition arn)",
        "subnet_ids": ["(known after apply: subnet id)"],
        "deployment": DEPLOYMENT,
    }
    assert run_module.checked(MODULE, wanted)["action"] == "create"
    assert run_module.unchanged(MODULE, {"name": NAME, "cluster": "none-yet", "state": "absent"})["service"] == {}
