"""Calls on Application Auto Scaling that AWS refuses, by one who had not read the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.integration.refusals.cases import Case, Params, refused
from tests.integration.refusals.sources import api, guide, preflight
from tests.integration.refusals.world import World


def stepped(w: World, *steps: dict[str, Any], **changes: Any) -> Params:
    made = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": list(steps), **changes}
    return {**w.scalable(), "PolicyName": "steps", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": made}


def metric(name: str, label: str | None = None) -> Params:
    named = {"PredefinedMetricType": name, **({} if label is None else {"ResourceLabel": label})}
    return {"PredefinedMetricSpecification": named}


def scheduled(w: World, schedule: str = "cron(0 9 ? * MON-FRI *)", **changes: Any) -> Params:
    action = {"MinCapacity": 1, "MaxCapacity": 4}
    return {
        **w.scalable(),
        "ScheduledActionName": "morning",
        "Schedule": schedule,
        "ScalableTargetAction": action,
        **changes,
    }


STEP = {"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}

STRANGE: tuple[Case, ...] = (
    refused(
        "application-autoscaling",
        "RegisterScalableTarget",
        "service that is not there",
        lambda w: w.scalable(ResourceId="service/chat/gone", MinCapacity=1, MaxCapacity=2),
        "ValidationException",
        api("autoscaling", "RegisterScalableTarget"),
    ),
    refused(
        "application-autoscaling",
        "RegisterScalableTarget",
        "resource of another form",
        lambda w: w.scalable(ResourceId="cluster/chat/chat", MinCapacity=1, MaxCapacity=2),
        "ValidationException",
        preflight("appautoscaling-resource-id-shape"),
    ),
    refused(
        "application-autoscaling",
        "RegisterScalableTarget",
        "dimension of another service",
        lambda w: w.scalable(ScalableDimension="dynamodb:table:ReadCapacityUnits", MinCapacity=1, MaxCapacity=2),
        "ValidationException",
        preflight("appautoscaling-namespace-dimension-match"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "no metric",
        lambda w: {**w.scaling(), "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70.0}},
        "ValidationException",
        preflight("appautoscaling-tt-metric-spec-missing"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "two metrics",
        lambda w: w.scaling(
            CustomizedMetricSpecification={"MetricName": "m", "Namespace": "chat", "Statistic": "Average"}
        ),
        "ValidationException",
        preflight("appautoscaling-tt-metric-spec-exclusive"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "requests of which target group",
        lambda w: w.scaling(**metric("ALBRequestCountPerTarget")),
        "ValidationException",
        preflight("appautoscaling-alb-metric-requires-resource-label"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "label that is none",
        lambda w: w.scaling(**metric("ALBRequestCountPerTarget", "chat")),
        "ValidationException",
        preflight("appautoscaling-resource-label-format"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "label of a CPU",
        lambda w: w.scaling(**metric("ECSServiceAverageCPUUtilization", "app/chat/1/targetgroup/chat/1")),
        "ValidationException",
        preflight("appautoscaling-resource-label-requires-alb-metric"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "metric of DynamoDB",
        lambda w: w.scaling(**metric("DynamoDBReadCapacityUtilization")),
        "ValidationException",
        preflight("appautoscaling-predefined-metric-dimension"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "steps with a target's configuration",
        lambda w: {**w.scaling(), "PolicyType": "StepScaling"},
        "ValidationException",
        preflight("appautoscaling-policy-type-config-mismatch"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "step without bounds",
        lambda w: stepped(w, {"ScalingAdjustment": 1}),
        "ValidationException",
        preflight("appautoscaling-step-adjustment-both-null"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "gap between steps",
        lambda w: stepped(
            w, {**STEP, "MetricIntervalUpperBound": 10.0}, {"MetricIntervalLowerBound": 20.0, "ScalingAdjustment": 2}
        ),
        "ValidationException",
        preflight("appautoscaling-step-adjustment-gap"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "steps overlap",
        lambda w: stepped(
            w, {**STEP, "MetricIntervalUpperBound": 10.0}, {"MetricIntervalLowerBound": 5.0, "ScalingAdjustment": 2}
        ),
        "ValidationException",
        preflight("appautoscaling-step-adjustment-overlap"),
    ),
    refused(
        "application-autoscaling",
        "PutScalingPolicy",
        "least change of a number",
        lambda w: stepped(w, STEP, MinAdjustmentMagnitude=2),
        "ValidationException",
        preflight("appautoscaling-min-adjustment-magnitude-percent-only"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "neither least nor most",
        lambda w: scheduled(w, ScalableTargetAction={}),
        "ValidationException",
        preflight("appautoscaling-scalable-target-action-empty"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "least above most",
        lambda w: scheduled(w, ScalableTargetAction={"MinCapacity": 5, "MaxCapacity": 2}),
        "ValidationException",
        preflight("appautoscaling-scalable-target-action-min-max"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "cron of five fields",
        lambda w: scheduled(w, "cron(0 9 * * 1-5)"),
        "ValidationException",
        guide("autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "day of month and of week",
        lambda w: scheduled(w, "cron(0 9 * * MON-FRI *)"),
        "ValidationException",
        preflight("appautoscaling-schedule-cron-day-fields"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "zone on the time",
        lambda w: scheduled(w, "at(2027-01-01T09:00:00Z)"),
        "ValidationException",
        preflight("appautoscaling-schedule-at-format"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "zone that does not exist",
        lambda w: scheduled(w, Timezone="Asia/Edo"),
        "ValidationException",
        preflight("appautoscaling-scheduled-action-timezone-iana"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "ends before it starts",
        lambda w: scheduled(w, StartTime=datetime(2027, 6, 1, tzinfo=UTC), EndTime=datetime(2027, 1, 1, tzinfo=UTC)),
        "ValidationException",
        preflight("appautoscaling-scheduled-action-start-end-order"),
    ),
    refused(
        "application-autoscaling",
        "PutScheduledAction",
        "target that is not registered",
        lambda w: {**scheduled(w), "ResourceId": "service/busy/none"},
        "ObjectNotFoundException",
        api("autoscaling", "PutScheduledAction"),
    ),
    refused(
        "application-autoscaling",
        "DeleteScheduledAction",
        "action that is not there",
        lambda w: {**w.scalable(), "ScheduledActionName": "gone"},
        "ObjectNotFoundException",
        api("autoscaling", "DeleteScheduledAction"),
    ),
    refused(
        "application-autoscaling",
        "DeleteScalingPolicy",
        "policy that is not there",
        lambda w: {**w.scalable(), "PolicyName": "gone"},
        "ObjectNotFoundException",
        api("autoscaling", "DeleteScalingPolicy"),
    ),
)
