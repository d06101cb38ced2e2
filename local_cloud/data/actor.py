"""Calls on behalf of a role, by what AWS runs for it: Fargate for the execution role, Lambda for the function's.

They are signed with a session of that role, so that the control plane judges them as AWS does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.data.account import Account, Document
from local_cloud.data.credentials import SessionCredentials
from local_cloud.data.way import way


@dataclass(frozen=True)
class Actor:
    """One session of a role. `endpoint_id` is that of the VPC endpoint which all its calls go through, if any."""

    account: Account
    credentials: SessionCredentials
    endpoint_id: str = ""
    vpc_id: str = ""

    async def call(self, service: str, operation: str, **parameters: object) -> Document:
        """As `Account.call`, with this role's permissions."""
        return await self.account.call_as(self.credentials, self.headers, service, operation, **parameters)

    @property
    def headers(self) -> dict[str, str]:
        return way(self.endpoint_id, self.vpc_id)


class DeniedError(Exception):
    """The role lacks a permission; code and message are AWS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


async def judge(account: Account, service: str, operation: str, needs: Sequence[dict[str, Any]], **who: str) -> None:
    """Ask the control plane whether a permission is there, for what no AWS call stands for here.

    `who`: access_key, or role_arn and session_name; endpoint_id and vpc_id. Raises DeniedError.
    """
    body = {"service": service, "operation": operation, "needs": list(needs), **who}
    answer = await account.request("/_local/permissions/judge", "POST", body)
    if not answer["allowed"]:
        raise DeniedError(answer["code"], answer["message"])
