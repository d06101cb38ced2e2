"""Application Auto Scaling: tags, suspended state, and what goes with a target that is deregistered.

DeregisterScalableTarget API reference: 'Deregistering a scalable target deletes the scaling policies that
are associated with it'; its scheduled actions go too.
"""

from __future__ import annotations

from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import AwsError, Call, Proceed, Result, repairs

SERVICE = "application-autoscaling"
SUSPENDABLE = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")


def target(call: Call) -> Any:
    """The registered target that the call names, or None."""
    targets = backend(SERVICE, call.region).targets.get(call.params["ScalableDimension"], {})
    return targets.get(call.params["ResourceId"])


@repairs(SERVICE, "RegisterScalableTarget")
def register(call: Call, proceed: Proceed) -> Result:
    """Keep tags, merge the suspended state, name the service-linked role."""
    before = target(call)
    state = dict(before.suspended_state or {}) if before else {}
    result = proceed()
    registered = target(call)
    registered.suspended_state = _suspended({**state, **(call.get("SuspendedState") or {})})
    if registered.role_arn is None:
        role = "ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
        registered.role_arn = f"arn:aws:iam::{call.account}:role/aws-service-role/{role}"
    if before is None:
        call.state.kept[registered.arn] = {"tags": dict(call.get("Tags") or {})}
    return result


def _suspended(state: dict[str, bool]) -> dict[str, bool]:
    return {key: bool(state.get(key)) for key in SUSPENDABLE}


@repairs(SERVICE, "DeregisterScalableTarget")
def deregister(call: Call, proceed: Proceed) -> Result:
    """Policies and scheduled actions of the target go with it."""
    registered = target(call)
    result = proceed()
    everything = backend(SERVICE, call.region)
    wanted = (call.params["ResourceId"], call.params["ScalableDimension"])
    for key, policy in list(everything.policies.items()):
        if (policy.resource_id, policy.scalable_dimension) == wanted:
            policy.delete_alarms(call.account, call.region)
            del everything.policies[key]
    everything.scheduled_actions = [
        action for action in everything.scheduled_actions if (action.resource_id, action.scalable_dimension) != wanted
    ]
    if registered is not None:
        call.state.kept.pop(registered.arn, None)
    return result


@repairs(SERVICE, "DescribeScalableTargets")
def describe(call: Call, proceed: Proceed) -> Result:
    """moto finds the targets of all dimensions; ids filter by equality here."""
    result = proceed()
    wanted = call.get("ScalableDimension")
    result["ScalableTargets"] = [
        each for each in result["ScalableTargets"] if wanted in (None, each["ScalableDimension"])
    ]
    return result


@repairs(SERVICE, "DescribeScalingPolicies")
def describe_policies(call: Call, proceed: Proceed) -> Result:
    """Only the named policies, where names are given."""
    result = proceed()
    names, resource = call.get("PolicyNames"), call.get("ResourceId")
    result["ScalingPolicies"] = [
        each
        for each in result["ScalingPolicies"]
        if (not names or each["PolicyName"] in names) and resource in (None, each["ResourceId"])
    ]
    return result


@repairs(SERVICE, "PutScheduledAction")
def put_scheduled_action(call: Call, proceed: Proceed) -> Result:
    """The schedule is in UTC where no time zone is sent, also when an older one had one."""
    result = proceed()
    for action in backend(SERVICE, call.region).scheduled_actions:
        same = action.scheduled_action_name == call.params["ScheduledActionName"]
        if same and action.resource_id == call.params["ResourceId"]:
            action.timezone = call.get("Timezone")
    return result


def _tags(call: Call) -> dict[str, str]:
    kept = call.state.kept.get(call.params["ResourceARN"])
    if kept is None:
        message = f"Resource {call.params['ResourceARN']} not found."
        raise AwsError("ResourceNotFoundException", message)
    tags: dict[str, str] = kept["tags"]
    return tags


@repairs(SERVICE, "ListTagsForResource")
def list_tags(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    return {"Tags": _tags(call)}


@repairs(SERVICE, "TagResource")
def tag(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    _tags(call).update(call.params["Tags"])
    return {}


@repairs(SERVICE, "UntagResource")
def untag(call: Call, proceed: Proceed) -> Result:
    """Not in moto."""
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}
