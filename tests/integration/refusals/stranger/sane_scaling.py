"""Calls on scaling that AWS takes, as companies make them, by one who had not read the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.integration.refusals.cases import Case, Params, case
from tests.integration.refusals.world import World


def scaled(w: World, name: str, kind: str, **configuration: Any) -> Params:
    key = "StepScaling" if kind == "StepScaling" else "TargetTrackingScaling"
    return {**w.scalable(), "PolicyName": name, "PolicyType": kind, f"{key}PolicyConfiguration": configuration}


def label(w: World) -> str:
    return w.balancer_arn.split("loadbalancer/")[1] + "/" + w.target_group.split(":")[-1]


def scheduled(w: World, name: str, schedule: str, **changes: Any) -> Params:
    return {
        **w.scalable(),
        "ScheduledActionName": name,
        "Schedule": schedule,
        "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 4},
        **changes,
    }


SANE: tuple[Case, ...] = (
    case(
        "application-autoscaling",
        "RegisterScalableTarget",
        "from none, suspended",
        lambda w: w.scalable(MinCapacity=0, MaxCapacity=0, SuspendedState={"DynamicScalingInSuspended": True}),
    ),
    case("application-autoscaling", "RegisterScalableTarget", "one bound only", lambda w: w.scalable(MaxCapacity=10)),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "requests per target",
        lambda w: scaled(
            w,
            "requests",
            "TargetTrackingScaling",
            TargetValue=0.5,
            DisableScaleIn=True,
            ScaleInCooldown=0,
            PredefinedMetricSpecification={
                "PredefinedMetricType": "ALBRequestCountPerTarget",
                "ResourceLabel": label(w),
            },
        ),
    ),
    case(
        "application-autoscaling",
        "PutScalingPolicy",
        "steps both ways",
        lambda w: scaled(
            w,
            "steps",
            "StepScaling",
            AdjustmentType="PercentChangeInCapacity",
            MinAdjustmentMagnitude=1,
            Cooldown=300,
            MetricAggregationType="Maximum",
            StepAdjustments=[
                {"MetricIntervalUpperBound": -10.0, "ScalingAdjustment": -10},
                {"MetricIntervalLowerBound": -10.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 0},
                {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 30},
            ],
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "Tokyo's mornings",
        lambda w: scheduled(
            w,
            "morning",
            "cron(30 8 ? * MON-FRI *)",
            Timezone="Asia/Tokyo",
            StartTime=datetime(2027, 1, 1, tzinfo=UTC),
            EndTime=datetime(2027, 12, 31, tzinfo=UTC),
        ),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "first of the month",
        lambda w: scheduled(w, "monthly", "cron(0/15 0 1 * ? 2027-2030)", ScalableTargetAction={"MinCapacity": 2}),
    ),
    case(
        "application-autoscaling",
        "PutScheduledAction",
        "once",
        lambda w: scheduled(w, "once", "at(2027-01-01T09:00:00)", Timezone="Asia/Tokyo"),
    ),
    case("application-autoscaling", "PutScheduledAction", "hourly", lambda w: scheduled(w, "hourly", "rate(1 hour)")),
)
