"""What Application Auto Scaling refuses of schedules, metrics and capacities."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from local_cloud.control.calls import Call
from local_cloud.control.rules import Verdict, refuses

SERVICE = "application-autoscaling"
INVALID = "ValidationException"
# PutScheduledAction API reference, Schedule: at(yyyy-mm-ddThh:mm:ss), rate(value unit), cron(six fields).
SCHEDULES = (
    re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?\)"),
    re.compile(r"rate\(\d+ (minute|minutes|hour|hours|day|days)\)"),
    re.compile(r"cron\((\S+ ){5}\S+\)"),
)
# PredefinedMetricSpecification API reference: the metrics of each namespace that this account can scale.
METRICS = {
    "ecs": {
        "ALBRequestCountPerTarget",
        "ECSServiceAverageCPUUtilization",
        "ECSServiceAverageMemoryUtilization",
        "ECSServiceAverageCPUUtilizationHighResolution",
        "ECSServiceAverageMemoryUtilizationHighResolution",
    },
    "dynamodb": {"DynamoDBReadCapacityUtilization", "DynamoDBWriteCapacityUtilization"},
    "lambda": {"LambdaProvisionedConcurrencyUtilization"},
}


@refuses(
    "autoscaling-schedule",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="Invalid schedule expression. Details: Parameter ScheduleExpression is not valid.",
    source="aws/aws-cdk issue 6053; buildkite/buildkite-agent-scaler pull request 100",
)
def schedule(call: Call) -> Verdict:
    sent = call.get("Schedule")
    return sent is not None and not any(each.fullmatch(sent) for each in SCHEDULES)


@refuses(
    "autoscaling-cron-days",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="Invalid CRON expression",
    source="cdk-preflight 1.9.1, appautoscaling-schedule-cron-day-fields",
)
def cron_days(call: Call) -> Verdict:
    sent = call.get("Schedule") or ""
    fields = sent.removeprefix("cron(").rstrip(")").split()
    return sent.startswith("cron(") and len(fields) == 6 and (fields[2] == "?") == (fields[4] == "?")


@refuses(
    "autoscaling-timezone",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="Invalid schedule timezone: {zone}",
    source="cdk-preflight 1.9.1, appautoscaling-scheduled-action-timezone-iana",
)
def timezone(call: Call) -> Verdict:
    zone = call.get("Timezone")
    return {"zone": zone} if zone and zone not in available_timezones() else None


@refuses(
    "autoscaling-empty-action",
    SERVICE,
    "PutScheduledAction",
    code=INVALID,
    message="At least one of minimum capacity and maximum capacity should be provided",
    source="cdk-preflight 1.9.1, appautoscaling-scalable-target-action-empty",
)
def empty_action(call: Call) -> Verdict:
    sent = call.get("ScalableTargetAction")
    return sent is not None and not {"MinCapacity", "MaxCapacity"} & set(sent)


@refuses(
    "autoscaling-capacity-below-zero",
    SERVICE,
    ["RegisterScalableTarget", "PutScheduledAction"],
    code=INVALID,
    message="{name} cannot be less than 0",
    source="RegisterScalableTarget API reference, MinCapacity and MaxCapacity; wording from memory",
)
def capacity_below_zero(call: Call) -> Verdict:
    sent = {**call.params, **(call.get("ScalableTargetAction") or {})}
    names = [name for name in ("MinCapacity", "MaxCapacity") if (sent.get(name) or 0) < 0]
    return {"name": names[0]} if names else None


@refuses(
    "autoscaling-metric-of-another-service",
    SERVICE,
    "PutScalingPolicy",
    code=INVALID,
    message="Scalable dimension {dimension} only supports the following predefined metric types: {metrics}",
    source="cdk-preflight 1.9.1, appautoscaling-predefined-metric-dimension",
)
def metric_of_another_service(call: Call) -> Verdict:
    namespace = call.params["ServiceNamespace"]
    tracking = call.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = (tracking.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if not metric or namespace not in METRICS or metric in METRICS[namespace]:
        return None
    return {"dimension": call.params["ScalableDimension"], "metrics": ", ".join(sorted(METRICS[namespace]))}


@refuses(
    "autoscaling-policy-without-configuration",
    SERVICE,
    "PutScalingPolicy",
    code=INVALID,
    message="You must only provide a single scaling policy configuration, which must match the scaling policy type "
    "specified.",
    source="cdk-preflight 1.9.1, appautoscaling-policy-type-config-mismatch",
)
def policy_without_configuration(call: Call) -> Verdict:
    kind = call.get("PolicyType")
    named = {"TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration"}
    named["StepScaling"] = "StepScalingPolicyConfiguration"
    sent = [name for name in named.values() if call.get(name)]
    return {"type": kind} if kind in named and sent and sent != [named[kind]] else None
