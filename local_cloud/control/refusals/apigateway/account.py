"""What API Gateway refuses of an account's own settings."""

from __future__ import annotations

from typing import Any

from local_cloud.control.calls import Call
from local_cloud.control.refusals.apigateway.apis import BAD, SERVICE, patches
from local_cloud.control.refusals.policies import role_named, trusts
from local_cloud.control.rules import Verdict, refuses


@refuses(
    "apigateway-account-role",
    SERVICE,
    "UpdateAccount",
    code=BAD,
    message="The role ARN does not have required permissions configured. Please grant trust permission for API "
    "Gateway and add the required role policy.",
    source="hashicorp/terraform-provider-aws, internal/service/apigateway/account.go",
)
def account_role(call: Call) -> Verdict:
    for each in patches(call, "/cloudwatchRoleArn"):
        role = role_named(each.get("value") or "")
        if each.get("value") and not _usable(role):
            return True
    return None


def _usable(role: Any) -> bool:
    return role is not None and trusts(role, "apigateway.amazonaws.com")
