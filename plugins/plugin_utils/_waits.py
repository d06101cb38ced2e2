# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an operator is told about each wait: what for, and how long AWS usually takes over it.

Keys are the rows of module_utils/_waiters.py. Seconds are medians of what public records show: (O) observed in public
logs, (D) documented, (P) a practitioner's word, (A) assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Told(NamedTuple):
    """C(usual) in seconds; 0 where nothing is known."""

    what: str
    usual: int


WAITS = {
    "vpc_endpoint_available": Told("the VPC endpoint to become available", 70),  # (P) terraform-provider-aws 46800
    "vpc_endpoint_deleted": Told("the VPC endpoint to go", 60),  # (A) as creation
    "lambda_function_active": Told("the function to become active", 90),  # (P) awsdocs/aws-lambda-developer-guide 326
    "lambda_function_at_rest": Told("the function to end what it is at", 4),  # (O) as an update
    "lambda_function_updated": Told("the function to take its update", 4),  # (O) AviatrixSystems/Docs 1207
    "dynamodb_table_exists": Told("the table to become active", 12),  # (O) 11 public logs
    "dynamodb_table_not_exists": Told("the table to go", 8),  # (O) public logs
    "dynamodb_backups_ready": Told("the table's backups to be ready", 0),  # (D) at once, seen to take minutes
    "load_balancer_active": Told("the load balancer to become active", 166),  # (O) turbot/steampipe-plugin-aws 792
    "load_balancers_deleted": Told("the load balancer to go", 16),  # (O) 8 public logs
    "target_group_unused": Told("the load balancer to let go of the target group", 16),
    "ecs_cluster_ready": Told("the cluster to take its capacity providers", 24),  # (O) terraform-provider-aws 22672
    "ecs_service_deployed": Told("the service's tasks to run and be healthy", 120),  # (O) a task starts in 45-90 s
    "ecs_services_inactive": Told("the service's tasks to drain and stop", 160),  # (O) terraform-provider-aws 3414
    "ecs_tasks_stopped": Told("the task to end", 60),  # (O) a task starts in 45-90 s
    "log_stream_written": Told("the task's last lines", 0),
    "security_group_exists": Told("the group to be seen everywhere", 3),  # (O) public logs
    "iam_role_exists": Told("the role to be seen everywhere", 12),  # (P) aws/aws-sdk-js 850
}

# What each module may wait for: rows where it makes or corrects something, rows where it deletes. The longest first.
MODULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "dynamodb_table": (("dynamodb_table_exists", "dynamodb_backups_ready"), ("dynamodb_table_not_exists",)),
    "ec2_security_group_set": (("security_group_exists",), ()),
    "ec2_vpc_endpoint": (("vpc_endpoint_available",), ("vpc_endpoint_deleted",)),
    "ecs_cluster": (("ecs_cluster_ready",), ("ecs_tasks_stopped",)),
    "ecs_service": (("ecs_service_deployed",), ("ecs_services_inactive",)),
    "ecs_task_run": (("ecs_tasks_stopped", "log_stream_written"), ()),
    "elbv2_load_balancer": (("load_balancer_active",), ("load_balancers_deleted",)),
    "elbv2_target_group": ((), ("target_group_unused",)),
    "iam_role_set": (("iam_role_exists",), ()),
    "lambda_function": (("lambda_function_active", "lambda_function_updated", "lambda_function_at_rest"), ()),
    "lambda_resource_policy": (("lambda_function_active",), ()),
}
COLLECTION = "private_rag.aws."


def told(action: str, arguments: Mapping[str, Any]) -> Told | None:
    """What the task of this module probably waits for, or None. C(arguments) are the task's own, not rendered."""
    module = action.removeprefix(COLLECTION)
    if module == action or module not in MODULES or arguments.get("wait") is False:
        return None
    present, absent = MODULES[module]
    rows = absent if arguments.get("state") == "absent" else present
    return WAITS[rows[0]] if rows else None
