"""A new role is not known to the services at once, nor is a policy that was just put on it.

The messages are those that terraform-provider-aws waits out: internal/service/lambda/function.go, ecs/service.go,
appautoscaling/target.go, apigateway/account.go. That of a resource policy is in its issue 29392; wording from memory.
"""

from __future__ import annotations

import json
from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.aws_time.settings import Settings
from local_cloud.control.calls import AwsError, Call, Proceed, Result


def _delayed(settings: Settings) -> bool:
    return settings.scale * settings.role_delay_seconds > 0


def _hold(call: Call, key: str) -> None:
    settings = call.state.clock.settings
    call.state.clock.hold(key, settings.scale * settings.role_delay_seconds)


@surrounds("iam", "CreateRole", "UpdateAssumeRolePolicy", when=_delayed)
def trust(call: Call, proceed: Proceed) -> Result:
    """Services may not assume it yet."""
    result = proceed()
    _hold(call, f"role:{call.params['RoleName']}:trust")
    return result


@surrounds("iam", "PutRolePolicy", "AttachRolePolicy", when=_delayed)
def permission(call: Call, proceed: Proceed) -> Result:
    """What it may do is not known yet."""
    result = proceed()
    _hold(call, f"role:{call.params['RoleName']}:policy")
    return result


def _busy(call: Call, arn: str, what: str) -> bool:
    return bool(call.state.clock.busy(f"role:{arn.rsplit('/', maxsplit=1)[-1]}:{what}"))


@surrounds("lambda", "CreateFunction", "UpdateFunctionConfiguration", when=_delayed)
def function(call: Call, proceed: Proceed) -> Result:
    """Lambda tries to assume the role when it is named."""
    role = call.get("Role") or ""
    placed = (call.get("VpcConfig") or {}).get("SubnetIds")
    if role and _busy(call, role, "trust"):
        message = "The role defined for the function cannot be assumed by Lambda."
        raise AwsError("InvalidParameterValueException", message, 400)
    if role and placed and _busy(call, role, "policy"):
        message = "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
        raise AwsError("InvalidParameterValueException", message, 400)
    return proceed()


@surrounds("ecs", "CreateCluster", when=_delayed)
def first_cluster(call: Call, proceed: Proceed) -> Result:
    """The first cluster of an account makes AWSServiceRoleForECS."""
    result = proceed()
    if call.state.clock.first("service-linked:ecs"):
        _hold(call, "service-linked:ecs")
    return result


@surrounds("ecs", "CreateService", when=_delayed)
def service(call: Call, proceed: Proceed) -> Result:
    """ECS acts by its service-linked role."""
    if call.state.clock.busy("service-linked:ecs"):
        message = "Unable to assume the service linked role. Please verify that the ECS service linked role exists."
        raise AwsError("InvalidParameterException", message)
    return proceed()


@surrounds("application-autoscaling", "RegisterScalableTarget", when=_delayed)
def scalable_target(call: Call, proceed: Proceed) -> Result:
    """The first target of an account makes AWSServiceRoleForApplicationAutoScaling_ECSService."""
    if call.state.clock.first("service-linked:autoscaling"):
        _hold(call, "service-linked:autoscaling")
    if call.state.clock.busy("service-linked:autoscaling"):
        role = "aws-service-role/ecs.application-autoscaling.amazonaws.com/"
        role += "AWSServiceRoleForApplicationAutoScaling_ECSService"
        raise AwsError("ValidationException", f"Unable to assume IAM role: arn:aws:iam::{call.account}:role/{role}")
    return proceed()


@surrounds("apigateway", "UpdateAccount", when=_delayed)
def account(call: Call, proceed: Proceed) -> Result:
    """API Gateway tries whether the role lets it write logs."""
    roles = [each.get("value") or "" for each in call.get("patchOperations") or []]
    if any(_busy(call, role, what) for role in roles for what in ("trust", "policy")):
        message = "The role ARN does not have required permissions configured. Please grant trust permission for API "
        raise AwsError("BadRequestException", f"{message}Gateway and add the required role policy.", 400)
    return proceed()


@surrounds("apigateway", "UpdateRestApi", when=_delayed)
def resource_policy(call: Call, proceed: Proceed) -> Result:
    """A principal that API Gateway does not find yet makes the policy invalid."""
    for patch in call.get("patchOperations") or []:
        if patch.get("path") == "/policy" and any(_busy(call, arn, "trust") for arn in _principals(patch)):
            message = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
            raise AwsError("BadRequestException", message, 400)
    return proceed()


def _principals(patch: dict[str, Any]) -> list[str]:
    try:
        document = json.loads(patch.get("value") or "{}")
    except json.JSONDecodeError:
        return []
    found = [each.get("Principal", {}) for each in document.get("Statement", [])]
    named = [each.get("AWS", []) for each in found if isinstance(each, dict)]
    return [arn for each in named for arn in ([each] if isinstance(each, str) else each)]
