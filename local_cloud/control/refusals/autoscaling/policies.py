"""What Application Auto Scaling refuses of a policy's metric and steps, and of an action's bounds and times."""

from __future__ import annotations

import itertools
import re
from typing import Any

from local_cloud.control.backends import backend
from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "application-autoscaling"
INVALID = "ValidationException"
PREFLIGHT = "cdk-preflight 1.9.1, "
REQUESTS = "ALBRequestCountPerTarget"
LABEL = re.compile(r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+")
BAD_TABLE, BAD_LOGS = "ValidationException", "InvalidParameterException"


@refuses(
    "autoscaling-tracked-metric",
    SERVICE,
    "PutScalingPolicy",
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "appautoscaling-tt-metric-spec-*, -resource-label-* and -alb-metric-requires-resource-label",
)
def tracked_metric(call: Call) -> Verdict:
    tracking = call.get("TargetTrackingScalingPolicyConfiguration")
    fault = _metric_fault(tracking) if tracking else None
    return {"fault": fault} if fault else None


def _metric_fault(tracking: dict[str, Any]) -> str | None:
    named, own = tracking.get("PredefinedMetricSpecification"), tracking.get("CustomizedMetricSpecification")
    both = "PredefinedMetricSpecification or CustomizedMetricSpecification"
    if named and own:
        return f"Only one of {both} can be set for target tracking scaling."
    if not named and not own:
        return f"{both} must be set for target tracking scaling."
    if not named:
        return None
    metric, label = named.get("PredefinedMetricType"), named.get("ResourceLabel")
    if metric == REQUESTS and not label:
        return f"Resource label should be specified for predefined metric type {REQUESTS}"
    if metric != REQUESTS and label:
        return f"Resource label should not be specified for predefined metric type {metric}"
    return f"Invalid resource label: {label}" if label and not LABEL.fullmatch(label) else None


@refuses(
    "autoscaling-steps",
    SERVICE,
    "PutScalingPolicy",
    code=INVALID,
    message="{fault}",
    source=PREFLIGHT + "appautoscaling-step-adjustment-* and -min-adjustment-magnitude-percent-only",
)
def steps(call: Call) -> Verdict:
    sent = call.get("StepScalingPolicyConfiguration")
    fault = (_kind_fault(sent) or _bounds_fault(sent.get("StepAdjustments") or [])) if sent else None
    return {"fault": fault} if fault else None


def _kind_fault(sent: dict[str, Any]) -> str | None:
    kind, made = sent.get("AdjustmentType"), sent.get("StepAdjustments") or []
    if not kind:
        return "Adjustment type must be specified"
    if not made:
        return "There must be at least one step adjustment"
    if kind != "PercentChangeInCapacity" and sent.get("MinAdjustmentMagnitude") is not None:
        return "Minimum adjustment magnitude is only allowed for adjustment type PercentChangeInCapacity"
    if kind == "ExactCapacity" and any(each.get("ScalingAdjustment", 0) < 0 for each in made):
        return "Scaling adjustment cannot be less than 0 when adjustment type is ExactCapacity"
    return None


def _bounds_fault(made: list[dict[str, Any]]) -> str | None:
    bounds = [(each.get("MetricIntervalLowerBound"), each.get("MetricIntervalUpperBound")) for each in made]
    lower, upper = [low for low, _high in bounds], [high for _low, high in bounds]
    if (None, None) in bounds:
        return "Both lower and upper bounds of a step adjustment cannot be left unspecified"
    if lower.count(None) > 1:
        return "At most one step adjustment may have an unspecified lower bound"
    if upper.count(None) > 1:
        return "At most one step adjustment may have an unspecified upper bound"
    if any(low is not None and high is not None and low >= high for low, high in bounds):
        return "Lower bound must be less than upper bound for a step adjustment"
    return _neighbours_fault(bounds) or _open_fault(lower, upper)


def _neighbours_fault(bounds: list[tuple[float | None, float | None]]) -> str | None:
    ordered = sorted(bounds, key=lambda each: float("-inf") if each[0] is None else each[0])
    for (_low, high), (following, _high) in itertools.pairwise(ordered):
        if high is None or following is None or following < high:
            return "Step adjustment intervals cannot overlap"
        if following > high:
            return "Step adjustment intervals cannot have gaps between them"
    return None


def _open_fault(lower: list[float | None], upper: list[float | None]) -> str | None:
    words = "There must be a step adjustment with an unspecified {0} bound when one step adjustment has a {1} {0} bound"
    if None not in lower and any(each is not None and each < 0 for each in lower):
        return words.format("lower", "negative")
    if None not in upper and any(each is not None and each > 0 for each in upper):
        return words.format("upper", "positive")
    return None


@refuses(
    "autoscaling-action-min-above-max",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="Maximum capacity cannot be less than minimum capacity",
    source=PREFLIGHT + "appautoscaling-scalable-target-action-min-max",
)
def action_min_above_max(call: Call) -> Verdict:
    sent = call.get("ScalableTargetAction") or {}
    least, most = sent.get("MinCapacity"), sent.get("MaxCapacity")
    return least is not None and most is not None and least > most


@refuses(
    "autoscaling-action-times",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="StartTime must be before EndTime",
    source=PREFLIGHT + "appautoscaling-scheduled-action-start-end-order",
)
def action_times(call: Call) -> Verdict:
    start, end = call.get("StartTime"), call.get("EndTime")
    return start is not None and end is not None and start >= end


@refuses(
    "autoscaling-second-policy-of-a-metric",
    "application-autoscaling",
    "PutScalingPolicy",
    code=BAD_TABLE,
    message="Only one TargetTrackingScaling policy for a given metric specification is allowed.",
    source="cdklabs/cdk-ecs-service-extensions issue 35",
)
def second_policy_of_a_metric(call: Call) -> Verdict:
    wanted = _metric(call.get("TargetTrackingScalingPolicyConfiguration"))
    place = (call.get("ServiceNamespace"), call.get("ResourceId"), call.get("ScalableDimension"))
    for other in backend("application-autoscaling", call.region).policies.values():
        same = (other.service_namespace, other.resource_id, other.scalable_dimension) == place
        another = same and other.policy_name != call.get("PolicyName")
        if another and wanted and _metric(other.target_tracking_scaling_policy_configuration) == wanted:
            return True
    return None


def _metric(tracking: dict[str, Any] | None) -> Any:
    sent = tracking or {}
    return sent.get("PredefinedMetricSpecification") or sent.get("CustomizedMetricSpecification")
