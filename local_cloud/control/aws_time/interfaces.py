"""The network interfaces of a function outlive it, and hold their groups and subnets.

Lambda guide, 'Giving Lambda functions access to resources in a VPC': Lambda deletes an interface that no function uses
any more, within 20 minutes. 18-24 were observed (awslabs/aws-support-tools 174).
"""

from __future__ import annotations

import secrets
from typing import Any

from local_cloud.control.aws_time.around import surrounds
from local_cloud.control.aws_time.settings import Settings
from local_cloud.control.calls import Call, Proceed, Result
from local_cloud.control.repairs import ec2_interfaces
from local_cloud.control.repairs.lambda_functions import short_name

Record = dict[str, Any]


def _lingers(settings: Settings) -> bool:
    return settings.scale * settings.interface_release_seconds > 0


@surrounds("lambda", "DeleteFunction", "UpdateFunctionConfiguration", when=_lingers)
def leave(call: Call, proceed: Proceed) -> Result:
    """Interfaces that the function no longer uses stay for a while, one for each subnet."""
    arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{short_name(call.params['FunctionName'])}"
    before = dict(call.state.kept.get(arn, {}).get("VpcConfig") or {})
    result = proceed()
    after = call.state.kept.get(arn, {}).get("VpcConfig") or {}
    if before.get("SubnetIds") and _place(before) != _place(after) and not call.get("Qualifier"):
        _linger(call, before)
    return result


def _place(config: Record) -> tuple[list[str], list[str]]:
    return sorted(config.get("SubnetIds") or []), sorted(config.get("SecurityGroupIds") or [])


def _linger(call: Call, config: Record) -> None:
    settings = call.state.clock.settings
    for subnet in config["SubnetIds"]:
        eni = f"eni-{secrets.token_hex(8)}0"
        body = {
            "SubnetId": subnet,
            "Groups": config.get("SecurityGroupIds") or [],
            "Description": f"AWS Lambda VPC ENI-{short_name(call.params['FunctionName'])}",
            "InterfaceType": "lambda",
        }
        ec2_interfaces.report(call.state, eni, body)
        seconds = settings.scale * settings.interface_release_seconds
        call.state.clock.after(seconds, lambda gone=eni: ec2_interfaces.forget(call.state, gone))
