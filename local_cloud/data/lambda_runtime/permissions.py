"""With whose rights Lambda acts: the function's code, and the service for it, are two sessions of one role.

Lambda guide, 'Giving Lambda functions access to resources in an Amazon VPC' (execution role permissions) and 'Using
source function ARN to control function access behavior': only the code's requests carry lambda:SourceFunctionArn.
"""

from __future__ import annotations

import logging
from typing import Any

from local_cloud.data.account import Account
from local_cloud.data.actor import Actor, DeniedError, judge
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.lambda_runtime.function import Function
from local_cloud.data.plane import DataPlane

LOG = logging.getLogger(__name__)
JOINING = ("ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces")
SERVICE_SESSION = "awslambda"


async def of_code(plane: DataPlane, function: Function) -> SessionCredentials:
    """The credentials in the function's environment."""
    context = {"lambda:SourceFunctionArn": function.arn}
    return await plane.credentials.for_role(function.role_arn, function.name, context)


async def of_service(plane: DataPlane, function: Function) -> Actor:
    """Lambda itself, which writes the logs; not through the function's VPC."""
    return Actor(plane.account, await plane.credentials.for_role(function.role_arn, SERVICE_SESSION))


async def may_join(account: Account, function: Function, subnet_id: str) -> None:
    """Lambda makes the interface with the role's rights. Raises actor.DeniedError."""
    region, owner = account.settings.region, account.settings.account_id
    parts = [f"subnet/{subnet_id}", "network-interface/new", *(f"security-group/{g}" for g in function.group_ids)]
    made = [{"action": "ec2:CreateNetworkInterface", "resource": f"arn:aws:ec2:{region}:{owner}:{p}"} for p in parts]
    looked = [{"action": action, "resource": "*"} for action in JOINING]
    await _judge(account, function, "CreateNetworkInterface", [*made, *looked])


async def note_leaving(account: Account, function: Function, interface_id: str) -> None:
    """The interface goes in any case: Lambda would leave one that it may not delete, and a test could never end."""
    arn = f"arn:aws:ec2:{account.settings.region}:{account.settings.account_id}:network-interface/{interface_id}"
    try:
        await _judge(
            account, function, "DeleteNetworkInterface", [{"action": "ec2:DeleteNetworkInterface", "resource": arn}]
        )
    except DeniedError as error:
        LOG.warning("AWS would leave %s behind: %s", interface_id, error)


async def _judge(account: Account, function: Function, operation: str, needs: list[dict[str, Any]]) -> None:
    await judge(account, "ec2", operation, needs, role_arn=function.role_arn, session_name=SERVICE_SESSION)
