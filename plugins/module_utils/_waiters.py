# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Waiters: one table of what is waited for, how often it is asked, and how long at most.

A row names boto3's own waiter or describes one in botocore's waiter model version 2
(https://docs.aws.amazon.com/boto3/latest/guide/clients.html#waiters). The first question is asked at once.
C(delay) is in seconds; C(attempts) times C(delay) is the limit.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule says plainly that boto3 is missing.
    from botocore.waiter import WaiterModel, create_waiter_with_client


@dataclass(frozen=True)
class Wait:
    """One row. C(native) is the name of boto3's waiter; otherwise C(operation) and C(acceptors) describe ours."""

    delay: int
    attempts: int
    native: str = ""
    operation: str = ""
    acceptors: tuple[dict[str, Any], ...] = ()


def _path(argument: str, expected: Any, state: str = "success", matcher: str = "path") -> dict[str, Any]:
    return {"state": state, "matcher": matcher, "argument": argument, "expected": expected}


def _error(code: str, state: str = "success") -> dict[str, Any]:
    return {"state": state, "matcher": "error", "expected": code}


# Limits: at least three times what public records show AWS to take. tfp: issues of hashicorp/terraform-provider-aws.
WAITS: dict[str, Wait] = {
    # States: API_VpcEndpoint. An interface endpoint took 1-2 min, a change of one 227 s (tfp 46800, 44824).
    "vpc_endpoint_available": Wait(
        5, 120, operation="DescribeVpcEndpoints",
        acceptors=(
            _path("VpcEndpoints[].State", "available", matcher="pathAll"),
            *(_path("VpcEndpoints[].State", bad, "failure", "pathAny") for bad in ("failed", "rejected", "expired")),
        ),
    ),
    # A gateway endpoint took 6-7 s (9 public logs). Nothing was found of an interface endpoint: as for making one.
    "vpc_endpoint_deleted": Wait(
        5, 120, operation="DescribeVpcEndpoints",
        acceptors=(
            _path("VpcEndpoints[].State", "deleted", matcher="pathAll"),
            _error("InvalidVpcEndpointId.NotFound"),
            _path("length(VpcEndpoints)", 0),
        ),
    ),
    # 90 s for the first function of a subnet and group (awsdocs/aws-lambda-developer-guide 326). boto3's waiter goes on
    # asking after 'Inactive', which lasts: nobody has invoked the function for weeks, and the next one who does, or an
    # update, wakes it (Lambda guide, 'Lambda function states').
    "lambda_function_active": Wait(
        2, 150, operation="GetFunction",
        acceptors=(
            _path("Configuration.State", "Failed", "failure"),
            _path("Configuration.State", "Active"),
            _path("Configuration.State", "Inactive"),
        ),
    ),
    # 2-6 s for a change, 'several minutes' for one of the network (Lambda guide, VPC).
    "lambda_function_updated": Wait(2, 300, native="function_updated_v2"),
    # Until it takes an update: meanwhile each is refused (ResourceConflictException; Lambda guide, as above). How an
    # earlier change ended does not matter, the update is what mends it.
    "lambda_function_at_rest": Wait(
        2, 300, operation="GetFunction",
        acceptors=(
            _path("Configuration.State!='Pending' && (Configuration.LastUpdateStatus||'')!='InProgress'", True),
        ),
    ),
    # 5-27 s to make, 2-9 s to delete (11 public Terraform logs); a change of the key or the class takes longer.
    "dynamodb_table_exists": Wait(2, 90, native="table_exists"),
    "dynamodb_table_not_exists": Wait(2, 90, native="table_not_exists"),
    # Deletion 2 s - 2 m 33 (8 public logs).
    "load_balancers_deleted": Wait(5, 100, native="load_balancers_deleted"),
    # A service drains for 2 m 40 to more than 10 min, as long as its target group's deregistration delay
    # (tfp 3414, 17548); a task of its cluster stops within its stopTimeout, 2 min at most on Fargate.
    "ecs_services_inactive": Wait(5, 180, native="services_inactive"),
    "ecs_tasks_stopped": Wait(2, 150, native="tasks_stopped"),
    # boto3's load_balancer_available goes on asking after 'failed'. Until active 2 m 19 - 3 m 10 (8 public logs).
    "load_balancer_active": Wait(
        5, 120, operation="DescribeLoadBalancers",
        acceptors=(
            _path("LoadBalancers[].State.Code", "failed", "failure", "pathAny"),
            _path("length(LoadBalancers[?State.Code=='provisioning'])", 0),
        ),
    ),
    # DeleteLoadBalancer frees its target groups 2 s - 2 m 33 later (8 public logs; terraform-provider-aws retries 2 m).
    "target_group_unused": Wait(
        2, 90, operation="DescribeTargetGroups", acceptors=(_path("length(TargetGroups[].LoadBalancerArns[])", 0),)
    ),
    # Attaching capacity providers took about 24 s (terraform-provider-aws 22672).
    "ecs_cluster_ready": Wait(
        2, 60, operation="DescribeClusters",
        acceptors=(
            _path("clusters[].status", "FAILED", "failure", "pathAny"),
            _path("clusters[].attachmentsStatus", "UPDATE_FAILED", "failure", "pathAny"),
            _path("length(clusters[?status!='ACTIVE' || attachmentsStatus=='UPDATE_IN_PROGRESS'])", 0),
        ),
    ),
    # boto3's services_stable waits on for a deployment that ECS gave up. A rolling deployment took 4-8 min, one
    # whose tasks cannot pull their image about 4.5 min a task (terraform-provider-aws 20707, 3414), and the circuit
    # breaker waits for three: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
    "ecs_service_deployed": Wait(
        5, 240, operation="DescribeServices",
        acceptors=(
            _path("services[].deployments[?status=='PRIMARY'][].rolloutState", "FAILED", "failure", "pathAny"),
            _path("services[].status", "INACTIVE", "failure", "pathAny"),
            _path(
                "length(services[?!(length(deployments)==`1` && runningCount==desiredCount"
                " && deployments[0].rolloutState!='IN_PROGRESS')])", 0,
            ),
        ),
    ),
    # 'ContinuousBackupsStatus will be ENABLED on all tables at table creation' (DescribeContinuousBackups); it was
    # seen to take up to 10 min in 2018 (terraform-provider-aws 4063).
    "dynamodb_backups_ready": Wait(
        5, 120, operation="DescribeContinuousBackups",
        acceptors=(_path("ContinuousBackupsDescription.ContinuousBackupsStatus", "ENABLED"),),
    ),
    # The awslogs driver hands the last lines over when the container ends. No figure is published for how soon
    # CloudWatch Logs shows them; only a failed verification waits for it, so not for long.
    "log_stream_written": Wait(
        1, 15, operation="GetLogEvents",
        acceptors=(_path("length(events) > `0`", True), _error("ResourceNotFoundException", "retry")),
    ),
    # 'you might receive a "does not exist" error' for what was just made: EC2 API guide, 'Eventual consistency', which
    # advises to wait with backoff up to 'a few minutes'; IAM user guide, 'Changes that I make are not always
    # immediately visible'. boto3's own waiters ask 6 and 20 times.
    "security_group_exists": Wait(1, 60, native="security_group_exists"),
    "iam_role_exists": Wait(1, 30, native="role_exists"),
}  # fmt: skip


def wait(client: Any, name: str, limit_seconds: int = 0, **kwargs: Any) -> None:
    """Wait for a row of the table, at most C(limit_seconds) where given instead of the row's own limit.

    Raises botocore's WaiterError when the limit is reached or AWS reports failure.
    """
    row = WAITS[name]
    attempts = max(1, limit_seconds // row.delay) if limit_seconds else row.attempts
    if row.native:
        waiter = client.get_waiter(row.native)
    else:
        config = {"operation": row.operation, "delay": row.delay, "maxAttempts": attempts,
                  "acceptors": list(row.acceptors)}  # fmt: skip
        waiter = create_waiter_with_client(name, WaiterModel({"version": 2, "waiters": {name: config}}), client)
    waiter.wait(WaiterConfig={"Delay": row.delay, "MaxAttempts": attempts}, **kwargs)
