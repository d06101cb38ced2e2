"""What Application Auto Scaling refuses."""

from __future__ import annotations

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.repairs.autoscaling import SERVICE, target
from local_cloud.control.rules import Verdict, refuses

MISSING = "ObjectNotFoundException"
WHERE = "service namespace: {namespace}, resource ID: {resource}, scalable dimension: {dimension}"
SOURCE = "Application Auto Scaling API reference, ObjectNotFoundException; wording from memory"


def _where(call: Call) -> dict[str, str]:
    return {
        "namespace": call.params["ServiceNamespace"],
        "resource": call.params["ResourceId"],
        "dimension": call.params["ScalableDimension"],
    }


@refuses(
    "autoscaling-min-above-max",
    SERVICE,
    "RegisterScalableTarget",
    code="ValidationException",
    message="Maximum capacity cannot be less than minimum capacity",
    source="cdk-preflight 1.9.1, appautoscaling-min-max-capacity",
)
def min_above_max(call: Call) -> Verdict:
    known = target(call)
    least = call.get("MinCapacity", known.min_capacity if known else None)
    most = call.get("MaxCapacity", known.max_capacity if known else None)
    return least is not None and most is not None and least > most


@refuses(
    "autoscaling-service-gone",
    SERVICE,
    "RegisterScalableTarget",
    code="ValidationException",
    message="ECS service doesn't exist: {resource}",
    source="hashicorp/terraform-provider-aws, internal/service/appautoscaling/target.go",
)
def service_gone(call: Call) -> Verdict:
    if call.params["ServiceNamespace"] != "ecs":
        return None
    resource = call.params["ResourceId"]
    wanted = tuple(resource.split("/")[1:])
    live = {
        (each["cluster"].split("/")[-1], each["name"]) for each in call.state.services.values() if not each["deleted"]
    }
    return None if wanted in live else {"resource": resource}


@refuses(
    "autoscaling-policy-without-target",
    SERVICE,
    ["PutScalingPolicy", "PutScheduledAction"],
    code=MISSING,
    message=f"No scalable target registered for {WHERE}",
    source="ansible/ansible issue 40237",
)
def policy_without_target(call: Call) -> Verdict:
    return _where(call) if target(call) is None else None


@refuses(
    "autoscaling-unknown-target",
    SERVICE,
    "DeregisterScalableTarget",
    code=MISSING,
    message=f"No scalable target found for {WHERE}",
    source=SOURCE,
)
def unknown_target(call: Call) -> Verdict:
    return _where(call) if target(call) is None else None


@refuses(
    "autoscaling-unknown-policy",
    SERVICE,
    "DeleteScalingPolicy",
    code=MISSING,
    message=f"No scaling policy found for {WHERE}, policy name: {{name}}",
    source=SOURCE,
)
def unknown_policy(call: Call) -> Verdict:
    name, resource = call.params["PolicyName"], call.params["ResourceId"]
    policies = backend(SERVICE, call.region).policies.values()
    known = any((each.policy_name, each.resource_id) == (name, resource) for each in policies)
    return None if known else {**_where(call), "name": name}


@refuses(
    "autoscaling-unknown-scheduled-action",
    SERVICE,
    "DeleteScheduledAction",
    code=MISSING,
    message=f"No scheduled action found for {WHERE}, scheduled action name: {{name}}",
    source=SOURCE,
)
def unknown_scheduled_action(call: Call) -> Verdict:
    name, resource = call.params["ScheduledActionName"], call.params["ResourceId"]
    actions = backend(SERVICE, call.region).scheduled_actions
    known = any((each.scheduled_action_name, each.resource_id) == (name, resource) for each in actions)
    return None if known else {**_where(call), "name": name}
