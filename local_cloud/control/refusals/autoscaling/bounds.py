"""What Application Auto Scaling refuses of first registrations, labels, steps and cooldowns."""

from __future__ import annotations

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE, CODE = "application-autoscaling", "ValidationException"
LABELLED = "ALBRequestCountPerTarget"


@refuses(
    "autoscaling-first-without-bounds",
    SERVICE,
    "RegisterScalableTarget",
    code=CODE,
    message="MinCapacity and MaxCapacity must be specified when registering a new scalable target.",
    source="RegisterScalableTarget API reference, MinCapacity and MaxCapacity: 'required when you register a new "
    "scalable target'; wording not verified",
)
def first_without_bounds(call: Call) -> Verdict:
    known = backend(SERVICE, call.region).targets.get(call.get("ScalableDimension")) or {}
    return call.get("ResourceId") not in known and None in (call.get("MinCapacity"), call.get("MaxCapacity"))


@refuses(
    "autoscaling-label",
    SERVICE,
    "PutScalingPolicy",
    code=CODE,
    message="A resource label is needed for ALBRequestCountPerTarget, and for no other metric of ECS services.",
    source="PredefinedMetricSpecification API reference, ResourceLabel; wording not verified",
)
def label(call: Call) -> Verdict:
    tracked = call.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = tracked.get("PredefinedMetricSpecification")
    if not metric or call.get("ServiceNamespace") != "ecs":
        return None
    return bool(bool(metric.get("ResourceLabel")) != (metric.get("PredefinedMetricType") == LABELLED))


@refuses(
    "autoscaling-step-details",
    SERVICE,
    "PutScalingPolicy",
    code=CODE,
    message="{fault}",
    source="StepScalingPolicyConfiguration and StepAdjustment API references; wording not verified",
)
def step_details(call: Call) -> Verdict:
    steps = call.get("StepScalingPolicyConfiguration") or {}
    kind = steps.get("AdjustmentType")
    adjustments = steps.get("StepAdjustments") or []
    if kind == "ExactCapacity" and any(each.get("ScalingAdjustment", 0) < 0 for each in adjustments):
        return {"fault": "For exact capacity, the scaling adjustment must not be negative."}
    if steps.get("MinAdjustmentMagnitude") is not None and kind != "PercentChangeInCapacity":
        return {"fault": "MinAdjustmentMagnitude is only valid with the adjustment type PercentChangeInCapacity."}
    return None


@refuses(
    "autoscaling-cooldown",
    SERVICE,
    "PutScalingPolicy",
    code=CODE,
    message="A cooldown must not be negative.",
    source="TargetTrackingScalingPolicyConfiguration API reference, ScaleInCooldown: seconds; wording not verified",
)
def cooldown(call: Call) -> Verdict:
    tracked = call.get("TargetTrackingScalingPolicyConfiguration") or {}
    steps = call.get("StepScalingPolicyConfiguration") or {}
    sent = [tracked.get("ScaleInCooldown"), tracked.get("ScaleOutCooldown"), steps.get("Cooldown")]
    return any(each is not None and each < 0 for each in sent)
